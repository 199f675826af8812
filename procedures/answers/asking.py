"""The scan's own conditions, asked for one party and told one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Value

from citizens.models import Party
from notifications.selectors import opted_out_parties
from procedures.answers.facts import Asking, fact_answers
from procedures.answers.lines import RuleAnswers
from procedures.answers.nothing import why_nothing
from procedures.answers.rules import rule_lines
from procedures.definition.conditions import Leaf, leaves
from procedures.detection.audience import with_recipients
from procedures.detection.conditions import Asked, cost, told_of, valued
from procedures.detection.facts import Facts, ScannedRule, facts_due
from procedures.detection.holding import of_this_city, open_matters
from procedures.detection.terms import InShare, lacks
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import TriggerKind
from procedures.models import RuleVersion, Suggestion
from procedures.selectors.catalogue import rules_in_force
from procedures.selectors.known_codes import known_codes

# How far ahead a coming fact is looked for where nothing is due yet.
_AHEAD = timedelta(days=3_660)
_MOST = 20


def answers_for(*, version: RuleVersion, party: Party, day: date) -> RuleAnswers:
    """Return how a rule's conditions answer for a party on the civil date `day`.

    Facts are those due in the rule's window; where there are none, those that come within ten
    years. The answers are the scan's own expressions, so they cannot differ from it. A number of
    queries that does not depend on what is known of the party.
    """
    rule = ScannedRule.of(version)
    due = due_window(rule.definition, day)
    facts = _about(rule, due, party)
    if not facts.exists() and rule.definition.kind != TriggerKind.LIFE_EVENT:
        due = DueWindow(due.first, day + _AHEAD)
        facts = _about(rule, due, party)
    in_force = rules_in_force(day=day, kinds=(rule.definition.kind,)).filter(pk=version.pk).exists()
    names = known_codes(day=day).names
    rows = _rows(facts, rule, day)
    stopped = opted_out_parties(str(rule.definition.topic)).filter(party=party)
    asking = Asking(
        rule, day, names, _told(facts, rule, day), _states(version, rows), stopped.exists()
    )
    return RuleAnswers(
        version.rule.key,
        in_force,
        tuple(fact_answers(row, asking) for row in rows),
        rule_lines(version, day, is_in_force=in_force),
        () if rows else why_nothing(rule, party, due, names),
    )


def _about(rule: ScannedRule, due: DueWindow, party: Party) -> Facts:
    return facts_due(rule, due).filter(**{rule.path.party_id: party.pk})


def _states(version: RuleVersion, rows: Iterable[Mapping[str, Any]]) -> dict[Any, str]:
    """Return the states of the rule's suggestions of these facts, whichever party they are of."""
    anchors = {row["anchor"] for row in rows}
    held = Suggestion.objects.filter(rule=version.rule_id, anchor__in=anchors)
    return {
        (anchor, cycle): state
        for anchor, cycle, state in held.values_list("anchor", "cycle", "state")
    }


def _told(facts: Facts, rule: ScannedRule, day: date) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return who would be told of each fact."""
    rows = with_recipients(facts, rule, rule.path, day)
    found: dict[tuple[int, int], set[int]] = {}
    for anchor, cycle, person in rows.values_list("anchor", "cycle", "recipient"):
        if person is not None:
            found.setdefault((anchor, cycle), set()).add(person)
    return {key: tuple(sorted(people)) for key, people in found.items()}


def _rows(facts: Facts, rule: ScannedRule, day: date) -> list[dict[str, Any]]:
    """Read the facts with the answer of every condition, by one statement."""
    asked = Asked(rule, day)
    columns: dict[str, Any] = {
        "c_here": _flag(of_this_city(rule.definition, rule.path.holder, day)),
        "c_no_dossier": lacks(open_matters(rule, rule.path.party_id)),
        "c_missing": _missing(rule, asked),
    }
    if rule.version.audience_percent < 100:
        columns["c_in_share"] = InShare(
            rule.path.party_id, rule.version.rule_id, rule.version.audience_percent
        )
    for number, leaf in enumerate(leaves(rule.definition.conditions)):
        columns |= _columns(number, leaf, asked)
    names = ("anchor", "cycle", "due_on", *columns)
    return list(facts.annotate(**columns).order_by("due_on").values(*names)[:_MOST])


def _missing(rule: ScannedRule, asked: Asked) -> Any:
    tree = rule.definition.conditions
    return Value(0, IntegerField()) if tree is None else cost(tree, valued(asked))


def _columns(number: int, leaf: Leaf, asked: Asked) -> dict[str, Any]:
    told = told_of(leaf, asked)
    columns = {
        f"c{number}": valued(asked)(leaf),
        f"c{number}_shows": told.shows,
        f"c{number}_register": told.register,
    }
    return columns if told.as_of is None else columns | {f"c{number}_as_of": told.as_of}


def _flag(condition: Any) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())
