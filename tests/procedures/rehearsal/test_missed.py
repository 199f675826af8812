"""A rehearsal says of whom nobody is told, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from citizens.enums import LifeEventKind
from citizens.models import Citizen
from notifications.models import Preference
from procedures.enums import Missed
from procedures.services.rehearse import Rehearsal, rehearse
from tests.factories.citizens import AuthorityFactory, CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import CARD, LICENCE, catalogue_rule, event, make_rule

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 4)
LAST = FIRST + timedelta(days=75)
GROWN_UP = date(1980, 1, 1)
TURNS_14 = date(2013, 2, 20)


def rehearsed(rule: Any) -> Rehearsal:
    version = rule.versions.select_related("rule__bundle").get()
    now = datetime(2027, 1, 4, 3, tzinfo=UTC)
    return rehearse(version=version, first=FIRST, last=LAST, now=now)


def licensed(**person: Any) -> Citizen:
    holder: Citizen = CitizenFactory(**{"birth_date": GROWN_UP} | person)
    due = FIRST + timedelta(days=80)
    CredentialFactory(holder=holder, expires_on=due, issued_on=date(2017, 3, 1))
    return holder


def stop(person: Citizen) -> None:
    Preference.objects.create(party=person.party, is_allowed=False)


@pytest.mark.parametrize(
    ("person", "wishes", "why"),
    [
        ({}, True, {}),
        ({}, False, {Missed.STOPPED: 1}),
        ({"died_on": date(2026, 12, 1)}, True, {Missed.DECEASED: 1}),
        ({"emigrated_on": date(2026, 12, 1)}, True, {Missed.EMIGRATED: 1}),
    ],
    ids=["told", "stopped", "deceased", "emigrated"],
)
def test_a_grown_up_holder(person: dict[str, Any], wishes: bool, why: dict[Missed, int]) -> None:
    holder = licensed(**person)
    if not wishes:
        stop(holder)

    said = rehearsed(make_rule(LICENCE))

    assert dict(said.missed) == why
    assert said.matters == (0 if why else 1)


@pytest.mark.parametrize("guardian", ["none", "stands", "stopped", "ended"])
def test_a_child_hears_through_a_guardian(guardian: str) -> None:
    child = CitizenFactory(birth_date=TURNS_14)
    if guardian != "none":
        tie = AuthorityFactory(actor=CitizenFactory(birth_date=GROWN_UP), for_party=child.party)
        if guardian == "stopped":
            stop(child)
        if guardian == "ended":
            tie.revoked_at = datetime(2026, 1, 1, tzinfo=UTC)
            tie.save()

    said = rehearsed(make_rule(CARD))

    lonely = {"none": Missed.NO_GUARDIAN, "ended": Missed.NO_GUARDIAN, "stopped": Missed.STOPPED}
    assert dict(said.missed) == ({lonely[guardian]: 1} if guardian in lonely else {})
    assert said.untold == sum(said.missed.values())


def test_a_death_without_a_family() -> None:
    died_on = FIRST - timedelta(days=2)
    alone = CitizenFactory(birth_date=GROWN_UP, died_on=died_on)
    event(LifeEventKind.DEATH_NOTIFIED, died_on, subject=alone)

    said = rehearsed(catalogue_rule("death"))

    assert dict(said.missed) == {Missed.NOBODY: 1}
