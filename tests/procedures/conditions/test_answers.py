"""Why me, why not: what is told of one person agrees with what the scan does."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen
from notifications.models import Preference
from procedures.answers import answers_for
from procedures.enums import Answer
from procedures.models import Suggestion
from tests.factories.citizens import (
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    RegisterRecordFactory,
    UnitFactory,
)
from tests.factories.procedures import OpenMatterFactory
from tests.procedures.conditions.scene import DAY, asked, driver, rule_with
from tests.procedures.detection.scene import DUE, scan

pytestmark = pytest.mark.django_db


def test_each_condition_is_told_with_its_data() -> None:
    person = driver()
    RegisterRecordFactory(
        subject=person.party, kind="cme", body={"hours": 96}, as_of=date(2026, 12, 1)
    )
    cme = {"register": "HEALTH", "kind": "cme", "field": "hours", "min": 120}
    version = rule_with({"all": [{"age": {"min": 60}}, {"record": cme}]})

    fact = asked(version, person)

    *_general, age, hours = fact.lines
    assert (age.holds, age.shows, age.register) == (True, "1967-03-01", "NPD")
    assert (hours.holds, hours.shows, hours.as_of) == (False, "96", date(2026, 12, 1))
    assert fact.first_reason() == hours
    assert age.told.vi == "Đúng: Tuổi từ đủ 60"
    assert age.data.vi.startswith("ngày sinh 01/03/1967 (theo ")
    assert hours.data.en.endswith(", as of 01/12/2026)")
    assert hours.path == "all[1].record"
    assert not fact.is_suggested


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"emigrated_on": date(2026, 1, 1)}, "here"),
        ({"died_on": date(2026, 1, 1)}, "here"),
        ({}, None),
    ],
)
def test_what_every_rule_asks_is_told(given: dict[str, Any], reason: str | None) -> None:
    person = driver(**given)
    version = rule_with(None)

    first = asked(version, person).first_reason()

    assert (first and first.key) == reason


def test_an_open_dossier_and_a_wish_not_to_hear_are_reasons() -> None:
    version = rule_with(None)
    filed, silent = driver(), driver()
    OpenMatterFactory(procedure=version.rule.procedure, party=filed.party)
    Preference.objects.create(party=silent.party, is_allowed=False)

    reasons = [asked(version, one).first_reason() for one in (filed, silent)]

    assert [reason and reason.key for reason in reasons] == ["no_dossier", "reached"]
    assert [reason and reason.told.vi for reason in reasons] == [
        "Đã có hồ sơ đang giải quyết của thủ tục này",
        "Không ai nhận thông báo: đã từ chối nhận tin về việc này",
    ]


def test_below_a_not_a_condition_is_met_where_it_does_not_hold() -> None:
    person = driver()
    CredentialFactory(kind="passport")
    unmet = {"unit": {"codes": ["00000"]}}
    version = rule_with({"all": [{"not": {"other_credential": {"kind": "passport"}}}, unmet]})

    fact = asked(version, person)

    *_general, passport, unit = fact.lines
    assert (passport.holds, passport.is_met) == (False, True)
    assert passport.told.vi.startswith("Không đúng: Đang có giấy tờ còn hạn")
    assert fact.in_the_way == (unit,)


def test_of_several_ways_the_shortest_is_told() -> None:
    person = driver()
    wrong = {"age": {"min": 90}}
    version = rule_with({"any": [wrong, {"household_status": {"in": ["poor"]}}]})

    fact = asked(version, person)

    assert fact.answer == Answer.LIKELY
    assert [line.key for line in fact.in_the_way] == ["household_status"]
    assert "chưa có dữ liệu về hộ gia đình" in fact.in_the_way[0].told.vi


def test_what_is_not_due_yet_is_told_with_its_day() -> None:
    person = CitizenFactory()
    CredentialFactory(holder=person, expires_on=date(2030, 3, 1), issued_on=date(2020, 3, 1))
    version = rule_with(None)

    (fact,) = answers_for(version=version, party=person.party, day=DAY).facts

    assert fact.opens_on == date(2030, 3, 1) - timedelta(days=90)
    assert not fact.is_suggested


def test_without_a_fact_there_is_nothing_to_tell() -> None:
    version = rule_with(None)

    answers = answers_for(version=version, party=CitizenFactory().party, day=DAY)

    assert answers.facts == ()
    assert answers.is_in_force
    assert [(line.key, line.holds) for line in answers.nothing] == [("paper", None)]


LEAVES: tuple[dict[str, Any], ...] = (
    {"age": {"min": 60}},
    {"age": {"max": 61, "at": "today"}},
    {"unit": {"codes": ["20194"]}},
    {"household_status": {"in": ["poor"]}},
    {"household_status": {"in": ["none"]}},
    {"other_credential": {"kind": "passport", "days_left": 30}},
    {"status": {"kind": "passport", "statuses": ["valid"]}},
    {"paper_class": {"classes": ["B"]}},
    {"event": {"kind": "moved"}},
    {"record": {"register": "HEALTH", "kind": "cme", "field": "hours", "min": 120}},
)


def _tree(random: Random, depth: int) -> dict[str, Any]:
    kind = random.choice(["leaf", "all", "any", "not"]) if depth else "leaf"
    if kind == "leaf":
        return random.choice(LEAVES)
    if kind == "not":
        return {"not": _tree(random, depth - 1)}
    return {kind: [_tree(random, depth - 1) for _ in range(random.randint(2, 3))]}


def test_it_agrees_with_the_scan() -> None:
    random = Random(7)  # noqa: S311 - reproducible, no secret
    units = [UnitFactory(code=code) for code in ("20194", "20195")]
    people = [_somebody(random, units) for _ in range(20)]
    versions = [
        rule_with(_tree(random, 3), f"rule{at}", suggests_likely=bool(at % 2)) for at in range(8)
    ]

    scan(DAY)

    seen = set()
    for version in versions:
        rows = Suggestion.objects.filter(rule=version.rule)
        opened = dict(rows.values_list("subject", "answer"))
        told = {one.pk: asked(version, one) for one in people}
        assert {key: fact.answer for key, fact in told.items() if fact.is_suggested} == opened
        assert all(bool(f.in_the_way) == (f.answer != Answer.YES) for f in told.values())
        seen |= {fact.answer for fact in told.values()}
    assert seen == set(Answer)


def _somebody(random: Random, units: list[Any]) -> Citizen:
    birth = DUE - timedelta(days=365 * random.randint(55, 65) + random.randint(0, 30))
    person = driver(birth_date=birth, unit=random.choice(units))
    if random.random() < 0.7:
        home = HouseholdFactory(head=person)
        if random.random() < 0.5:
            CredentialFactory(
                holder=home,
                kind="poor_household_status",
                category=random.choice(["Hộ nghèo", "Hộ cận nghèo"]),
                issued_on=date(2026, 1, 1),
                expires_on=date(2027, 12, 31),
            )
    if random.random() < 0.5:
        CredentialFactory(
            holder=person,
            kind="passport",
            issued_on=date(2020, 1, 1),
            expires_on=DAY + timedelta(days=random.randint(-30, 300)),
        )
    return person


def test_a_person_costs_a_constant_number_of_queries() -> None:
    version = rule_with({"all": [{"age": {"min": 60}}, {"other_credential": {"kind": "passport"}}]})
    person = driver()
    with CaptureQueriesContext(
        connection,
    ) as few:
        answers_for(version=version, party=person.party, day=DAY)
    for year in range(3):
        CredentialFactory(
            holder=person, expires_on=DUE + timedelta(days=year), issued_on=date(2017, 3, 1)
        )
    with CaptureQueriesContext(connection) as many:
        assert len(answers_for(version=version, party=person.party, day=DAY).facts) == 4

    assert len(many) == len(few)
