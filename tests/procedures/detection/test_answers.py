"""Conditions that officials add: what they open, and what happens when their answer changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import Citizen, Credential, FactChange, RegisterRecord
from notifications.models import Message
from procedures.models import Suggestion
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    RegisterRecordFactory,
    UnitFactory,
)
from tests.factories.procedures import moment
from tests.procedures.detection.scene import (
    DUE,
    LICENCE,
    before,
    everything,
    make_rule,
    release,
    scan,
    scan_before,
    states,
    told,
)

pytestmark = pytest.mark.django_db
GROWN_UP = date(1986, 5, 5)
HOURS = {"record": {"register": "HEALTH", "kind": "cme", "field": "hours", "min": 120}}


def licence(holder: Citizen | None = None, **values: Any) -> Credential:
    values = {"expires_on": DUE, "issued_on": date(2017, 3, 1)} | values
    return CredentialFactory(holder=holder or CitizenFactory(birth_date=GROWN_UP), **values)


def rule_with(conditions: dict[str, Any], **changes: Any) -> None:
    make_rule(LICENCE | {"conditions": conditions} | changes)


def hours(paper: Credential, number: int) -> RegisterRecord:
    record: RegisterRecord = RegisterRecordFactory(
        subject=paper.holder, kind="cme", body={"hours": number}
    )
    return record


def answers() -> list[tuple[str, str]]:
    return list(Suggestion.objects.order_by("pk").values_list("answer", "state"))


@pytest.mark.parametrize(
    ("classes", "opens"), [(["B", "C1"], True), (["C"], False)], ids=["of the class", "another"]
)
def test_only_what_meets_the_conditions_is_suggested(classes: list[str], opens: bool) -> None:
    rule_with({"paper_class": {"classes": classes}})
    paper = licence(category="B")

    scan(before(90))

    assert answers() == ([("yes", "open")] if opens else [])
    assert told(paper.holder) == ([(90, 1)] if opens else [])


@pytest.mark.parametrize("suggests_likely", [True, False])
def test_what_is_likely_is_suggested_where_the_rule_says_so(suggests_likely: bool) -> None:
    rule_with(HOURS, suggests_likely=suggests_likely)
    hours(licence(), 100)
    unknown = licence()

    scan(before(90))

    assert answers() == ([("likely", "open")] if suggests_likely else [])
    assert told(unknown.holder) == ([(90, 1)] if suggests_likely else [])


def test_likely_becomes_certain_without_a_word() -> None:
    rule_with(HOURS, suggests_likely=True)
    paper = licence()
    scan(before(90))
    hours(paper, 130)

    scan(before(80))

    assert answers() == [("yes", "open")]
    assert told(paper.holder) == [(90, 1)]
    assert Suggestion.objects.get().next_remind_on == before(60)


def test_likely_becomes_certain_once_the_rule_asks_nothing() -> None:
    rule = make_rule(LICENCE | {"conditions": HOURS, "suggests_likely": True})
    licence()
    hours(licence(expires_on=date(2031, 1, 1)), 100)
    scan(before(90))
    assert answers() == [("likely", "open")]

    release(rule, LICENCE, first=before(80))
    scan(before(80))

    assert answers() == [("yes", "open")]
    assert Message.objects.count() == 1


def test_likely_that_turns_out_wrong_is_withdrawn_and_comes_back_when_it_holds() -> None:
    rule_with(HOURS, suggests_likely=True)
    paper = licence()
    scan(before(90))
    record = hours(paper, 100)

    scan(before(80))
    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == "conditions_no_longer_met"
    assert Message.objects.get().state == "withdrawn"

    RegisterRecord.objects.filter(pk=record.pk).update(body={"hours": 120})
    scan_before(79, 60)

    assert answers() == [("yes", "open")]
    assert told(paper.holder) == [(90, 1), (60, 1)]


def test_a_second_scan_writes_nothing() -> None:
    rule_with(HOURS, suggests_likely=True)
    licence()
    hours(licence(), 130)
    scan(before(90))
    stood = everything()

    again = scan(before(90))

    assert not again.total
    assert everything() == stood


def test_who_moved_is_withdrawn_as_moved_whatever_the_conditions_say() -> None:
    unit = UnitFactory()
    rule_with({"paper_class": {"classes": ["B"]}}, units=[unit.code])
    paper = licence(CitizenFactory(birth_date=GROWN_UP, unit=unit))
    scan(before(90))
    Citizen.objects.filter(pk=paper.holder_id).update(unit=UnitFactory())

    scan(before(80))

    assert Suggestion.objects.get().reason == "moved_away"


def test_conditions_of_a_minor_s_matter_are_the_minor_s() -> None:
    rule_with({"age": {"max": 15, "at": "today"}})
    child, mother = CitizenFactory(birth_date=date(2019, 5, 5)), CitizenFactory(birth_date=GROWN_UP)
    AuthorityFactory(actor=mother, for_party=child.party)
    licence(child)
    own = licence(mother)

    scan(before(90))

    assert told(mother) == [(90, 1)]
    assert Suggestion.objects.get().subject == child.party
    assert own.holder == mother.party


@pytest.mark.parametrize("member", [True, False], ids=["of the household", "of another"])
def test_news_of_a_household_s_status_wakes_its_members_rules(member: bool) -> None:
    rule_with({"household_status": {"in": ["poor"]}})
    paper = licence()
    home = HouseholdFactory()
    if member:
        HouseholdMemberFactory(household=home, citizen=paper.holder.citizen)
    scan(before(60))
    assert not Suggestion.objects.exists()
    status = CredentialFactory(
        holder=home, kind="poor_household_status", register__code="POV", category="Hộ nghèo",
        issued_on=before(200), expires_on=DUE,
    )  # fmt: skip
    FactChange.objects.create(kind="credential", object_id=status.pk, subject_id=home.pk)

    scan_changes(now=moment(before(59)))

    assert told(paper.holder) == ([(59, 1)] if member else [])


def test_news_of_a_record_wakes_the_rule_that_asks_for_it() -> None:
    rule_with(HOURS)
    paper = licence()
    record = hours(paper, 130)
    FactChange.objects.create(kind="record", object_id=record.pk, subject_id=paper.holder_id)

    scan_changes(now=moment(before(50)))

    assert told(paper.holder) == [(50, 1)]


def test_news_of_an_authority_ends_what_needs_one() -> None:
    rule_with({"authority": {"basis": ["guardian"]}})
    child, uncle = CitizenFactory(birth_date=date(2019, 5, 5)), CitizenFactory(birth_date=GROWN_UP)
    right = AuthorityFactory(actor=uncle, for_party=child.party, basis="guardian")
    paper = licence(child)
    scan(before(90))
    right.valid = DateRange(date(2020, 1, 1), before(80))
    right.save()
    FactChange.objects.create(kind="citizen", object_id=child.pk, subject_id=child.pk)

    scan_changes(now=moment(before(79)))

    assert Suggestion.objects.get().subject == paper.holder
    assert Suggestion.objects.get().reason == "conditions_no_longer_met"
