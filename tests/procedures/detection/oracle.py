"""The scan of one rule in plain Python, matter by matter: the statements must equal it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeGuard

from procedures.definition import RuleDefinition
from procedures.rules import next_remind_on, stage_due

Key = tuple[int, int]  # anchor, cycle
CORRECTED_BY = timedelta(days=31)


@dataclass(frozen=True)
class Fact:
    """What the registers say: a due date, whether the party is here, and who is to be told."""

    due_on: date
    holds: bool
    people: frozenset[int]


@dataclass
class Matter:
    """What the ledger keeps of a fact."""

    due_on: date
    stage: int | None = None
    remind_on: date | None = None
    state: str = "open"


def scan(
    matters: dict[Key, Matter], facts: Mapping[Key, Fact], rule: RuleDefinition, day: date
) -> dict[int, tuple[int, int]]:
    """Bring `matters` up to date; return who hears, as (days to the most urgent, how many)."""
    first = day - timedelta(days=rule.grace_days)
    last = day + timedelta(days=rule.open_days_before)
    for key, matter in matters.items():
        _settle(matter, facts.get(key), first, last, rule)
    for key in facts.keys() - matters.keys():
        if _stands(facts[key], first, last) and facts[key].people:
            matters[key] = Matter(facts[key].due_on, remind_on=day)
    heard: dict[int, list[int]] = defaultdict(list)
    for key, matter in matters.items():
        for person in facts[key].people if _is_told(matter, rule, day) else ():
            heard[person].append((matter.due_on - day).days)
    return {person: (min(days), len(days)) for person, days in heard.items()}


def _stands(fact: Fact | None, first: date, last: date) -> TypeGuard[Fact]:
    return fact is not None and fact.holds and first <= fact.due_on <= last


def _date(matter: Matter, due_on: date, rule: RuleDefinition) -> None:
    matter.state, matter.due_on = "open", due_on
    matter.remind_on = next_remind_on(rule.lead_days, due_on, matter.stage)


def _settle(
    matter: Matter, fact: Fact | None, first: date, last: date, rule: RuleDefinition
) -> None:
    is_recent = matter.due_on >= first - CORRECTED_BY
    if matter.state != "open" and not (is_recent and _stands(fact, first, last)):
        return
    if matter.state != "open":
        _date(matter, matter.due_on, rule)
    if _stands(fact, first, last + CORRECTED_BY) and fact.due_on != matter.due_on:
        _date(matter, fact.due_on, rule)
    if matter.due_on < first:
        matter.state = "expired"
    elif not _stands(fact, first, last + CORRECTED_BY):
        matter.state = "withdrawn"


def _is_told(matter: Matter, rule: RuleDefinition, day: date) -> bool:
    """Move a matter whose day has come on to its next stage; return whether this one is new."""
    if matter.state != "open" or matter.remind_on is None or matter.remind_on > day:
        return False
    reached = stage_due(rule.lead_days, (matter.due_on - day).days)
    is_new = reached is not None and (matter.stage is None or reached < matter.stage)
    matter.stage = reached if is_new else matter.stage
    _date(matter, matter.due_on, rule)
    return is_new
