"""Each predicate's three answers, from the registers' facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from citizens.enums import AuthorityBasis, BirthPrecision, CredentialStatus, LifeEventKind
from citizens.models import Citizen
from procedures.definition.predicates import PREDICATES
from procedures.enums import Answer, MatterOutcome
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    LifeEventFactory,
    RegisterRecordFactory,
    UnitFactory,
)
from tests.factories.procedures import OpenMatterFactory, ProcedureFactory
from tests.procedures.conditions.scene import DAY, asked, driver, rule_with, suggested

pytestmark = pytest.mark.django_db
Given = Callable[[Citizen], object]
YES, LIKELY, NO = Answer.YES, Answer.LIKELY, Answer.NO


def nothing(_person: Citizen) -> None:
    """Nothing else is known."""


def paper(kind: str, **values: Any) -> Given:
    values = {"issued_on": date(2024, 1, 1), "expires_on": date(2028, 1, 1)} | values
    return lambda person: CredentialFactory(holder=person, kind=kind, **values)


def elsewhere(kind: str) -> Given:
    """Others have papers of the kind: the register has delivered."""
    return lambda _person: CredentialFactory(kind=kind, issued_on=date(2024, 1, 1))


def matter(**values: Any) -> Given:
    procedure = {"procedure": ProcedureFactory.create}

    def make(person: Citizen) -> None:
        made = procedure["procedure"]()
        OpenMatterFactory(procedure=made, party=person.party, opened_on=DAY, **values)

    return make


def home(category: str = "", *, is_list_known: bool = False, **values: Any) -> Given:
    dates = {"issued_on": date(2026, 1, 1), "expires_on": date(2027, 12, 31)} | values

    def make(person: Citizen) -> None:
        household = HouseholdFactory(head=person)
        holder = HouseholdFactory() if is_list_known else household
        if category or is_list_known:
            CredentialFactory(
                holder=holder, kind="poor_household_status", category=category, **dates
            )

    return make


def happened(kind: LifeEventKind, on: date) -> Given:
    return lambda person: LifeEventFactory(kind=kind, occurred_on=on, subject=person.party)


def record(**body: Any) -> Given:
    return lambda person: RegisterRecordFactory(subject=person.party, kind="cme", body=body)


def acting(basis: AuthorityBasis) -> Given:
    return lambda person: AuthorityFactory(for_party=person.party, basis=basis)


CME = {"register": "HEALTH", "kind": "cme", "field": "hours"}


@pytest.mark.parametrize(
    ("conditions", "given", "answer"),
    [
        ({"age": {"min": 60}}, nothing, YES),
        ({"age": {"min": 61}}, nothing, NO),
        ({"age": {"min": 60, "at": "today"}}, nothing, NO),
        ({"age": {"max": 60}}, nothing, YES),
        ({"age": {"max": 59}}, nothing, NO),
        ({"age": {"max": 59, "at": "today"}}, nothing, YES),
        ({"paper_class": {"classes": ["B", "C1"]}}, nothing, YES),
        ({"paper_class": {"classes": ["C"]}}, nothing, NO),
        ({"paper_class": {"kind": "passport", "classes": ["P"]}}, nothing, LIKELY),
        ({"paper_class": {"kind": "passport", "classes": ["P"]}}, elsewhere("passport"), NO),
        (
            {"paper_class": {"kind": "passport", "classes": ["P"]}},
            paper("passport", category="P"),
            YES,
        ),
        (
            {"paper_class": {"kind": "passport", "classes": ["P"]}},
            paper("passport", category=""),
            LIKELY,
        ),
        (
            {"not": {"paper_class": {"kind": "passport", "classes": ["P"]}}},
            paper("passport", category=""),
            LIKELY,
        ),
        ({"status": {"kind": "passport", "statuses": ["lost"]}}, nothing, LIKELY),
        ({"status": {"kind": "passport", "statuses": ["lost"]}}, paper("passport"), NO),
        (
            {"status": {"kind": "passport", "statuses": ["lost"]}},
            paper("passport", status=CredentialStatus.LOST),
            YES,
        ),
        ({"other_credential": {"kind": "passport"}}, nothing, LIKELY),
        ({"other_credential": {"kind": "passport"}}, elsewhere("passport"), NO),
        ({"other_credential": {"kind": "passport"}}, paper("passport"), YES),
        (
            {"other_credential": {"kind": "passport", "days_left": 30}},
            paper("passport", expires_on=DAY + timedelta(days=29)),
            NO,
        ),
        (
            {"other_credential": {"kind": "passport", "days_left": 30}},
            paper("passport", expires_on=DAY + timedelta(days=30)),
            YES,
        ),
        ({"matter": {"procedure": "3.000347", "state": "open"}}, nothing, NO),
        (
            {"matter": {"procedure": "3.000347", "state": "refused"}},
            matter(closed_on=DAY, outcome=MatterOutcome.REFUSED),
            YES,
        ),
        (
            {"matter": {"procedure": "3.000347", "state": "granted"}},
            matter(closed_on=DAY, outcome=MatterOutcome.REFUSED),
            NO,
        ),
        ({"matter": {"procedure": "3.000347", "state": "any", "within_days": 1}}, matter(), YES),
        ({"household_status": {"in": ["poor"]}}, nothing, LIKELY),
        ({"household_status": {"in": ["poor"]}}, home(), LIKELY),
        ({"household_status": {"in": ["poor"]}}, home(is_list_known=True), NO),
        ({"household_status": {"in": ["none"]}}, home(is_list_known=True), YES),
        ({"household_status": {"in": ["poor", "near_poor"]}}, home("Hộ cận nghèo"), YES),
        ({"household_status": {"in": ["poor"]}}, home("Hộ cận nghèo"), NO),
        (
            {"household_status": {"in": ["poor"]}},
            home("Hộ nghèo", expires_on=DAY - timedelta(days=1)),
            NO,
        ),
        ({"event": {"kind": "moved"}}, nothing, LIKELY),
        ({"event": {"kind": "moved"}}, happened(LifeEventKind.MOVED, date(2020, 1, 1)), YES),
        (
            {"event": {"kind": "moved", "within_days": 90}},
            happened(LifeEventKind.MOVED, DAY - timedelta(days=91)),
            NO,
        ),
        (
            {"event": {"kind": "moved", "within_days": 90}},
            happened(LifeEventKind.MOVED, DAY - timedelta(days=90)),
            YES,
        ),
        ({"authority": {"basis": ["guardian"]}}, nothing, NO),
        ({"authority": {"basis": ["guardian"]}}, acting(AuthorityBasis.GUARDIAN), YES),
        ({"authority": {"basis": ["guardian"]}}, acting(AuthorityBasis.POWER_OF_ATTORNEY), NO),
        ({"record": CME | {"min": 120}}, nothing, LIKELY),
        ({"record": CME | {"min": 120}}, record(other=1), LIKELY),
        ({"record": CME | {"min": 120}}, record(hours="rất nhiều"), LIKELY),
        ({"record": CME | {"min": 120}}, record(hours=120), YES),
        ({"record": CME | {"min": 120, "max": 130}}, record(hours="131"), NO),
        ({"record": CME | {"equals": "120"}}, record(hours=120), YES),
        ({"record": CME | {"in": ["119", "120"]}}, record(hours="120"), YES),
        ({"record": CME | {"after": "2026-01-01"}}, record(hours="2026-01-02"), YES),
        ({"record": CME | {"before": "2026-01-02"}}, record(hours="2026-01-02"), NO),
        ({"event_fact": {"field": "kind", "equals": "Nhà"}}, nothing, LIKELY),
        ({"stated": {"field": "storeys", "max": 6}}, nothing, LIKELY),
        ({"exemption": {"procedure": "1.013225", "key": "none"}}, nothing, NO),
    ],
    ids=lambda value: None if callable(value) else str(value),
)
def test_answer(conditions: dict[str, Any], given: Given, answer: Answer) -> None:
    person = driver()
    given(person)
    version = rule_with(conditions, suggests_likely=True)

    assert asked(version, person).answer == answer
    assert suggested(version) == ([] if answer == NO else [(person.pk, answer)])


@pytest.mark.parametrize(
    ("precision", "least", "answer"),
    [
        (BirthPrecision.YEAR, 59, YES),  # on 1 March 2027 whoever was born in 1967 is 59 or 60
        (BirthPrecision.YEAR, 60, LIKELY),
        (BirthPrecision.YEAR, 61, NO),
        (BirthPrecision.MONTH, 60, LIKELY),
        (BirthPrecision.DAY, 60, YES),
    ],
)
def test_of_a_birth_year_alone_an_age_is_only_likely(
    precision: BirthPrecision, least: int, answer: Answer
) -> None:
    first = date(1967, 1, 1) if precision == BirthPrecision.YEAR else date(1967, 3, 1)
    person = driver(birth_date=first, birth_precision=precision)
    version = rule_with({"age": {"min": least}})

    assert asked(version, person).answer == answer


def test_a_unit_is_known_by_its_code() -> None:
    person = driver(unit=UnitFactory(code="20194"))
    driver(unit=UnitFactory(code="20195"))
    version = rule_with({"unit": {"codes": ["20194"]}})

    assert suggested(version) == [(person.pk, YES)]
    assert asked(version, person).lines[-1].shows == person.unit.name_vi


def test_every_predicate_is_asked_here_or_below() -> None:
    """A predicate that is added without SQL is found by its example."""
    person = driver()
    for key, predicate in PREDICATES.items():
        version = rule_with({key: dict(predicate.example)}, key)
        assert asked(version, person).answer in set(Answer)


EVENT = {"kind": "life_event", "events": ["moved"], "deadline_days": 60}
CAMPAIGN = {"kind": "calendar", "period": "02-01/03-31", "credential_kind": None}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "organisation"},
        {"subject": "household"},
        {"kind": "age_milestone", "ages": [60], "credential_kind": None},
        EVENT,
        EVENT | {"subject": "organisation"},
        EVENT | {"subject": "household"},
        CAMPAIGN | {"ages": [6]},
        CAMPAIGN | {"subject": "household", "credential_kind": "poor_household_status"},
    ],
    ids=str,
)
def test_every_predicate_may_be_asked_of_every_fact(changes: dict[str, Any]) -> None:
    examples = [{key: dict(one.example)} for key, one in PREDICATES.items()]

    version = rule_with({"any": examples}, suggests_likely=True, **changes)

    assert suggested(version) == []


def test_values_of_officials_are_never_sql() -> None:
    CitizenFactory()
    person = driver()
    wild = "x') OR true; DROP TABLE citizens_citizen; --%s {0} %(day)s"
    version = rule_with({"record": CME | {"equals": wild}}, suggests_likely=True)
    RegisterRecordFactory(subject=person.party, kind="cme", body={"hours": wild})

    assert suggested(version) == [(person.pk, YES)]
    assert Citizen.objects.count() >= 2
