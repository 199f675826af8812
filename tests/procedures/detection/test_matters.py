"""A dossier that is opened or decided is news: rules that offer or name it look again at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from citizens.models import Citizen, FactChange
from notifications.models import Message
from portal.common.clock import CIVIL_ZONE
from procedures.detection.changes import Changes
from procedures.detection.engine import Held
from procedures.detection.shares import serving_rules
from procedures.enums import MatterOutcome
from procedures.models import Procedure, Suggestion
from procedures.services import close_matter, open_matter
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    RelationFactory,
)
from tests.procedures.detection.scene import CARD, DUE, LICENCE, before, make_rule, scan, states

pytestmark = pytest.mark.django_db
OTHER = "2.002913"


def read(day: date) -> int:
    return scan_changes(now=datetime.combine(day, time(9), CIVIL_ZONE).astimezone(UTC))


def holder(birth_date: date = date(1986, 5, 5)) -> Citizen:
    person: Citizen = CitizenFactory(birth_date=birth_date)
    CredentialFactory(holder=person, expires_on=DUE, issued_on=date(2017, 3, 1))
    return person


def other_procedure() -> Procedure:
    made: Procedure = Procedure.objects.create(key="other", code=OTHER)
    return made


def reason() -> str:
    return Suggestion.objects.get().reason


def test_an_open_dossier_ends_the_offer_and_a_refused_one_brings_it_back() -> None:
    rule = make_rule()
    person = holder()
    scan(before(90))
    assert rule.procedure is not None
    same: dict[str, Any] = {"procedure": rule.procedure, "party": person.party, "anchor": 0}

    open_matter(**same, reference="H17.1-20261122-0000009", day=before(89))
    assert read(before(89)) == 1
    assert (reason(), Message.objects.get().state) == ("dossier_open", "withdrawn")

    close_matter(**same, outcome=MatterOutcome.REFUSED, day=before(88))
    assert read(before(88)) == 1
    assert (states(), Message.objects.get().state) == (["open"], "queued")


def test_a_condition_that_names_the_procedure_is_asked_again() -> None:
    named = {"matter": {"procedure": OTHER, "state": "granted"}}
    make_rule(LICENCE | {"conditions": {"not": named}})
    person = holder()
    same: dict[str, Any] = {"procedure": other_procedure(), "party": person.party, "anchor": 0}
    scan(before(90))

    open_matter(**same, reference="H17.1-20261122-0000009", day=before(89))
    read(before(89))
    assert states() == ["open"]
    close_matter(**same, outcome=MatterOutcome.GRANTED, day=before(88))
    read(before(88))

    assert reason() == "conditions_no_longer_met"


def test_a_parent_s_dossier_concerns_the_child() -> None:
    named = {"matter": {"procedure": OTHER, "state": "open", "whose": "parents"}}
    make_rule(LICENCE | {"conditions": {"not": named}})
    child, mother = holder(date(2015, 5, 5)), CitizenFactory(birth_date=date(1986, 5, 5))
    AuthorityFactory(actor=mother, for_party=child.party)
    RelationFactory(person=mother, relative=child, kind="mother")
    scan(before(90))
    assert states() == ["open"]

    open_matter(
        procedure=other_procedure(),
        party=mother.party,
        anchor=0,
        reference="H17.1-20261122-0000009",
        day=before(89),
    )
    read(before(89))

    assert reason() == "conditions_no_longer_met"


def test_rules_that_have_nothing_to_do_with_it_are_left_in_peace() -> None:
    make_rule(key="licence")
    make_rule(CARD, "card")
    named = {"matter": {"procedure": OTHER, "state": "any"}}
    make_rule(LICENCE | {"conditions": {"not": named}}, "named")
    person = holder()
    scan(before(90))
    open_matter(
        procedure=other_procedure(), party=person.party, anchor=0, reference="H17", day=before(89)
    )

    changes = Changes.of(FactChange.objects.values_list("kind", "object_id", "subject_id"))
    held = Held.about(changes.subjects, before(89))
    concerned = changes.concern(serving_rules(day=before(89)), held, before(89))

    assert [version.rule.key for version in concerned] == ["named"]
