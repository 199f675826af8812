"""Whatever happens to people and rules, the set-based scan equals a loop in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citizens.enums import LifeEventKind
from citizens.models import Citizen, Credential, LifeEvent
from notifications.models import Message
from procedures.definition import RuleDefinition
from procedures.models import Rule, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    UnitFactory,
)
from tests.factories.procedures import rule_definition
from tests.procedures.detection import oracle
from tests.procedures.detection.scene import catalogue_rule, event, release, scan

START = date(2027, 1, 1)
LICENCE, BIRTH, SCHOOL = "driving_licence_renewal", "birth", "primary_school_admission"
LEADS = {
    LICENCE: [[90, 60, 30, 7, 1], [90, 45], [80, 45, 3], [14]],
    BIRTH: [[57, 46, 30, 15, 5], [60], [40, 5], [50, 30, 29]],
    SCHOOL: [[107, 84, 77], [90], [107, 30, 2], [77]],
}
PEOPLE, PAPERS, BIRTHS = 6, 4, 2

index = st.integers(min_value=0, max_value=5)
happening = st.one_of(
    st.tuples(st.just("dies"), index, st.none()),
    st.tuples(st.just("lives"), index, st.none()),
    st.tuples(st.just("dated"), index, st.integers(min_value=-120, max_value=250)),
    st.tuples(st.just("renewed"), index, st.integers(min_value=0, max_value=500)),
    st.tuples(st.just("revoked"), index, st.none()),
    st.tuples(st.just("born"), index, st.integers(min_value=-60, max_value=120)),
    st.tuples(st.just("edited"), st.sampled_from([LICENCE, BIRTH, SCHOOL]), index),
)
days = st.lists(
    st.tuples(st.integers(min_value=1, max_value=40), st.lists(happening, max_size=4)),
    min_size=2,
    max_size=7,
)


class World:
    """Persons 0 and 1 with their child 2, and others; papers, births and a school; three rules."""

    def __init__(self) -> None:
        self.rules = {key: catalogue_rule(key, conditions=None) for key in LEADS}
        self.definitions: dict[str, RuleDefinition] = {key: rule_definition(key) for key in LEADS}
        self.matters: dict[str, dict[oracle.Key, oracle.Matter]] = {key: {} for key in LEADS}
        self.heard: dict[int, list[tuple[int, int]]] = defaultdict(list)
        unit = UnitFactory()
        born = [date(1990, 3, 3)] * PEOPLE
        born[2] = date(2021, 2, 28)
        self.people = [CitizenFactory(birth_date=day, unit=unit) for day in born]
        for parent in self.people[:2]:
            AuthorityFactory(actor=parent, for_party=self.people[2].party)
        self.papers = [
            CredentialFactory(
                holder=self.people[number % 3],
                expires_on=START + timedelta(days=70 * number),
                issued_on=date(2017, 1, 1),
            )
            for number in range(PAPERS)
        ]
        self.births = [
            event(
                LifeEventKind.BIRTH_NOTIFIED, START, mother=self.people[0], father=self.people[1]
            ),
            event(LifeEventKind.BIRTH_NOTIFIED, START, mother=self.people[3]),
        ]

    def happen(self, what: str, which: Any, how: Any, day: date) -> None:
        """Let something happen, in the database."""
        paper: Any = self.papers[which % PAPERS] if isinstance(which, int) else None
        match what:
            case "dies" | "lives":
                died_on = day if what == "dies" else None
                Citizen.objects.filter(pk=self.people[which].pk).update(died_on=died_on)
            case "dated":
                moved = START + timedelta(days=how)
                Credential.objects.filter(pk=paper.pk).update(expires_on=moved)
            case "renewed":
                term = Credential.objects.get(pk=paper.pk).term + 1
                dated = START + timedelta(days=how)
                Credential.objects.filter(pk=paper.pk).update(term=term, expires_on=dated)
            case "revoked":
                Credential.objects.filter(pk=paper.pk).update(status="revoked")
            case "born":
                birth = self.births[which % BIRTHS]
                dated = START + timedelta(days=how)
                LifeEvent.objects.filter(pk=birth.pk).update(occurred_on=dated)
            case "edited":
                self.edit(which, LEADS[which][how % 4], day)

    def edit(self, key: str, leads: list[int], day: date) -> None:
        """Release other stages from `day` on, once a day at most."""
        rule: Rule = self.rules[key]
        if rule.versions.filter(valid__startswith=day).exists():
            return
        document = self.definitions[key].to_json() | {"lead_days": leads}
        release(rule, document, first=day)
        self.definitions[key] = RuleDefinition.from_json(document)

    def facts(self) -> dict[str, dict[oracle.Key, oracle.Fact]]:
        """Return what the registers say today, told one by one."""
        alive = {c.pk for c in Citizen.objects.filter(died_on=None)}
        child, parents = self.people[2].pk, {self.people[0].pk, self.people[1].pk}

        def told(holder: int) -> frozenset[int]:
            return frozenset(parents & alive if holder == child else {holder} & alive)

        licences = {
            (paper.pk, paper.term): oracle.Fact(
                paper.expires_on or date.max, paper.holder_id in alive, told(paper.holder_id)
            )
            for paper in Credential.objects.filter(status="valid")
        }
        births = {}
        for birth in LifeEvent.objects.all():
            named = frozenset(birth.parties.values_list("party_id", flat=True)) & alive
            births[birth.pk, 0] = oracle.Fact(
                birth.occurred_on + timedelta(days=60), bool(named), named
            )
        school = {
            (child, 2027): oracle.Fact(
                date(2027, 7, 31), child in alive, frozenset(parents & alive)
            )
        }
        return {LICENCE: licences, BIRTH: births, SCHOOL: school}

    def scan(self, day: date) -> None:
        """Scan the day, in the database and in plain Python."""
        scan(day)
        for key, facts in self.facts().items():
            heard = oracle.scan(self.matters[key], facts, self.definitions[key], day)
            for person, letter in heard.items():
                self.heard[person].append(letter)

    def check(self) -> None:
        """Compare what both have written."""
        for key, matters in self.matters.items():
            rows = Suggestion.objects.filter(rule=self.rules[key])
            stored = {
                (row.anchor, row.cycle): (row.due_on, row.stage_sent, row.state, _next(row))
                for row in rows
            }
            assert stored == {
                at: (m.due_on, m.stage, m.state, m.remind_on if m.state == "open" else None)
                for at, m in matters.items()
            }, key
        for person in self.people:
            letters = Message.objects.filter(recipient=person.pk).order_by("pk")
            said = [(letter.params["days"], letter.params["count"]) for letter in letters]
            assert sorted(said) == sorted(self.heard[person.pk])
        # Only a matter that was snoozed may tell a stage anew, and nobody snoozed one.
        assert not Message.objects.filter(dedupe_key__contains="@").exists()


def _next(row: Suggestion) -> date | None:
    return row.next_remind_on if row.state == "open" else None


@pytest.mark.slow
class TestOracle(TestCase):
    @settings(max_examples=40)
    @given(days)
    def test_the_scan_equals_plain_python(
        self, history: list[tuple[int, list[tuple[str, Any, Any]]]]
    ) -> None:
        world, day = World(), START
        for gap, happenings in history:
            day += timedelta(days=gap)
            for what, which, how in happenings:
                world.happen(what, which, how, day)
            world.scan(day)
            scan(day)  # a second time nothing is written
            world.check()
