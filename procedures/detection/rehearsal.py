"""What a rule would do in a period, counted: the scan's own facts, conditions and audience.

A fact opens on the day on which its window reaches it, so the facts of a week's openings are those
due in a week. One statement a week instead of seven scans, and none of them writes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Value

from citizens.models import Citizen, Unit
from notifications.models import Topic
from notifications.selectors.reach import reachable
from procedures.definition.conditions import Leaf, leaves
from procedures.detection.audience import Rows, with_recipients
from procedures.detection.conditions import Asked, cost, valued
from procedures.detection.facts import Facts, ScannedRule, facts_due
from procedures.detection.facts.events import first_of_event
from procedures.detection.holding import holding, of_this_city, without_dossier
from procedures.detection.missed import gone, missed
from procedures.detection.terms import InShare, among
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import Answer, Missed, TriggerKind

_DAY = timedelta(days=1)
_Place = tuple[date, int | None]


@dataclass(frozen=True, slots=True)
class Slice:
    """Facts due in `due` open from `first` to `last`; the first slice catches up with all before.

    `asked_on` is the day on which conditions and audience are asked.
    """

    first: date
    last: date
    due: DueWindow

    @property
    def asked_on(self) -> date:
        """The first day of the slice."""
        return self.first


@dataclass(frozen=True, slots=True)
class Opened:
    """So many facts of a due date in a unit, by answer."""

    due_on: date
    unit_id: int | None
    answer: Answer
    facts: int


@dataclass(frozen=True, slots=True)
class Told:
    """The matters of a due date in a unit, and how many people each channel would reach."""

    due_on: date
    unit_id: int | None
    matters: frozenset[tuple[int, int]]
    people: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reason:
    """For so many facts a condition did not hold, for so many it is not known."""

    path: str
    wrong: int
    unknown: int


def slices(rule: ScannedRule, first: date, last: date) -> Iterator[Slice]:
    """Yield the period in parts: the first day with what waits for it, then weeks of openings.

    A part ends on a Sunday, so that a calendar week is made of whole parts.
    """
    whole = due_window(rule.definition, first)
    yield Slice(first, first, whole)
    ahead = timedelta(days=rule.definition.open_days_before)
    day = first + _DAY
    while day <= last:
        end = min(day + timedelta(days=6 - day.weekday()), last)
        yield Slice(day, end, DueWindow(day + ahead, end + ahead))
        day = end + _DAY


def opened(rule: ScannedRule, part: Slice) -> list[Opened]:
    """Return the facts of a slice that the rule would suggest, and those it is only likely to."""
    facts = _sharing(_here(rule, part), rule)
    rows = facts.values("due_on", "lives_in", "answered").annotate(n=Count("*")).order_by()
    return [
        Opened(row["due_on"], row["lives_in"], _ANSWERS.get(row["answered"], Answer.NO), row["n"])
        for row in rows
    ]


_ANSWERS = {0: Answer.YES, 1: Answer.LIKELY}


def told(rule: ScannedRule, part: Slice, topic: Topic, now: datetime) -> list[Told]:
    """Return the matters that the facts of a slice become and the people they are told to.

    A matter is (anchor, cycle); a fact that nobody can be told of becomes none.
    """
    facts = suggested(rule, part)
    rows = with_recipients(facts, rule, rule.path, part.asked_on)
    rows = rows.annotate(lives_in=F(f"{rule.path.holder}unit_id")).order_by()
    matters: dict[_Place, set[tuple[int, int]]] = defaultdict(set)
    people: dict[_Place, set[int]] = defaultdict(set)
    columns = rows.values_list("due_on", "lives_in", "anchor", "cycle", "recipient").distinct()
    for due_on, unit, anchor, cycle, person in columns.iterator(chunk_size=5_000):
        if person is not None:
            matters[due_on, unit].add((anchor, cycle))
            people[due_on, unit].add(person)
    ways = _ways({person for group in people.values() for person in group}, topic, now)
    return [
        Told(due_on, unit, frozenset(matters[due_on, unit]), Counter(map(ways.__getitem__, group)))
        for (due_on, unit), group in people.items()
    ]


def suggested(rule: ScannedRule, part: Slice) -> Facts:
    """Return the facts of a slice that the rule suggests, whether or not anybody can be told."""
    return _sharing(holding(rule, part.due, part.asked_on), rule)


def unheard(rule: ScannedRule, part: Slice, rows: list[Told]) -> Counter[Missed]:
    """Return why facts of a slice are told to nobody; `rows` are those that are."""
    keys = {matter for row in rows for matter in row.matters}
    return missed(suggested(rule, part), rule, keys, part.asked_on) + gone(rule, part.due)


def named(rule: ScannedRule, part: Slice, units: QuerySet[Unit]) -> Rows:
    """Return a row for each fact of a slice and person to be told, of parties in `units` only.

    Columns: anchor, cycle, party, due_on, recipient, answer to the conditions.
    """
    here = suggested(rule, part).filter(**{f"{rule.path.holder}unit__in": units.values("pk")})
    columns = ("anchor", "cycle", rule.path.party_id, "due_on", "recipient", "answer")
    told_to = with_recipients(here, rule, rule.path, part.asked_on).order_by()
    rows: Rows = told_to.values_list(*columns).distinct()
    return rows


def _ways(people: set[int], topic: Topic, now: datetime) -> dict[int, str]:
    """Return the channel of each person: asked once a person, not once a fact."""
    rows = Citizen.objects.order_by().filter(among("pk", sorted(people)))
    way = reachable(person="party_id", topic=topic, now=now)
    return dict(rows.annotate(way=way).values_list("pk", "way"))


def reasons(rule: ScannedRule, part: Slice) -> list[Reason]:
    """Return for how many facts of a slice each condition fails or is not known."""
    tree = rule.definition.conditions
    asked = list(leaves(tree))
    if not asked:
        return []
    value_of = valued(Asked(rule, part.asked_on))
    counts: dict[str, Any] = {}
    facts = _living(rule, part)
    for number, leaf in enumerate(asked):
        facts = facts.annotate(**{f"c{number}": value_of(leaf)})
        counts[f"wrong{number}"] = Count("pk", filter=Q(**{f"c{number}": False}))
        counts[f"unknown{number}"] = Count("pk", filter=Q(**{f"c{number}__isnull": True}))
    row = facts.order_by().aggregate(**counts)
    return [_reason(leaf, number, row) for number, leaf in enumerate(asked)]


def _reason(leaf: Leaf, number: int, row: dict[str, int]) -> Reason:
    return Reason(leaf.path, row[f"wrong{number}"], row[f"unknown{number}"])


def _here(rule: ScannedRule, part: Slice) -> Facts:
    """Return the facts of a slice with their unit and the cost of the conditions."""
    tree = rule.definition.conditions
    facts = _living(rule, part).annotate(lives_in=F(f"{rule.path.holder}unit_id"))
    asked = Asked(rule, part.asked_on)
    missing = Value(0, IntegerField()) if tree is None else cost(tree, valued(asked))
    counted: Facts = facts.annotate(answered=missing)
    return counted


def _living(rule: ScannedRule, part: Slice) -> Facts:
    here = of_this_city(rule.definition, rule.path.holder, part.asked_on)
    facts = facts_due(rule, part.due).filter(here)
    if rule.definition.kind == TriggerKind.LIFE_EVENT:
        facts = first_of_event(facts, rule.definition, here)
    return without_dossier(facts, rule)


def _sharing(facts: Facts, rule: ScannedRule) -> Facts:
    """Leave those with whom a version begins that is not for all yet."""
    if rule.version.audience_percent >= 100:
        return facts
    share = InShare(rule.path.party_id, rule.version.rule_id, rule.version.audience_percent)
    narrowed: Facts = facts.filter(share)
    return narrowed
