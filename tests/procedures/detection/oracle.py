"""The scan of one rule in plain Python, matter by matter: the statements must equal it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from procedures.definition import RuleDefinition
from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree
from procedures.rules import next_remind_on, stage_due

Key = tuple[int, int]  # anchor, cycle
CORRECTED_BY = timedelta(days=31)
NEVER = 1_000


@dataclass(frozen=True)
class Fact:
    """What the registers say: whom it is about (of several who live here, in order), and when.

    `unit` and `passport` are of the first: the passport's status, "" of whom has none, None where
    no passport was ever delivered. Who wants to hear nothing is not one of `people`.
    """

    due_on: date
    about: tuple[int, ...]
    unit: str
    passport: str | None
    people: frozenset[int]


@dataclass
class Matter:
    """What the ledger keeps of a fact."""

    due_on: date
    about: int
    answer: str
    stage: int | None = None
    remind_on: date | None = None
    state: str = "open"


def scan(
    matters: dict[Key, Matter], facts: Mapping[Key, Fact], rule: RuleDefinition, day: date
) -> dict[int, tuple[int, int]]:
    """Bring `matters` up to date; return who hears, as (days to the most urgent, how many)."""
    first = day - timedelta(days=rule.grace_days)
    last = day + timedelta(days=rule.open_days_before)
    standing = {key: one for key, one in facts.items() if one.due_on >= first}
    standing = {key: one for key, one in standing.items() if answer(one, rule) != "no"}
    for key, matter in matters.items():
        _settle(matter, standing.get(key), first, last, rule)
    for key in standing.keys() - matters.keys():
        fact = standing[key]
        if fact.due_on <= last and fact.people:
            said = answer(fact, rule)
            matters[key] = Matter(fact.due_on, fact.about[0], said, remind_on=day)
    heard: dict[int, list[int]] = defaultdict(list)
    for key, matter in matters.items():
        for person in facts[key].people if _is_told(matter, rule, day) else ():
            heard[person].append((matter.due_on - day).days)
    return {person: (min(days), len(days)) for person, days in heard.items()}


def answer(fact: Fact, rule: RuleDefinition) -> str:
    """Return yes, likely (one fact is missing, and the rule suggests that) or no."""
    if not fact.about or (rule.units and fact.unit not in rule.units):
        return "no"
    missing = 0 if rule.conditions is None else _missing(rule.conditions, fact)
    return {0: "yes", 1: "likely" if rule.suggests_likely else "no"}.get(missing, "no")


def _missing(tree: Tree, fact: Fact, *, wanted: bool = True) -> int:
    match tree:
        case Leaf("unit", params):
            return 0 if (fact.unit in params["codes"]) == wanted else NEVER
        case Leaf(_, params):
            is_so = (fact.passport in params["statuses"]) == wanted
            return 1 if fact.passport is None else 0 if is_so else NEVER
        case Not(part):
            return _missing(part, fact, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            all_are_needed = isinstance(tree, All) == wanted
            return (sum if all_are_needed else min)(_missing(p, fact, wanted=wanted) for p in parts)


def _date(matter: Matter, due_on: date, rule: RuleDefinition) -> None:
    matter.state, matter.due_on = "open", due_on
    matter.remind_on = next_remind_on(rule.lead_days, due_on, matter.stage)


def _settle(
    matter: Matter, fact: Fact | None, first: date, last: date, rule: RuleDefinition
) -> None:
    if matter.state != "open":
        if matter.due_on < first - CORRECTED_BY or fact is None or fact.due_on > last:
            return
        _date(matter, matter.due_on, rule)
    if fact is None or fact.due_on > last + CORRECTED_BY:
        matter.state = "expired" if matter.due_on < first else "withdrawn"
        matter.remind_on = None
        return
    about = matter.about if matter.about in fact.about else fact.about[0]
    now = (fact.due_on, about, answer(fact, rule))
    if now != (matter.due_on, matter.about, matter.answer):
        _date(matter, fact.due_on, rule)
        matter.about, matter.answer = now[1:]


def _is_told(matter: Matter, rule: RuleDefinition, day: date) -> bool:
    """Move a matter whose day has come on to its next stage; return whether this one is new."""
    if matter.state != "open" or matter.remind_on is None or matter.remind_on > day:
        return False
    reached = stage_due(rule.lead_days, (matter.due_on - day).days)
    is_new = reached is not None and (matter.stage is None or reached < matter.stage)
    matter.stage = reached if is_new else matter.stage
    _date(matter, matter.due_on, rule)
    return is_new
