"""Whatever happens to people and rules, the set-based scan equals a loop in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citizens.enums import LifeEventKind
from citizens.models import Citizen, Credential, LifeEvent
from notifications.models import Message, Preference
from procedures.definition import RuleDefinition
from procedures.models import Rule, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    UnitFactory,
)
from tests.procedures.detection import oracle
from tests.procedures.detection.scene import catalogue_rule, event, release, scan
from tests.sizes import of_storms

START = date(2027, 1, 1)
LICENCE, BIRTH, SCHOOL = "driving_licence_renewal", "birth", "primary_school_admission"
LEADS = {
    LICENCE: [[90, 60, 30, 7, 1], [90, 45], [80, 45, 3], [14]],
    BIRTH: [[57, 46, 30, 15, 5], [60], [40, 5], [50, 30, 29]],
    SCHOOL: [[107, 84, 77], [90], [107, 30, 2], [77]],
}
HERE, THERE, ABROAD = "90901", "90902", ""
LOST = {"status": {"kind": "passport", "statuses": ["lost"]}}
REVOKED = {"status": {"kind": "passport", "statuses": ["revoked"]}}
WIDE: dict[str, Any] = {"units": [], "conditions": None, "suggests_likely": False}
# Whom an edited rule is about; one of births, which are about two people, is about all.
NARROWED: list[dict[str, Any]] = [
    {},
    {"units": [HERE]},
    {"conditions": {"unit": {"codes": [HERE]}}},
    {"conditions": {"any": [{"unit": {"codes": [THERE]}}, {"not": LOST}]}},
    {"conditions": LOST, "suggests_likely": True},
    {"conditions": {"all": [{"not": LOST}, {"not": REVOKED}]}, "suggests_likely": True},
    {
        "conditions": {"not": {"all": [LOST, {"unit": {"codes": [HERE]}}]}},
        "suggests_likely": True,
    },
]
TOPICS = {LICENCE: "credential_expiring", BIRTH: "birth_bundle", SCHOOL: "campaign_open"}
PEOPLE, PAPERS, BIRTHS = 6, 4, 2

index = st.integers(min_value=0, max_value=5)
happening = st.one_of(
    st.tuples(st.just("dies"), index, st.none()),
    st.tuples(st.just("lives"), index, st.none()),
    st.tuples(st.just("moves"), index, st.sampled_from([HERE, THERE, ABROAD])),
    st.tuples(st.just("dated"), index, st.integers(min_value=-120, max_value=250)),
    st.tuples(st.just("renewed"), index, st.integers(min_value=0, max_value=500)),
    st.tuples(st.just("revoked"), index, st.none()),
    st.tuples(st.just("passport"), index, st.sampled_from(["valid", "lost", "revoked"])),
    st.tuples(st.just("stops"), index, st.sampled_from([None, *TOPICS.values()])),
    st.tuples(st.just("listens"), index, st.sampled_from([None, *TOPICS.values()])),
    st.tuples(st.just("born"), index, st.integers(min_value=-60, max_value=120)),
    st.tuples(
        st.just("edited"),
        st.sampled_from([LICENCE, BIRTH, SCHOOL]),
        st.tuples(st.integers(0, 3), st.integers(0, len(NARROWED) - 1)),
    ),
)
days = st.lists(
    st.tuples(st.integers(min_value=1, max_value=40), st.lists(happening, max_size=5)),
    min_size=2,
    max_size=7,
)


class _Now:
    """The registers and wishes as they stand: where people live, what they hold, want to hear."""

    def __init__(self) -> None:
        living = Citizen.objects.alive().filter(emigrated_on=None).select_related("unit")
        self.units = {one.pk: one.unit.code for one in living}
        passports = Credential.objects.filter(kind="passport")
        self.passports = {paper.holder_id: paper.status for paper in passports}
        self.wishes = {(w.party_id, w.topic_id): w.is_allowed for w in Preference.objects.all()}

    def fact(
        self, key: str, due_on: date, about: Sequence[int], told: Iterable[int]
    ) -> oracle.Fact:
        """Return a fact about people; nobody is told whom it does not reach, or who stopped it.

        Whoever answers for a child may have stopped what concerns that child alone.
        """
        here = tuple(one for one in about if one in self.units)
        passport = self.passports.get(about[0], "") if self.passports else None
        people = {one for one in told if one in self.units and self._hears(one, TOPICS[key])}
        if key != BIRTH and not self._hears(about[0], TOPICS[key]):
            people = set()
        unit = self.units[here[0]] if here else ""
        return oracle.Fact(due_on, here, unit, passport, frozenset(people))

    def _hears(self, person: int, topic: str) -> bool:
        return self.wishes.get((person, topic), self.wishes.get((person, None), True))


class World:
    """Persons 0 and 1 with their child 2, and others; papers, births and a school; three rules."""

    def __init__(self) -> None:
        self.rules = {key: catalogue_rule(key, conditions=None) for key in LEADS}
        self.definitions = {
            key: RuleDefinition.from_json(rule.versions.get().definition)
            for key, rule in self.rules.items()
        }
        self.matters: dict[str, dict[oracle.Key, oracle.Matter]] = {key: {} for key in LEADS}
        self.heard: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.units = {code: UnitFactory(code=code) for code in (HERE, THERE)}
        born = [date(1990, 3, 3)] * PEOPLE
        born[2] = date(2021, 2, 28)
        self.people = [CitizenFactory(birth_date=day, unit=self.units[HERE]) for day in born]
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
        if what == "edited":
            self.edit(which, how, day)
            return
        self._happen_to_paper(what, self.papers[which % PAPERS], how)
        self._happen_to_person(what, self.people[which], how, day)
        if what == "born":
            birth = self.births[which % BIRTHS]
            dated = START + timedelta(days=how)
            LifeEvent.objects.filter(pk=birth.pk).update(occurred_on=dated)

    def _happen_to_person(self, what: str, person: Citizen, how: Any, day: date) -> None:
        row = Citizen.objects.filter(pk=person.pk)
        match what:
            case "dies" | "lives":
                row.update(died_on=day if what == "dies" else None)
            case "moves" if how == ABROAD:
                row.update(emigrated_on=day)
            case "moves":
                row.update(unit=self.units[how], emigrated_on=None)
            case "passport":
                held = Credential.objects.filter(holder=person.pk, kind="passport")
                if not held.update(status=how):
                    CredentialFactory(holder=person, kind="passport", status=how, expires_on=None)
            case "stops" | "listens":
                Preference.objects.update_or_create(
                    {"is_allowed": what == "listens"}, party=person.party, topic_id=how, channel=""
                )

    def _happen_to_paper(self, what: str, paper: Credential, how: Any) -> None:
        match what:
            case "dated":
                moved = START + timedelta(days=how)
                Credential.objects.filter(pk=paper.pk).update(expires_on=moved)
            case "renewed":
                term = Credential.objects.get(pk=paper.pk).term + 1
                dated = START + timedelta(days=how)
                Credential.objects.filter(pk=paper.pk).update(term=term, expires_on=dated)
            case "revoked":
                Credential.objects.filter(pk=paper.pk).update(status="revoked")

    def edit(self, key: str, how: tuple[int, int], day: date) -> None:
        """Release other stages and conditions from `day` on, once a day at most."""
        rule: Rule = self.rules[key]
        if rule.versions.filter(valid__startswith=day).exists():
            return
        narrowed = {} if key == BIRTH else WIDE | NARROWED[how[1]]
        changes = {"lead_days": LEADS[key][how[0]]} | narrowed
        document = self.definitions[key].to_json() | changes
        release(rule, document, first=day)
        self.definitions[key] = RuleDefinition.from_json(document)

    def facts(self) -> dict[str, dict[oracle.Key, oracle.Fact]]:
        """Return what the registers say today, told one by one."""
        now, child = _Now(), self.people[2].pk
        minded = {child: {self.people[0].pk, self.people[1].pk}}
        licences = {}
        for paper in Credential.objects.filter(kind="driving_licence", status="valid"):
            holder, due_on = paper.holder_id, paper.expires_on or date.max
            told = minded.get(holder, {holder})
            licences[paper.pk, paper.term] = now.fact(LICENCE, due_on, [holder], told)
        births = {}
        for birth in LifeEvent.objects.all():
            named = list(birth.parties.order_by("-role").values_list("party_id", flat=True))
            limit = birth.occurred_on + timedelta(days=60)
            births[birth.pk, 0] = now.fact(BIRTH, limit, named, named)
        school = {(child, 2027): now.fact(SCHOOL, date(2027, 7, 31), [child], minded[child])}
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
                (row.anchor, row.cycle): oracle.Matter(
                    row.due_on,
                    row.subject_id,
                    row.answer,
                    row.stage_sent,
                    row.next_remind_on,
                    row.state,
                )
                for row in rows
            }
            assert stored == matters, key
        for person in self.people:
            letters = Message.objects.filter(recipient=person.pk).order_by("pk")
            said = [(letter.params["days"], letter.params["count"]) for letter in letters]
            assert sorted(said) == sorted(self.heard[person.pk])
        # Only a matter that was snoozed may tell a stage anew, and nobody snoozed one.
        assert not Message.objects.filter(dedupe_key__contains="@").exists()


@pytest.mark.slow
class TestOracle(TestCase):
    @settings(max_examples=of_storms(12, 30))
    @given(days)
    # A corrected day does not change whom a birth is about while that parent is here.
    @example([(7, [("dies", 0, None)]), (31, [("lives", 0, None), ("born", 4, -10)])])
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
