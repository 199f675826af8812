"""Each predicate of `procedures.definition.predicates` with the SQL that asks it of the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Case, CharField, Value, When

from procedures.definition.conditions import Leaf
from procedures.detection.conditions import happenings, papers, people
from procedures.detection.conditions.asking import Asked, Delivered, Params, Told
from procedures.detection.conditions.logic import UNKNOWN, IsTrue, Term, ValueOf, cost, truth
from procedures.detection.facts import Facts, ScannedRule
from procedures.enums import Answer


class _Compiled(NamedTuple):
    """How a predicate is asked, and what data its answer was read from."""

    ask: Callable[[Params, Asked], Term]
    tell: Callable[[Params, Asked], Told]


def _stated(_params: Params, _asked: Asked) -> Term:
    """What only the person can say no register knows."""
    return UNKNOWN


_COMPILED: Mapping[str, _Compiled] = MappingProxyType(
    {
        "unit": _Compiled(people.unit, people.unit_told),
        "age": _Compiled(people.age, people.age_told),
        "paper_class": _Compiled(papers.paper_class, papers.paper_class_told),
        "status": _Compiled(papers.status, papers.status_told),
        "other_credential": _Compiled(papers.other_credential, papers.other_credential_told),
        "matter": _Compiled(happenings.matter, happenings.matter_told),
        "household_status": _Compiled(people.household_status, people.household_told),
        "event": _Compiled(happenings.event, happenings.event_told),
        "event_fact": _Compiled(happenings.event_fact, happenings.event_fact_told),
        "authority": _Compiled(people.authority, people.nothing_told),
        "record": _Compiled(happenings.record, happenings.record_told),
        "stated": _Compiled(_stated, people.nothing_told),
    }
)


def valued(asked: Asked) -> ValueOf:
    """Return how a predicate of the rule becomes a condition on its facts."""

    def value_of(leaf: Leaf) -> Term:
        if leaf.predicate == "exemption":
            return happenings.exemption(leaf.params, asked, value_of)
        return _COMPILED[leaf.predicate].ask(leaf.params, asked)

    return value_of


def told_of(leaf: Leaf, asked: Asked) -> Told:
    """Return the data from which a predicate is answered."""
    if leaf.predicate == "exemption":
        return Told()
    return _COMPILED[leaf.predicate].tell(leaf.params, asked)


def narrowed(
    facts: Facts, rule: ScannedRule, day: date, delivered: Delivered | None = None
) -> Facts:
    """Return the facts that the rule suggests by its conditions, with their `answer`.

    Without conditions all, surely. With them those for which they hold, and where the rule
    suggests what is likely also those for which one fact more would make it certain. `delivered`
    is what rules that are asked together share.
    """
    tree = rule.definition.conditions
    value_of = valued(Asked(rule, day, delivered or Delivered([rule])))
    if tree is None or not rule.definition.suggests_likely:
        held = facts if tree is None else facts.filter(IsTrue(truth(tree, value_of)))
        sure: Facts = held.annotate(answer=Value(Answer.YES, CharField()))
        return sure
    likely: Facts = facts.alias(missing=cost(tree, value_of)).filter(missing__lte=1)
    answer = Case(
        When(missing=0, then=Value(Answer.YES)),
        default=Value(Answer.LIKELY),
        output_field=CharField(),
    )
    told: Facts = likely.annotate(answer=answer)
    return told
