"""The scan's own conditions, asked for one party and told one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Value

from citizens.models import Party
from procedures.answers.lines import FactAnswers, Line, RuleAnswers
from procedures.definition.conditions import Leaf, leaves
from procedures.definition.sentences import leaf_in_words
from procedures.detection.audience import with_recipients
from procedures.detection.conditions import Asked, cost, told_of, valued
from procedures.detection.facts import Facts, ScannedRule, facts_due
from procedures.detection.holding import of_this_city, open_matters
from procedures.detection.terms import InShare, lacks
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import Answer, TriggerKind
from procedures.models import RuleVersion, Suggestion
from procedures.selectors.catalogue import rules_in_force

# How far ahead a coming fact is looked for where nothing is due yet.
_AHEAD = timedelta(days=3_660)
_DATED = (TriggerKind.CREDENTIAL_EXPIRY, TriggerKind.AGE_MILESTONE)
_MOST = 20
_GENERAL: Mapping[str, tuple[str, str]] = {
    "here": (
        "Đang sinh sống (có trụ sở) tại địa bàn, thuộc phạm vi áp dụng",
        "Lives (has its seat) here, where the rule applies",
    ),
    "no_dossier": (
        "Chưa có hồ sơ đang giải quyết của thủ tục này",
        "No dossier of this procedure is open",
    ),
    "in_share": (
        "Thuộc nhóm được áp dụng trước trong đợt thử",
        "Belongs to those with whom the new version begins",
    ),
    "reached": (
        "Có người nhận thông báo (còn sống, đủ tuổi, không từ chối nhận)",
        "Somebody can be told (living, of age, not opted out)",
    ),
}


def answers_for(*, version: RuleVersion, party: Party, day: date) -> RuleAnswers:
    """Return how a rule's conditions answer for a party on the civil date `day`.

    Facts are those due in the rule's window; where there are none, those that come within ten
    years. The answers are the scan's own expressions, so they cannot differ from it. A constant
    number of queries.
    """
    rule = ScannedRule.of(version)
    due = due_window(rule.definition, day)
    facts = _about(rule, due, party)
    if not facts.exists() and rule.definition.kind in _DATED:
        due = DueWindow(due.first, day + _AHEAD)
        facts = _about(rule, due, party)
    told = _told(facts, rule, day)
    states = _states(version, party)
    rows = [_fact(row, rule, day, told, states) for row in _rows(facts, rule, day)]
    in_force = rules_in_force(day=day, kinds=(rule.definition.kind,)).filter(pk=version.pk)
    return RuleAnswers(version.rule.key, in_force.exists(), tuple(rows))


def _about(rule: ScannedRule, due: DueWindow, party: Party) -> Facts:
    return facts_due(rule, due).filter(**{rule.path.party_id: party.pk})


def _states(version: RuleVersion, party: Party) -> dict[tuple[int, int], str]:
    rows = Suggestion.objects.filter(rule=version.rule_id, subject=party)
    return {
        (anchor, cycle): state
        for anchor, cycle, state in rows.values_list("anchor", "cycle", "state")
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


def _fact(
    row: Mapping[str, Any],
    rule: ScannedRule,
    day: date,
    told: Mapping[tuple[int, int], tuple[int, ...]],
    states: Mapping[tuple[int, int], str],
) -> FactAnswers:
    key = (row["anchor"], row["cycle"])
    opens_on = row["due_on"] - timedelta(days=rule.definition.open_days_before)
    recipients = told.get(key, ())
    lines = (*_general(row, recipients), *_own(row, rule))
    answer = {0: Answer.YES, 1: Answer.LIKELY}.get(row["c_missing"], Answer.NO)
    fits = answer == Answer.YES or (answer == Answer.LIKELY and rule.definition.suggests_likely)
    holds = all(line.holds for line in lines if not line.path)
    is_due = opens_on <= day
    return FactAnswers(
        *key,
        row["due_on"],
        opens_on,
        answer,
        fits and holds and is_due,
        lines,
        recipients,
        states.get(key),
    )


def _general(row: Mapping[str, Any], recipients: Sequence[int]) -> list[Line]:
    held: dict[str, bool | None] = {
        key: row[f"c_{key}"] for key in ("here", "no_dossier", "in_share") if f"c_{key}" in row
    }
    held["reached"] = bool(recipients)
    return [Line(key, "", *_GENERAL[key], value) for key, value in held.items()]


def _own(row: Mapping[str, Any], rule: ScannedRule) -> list[Line]:
    lines = []
    for number, leaf in enumerate(leaves(rule.definition.conditions)):
        words = leaf_in_words(leaf)
        lines.append(
            Line(
                leaf.predicate,
                leaf.path,
                words.vi,
                words.en,
                row[f"c{number}"],
                row[f"c{number}_shows"] or "",
                row[f"c{number}_register"] or "",
                row.get(f"c{number}_as_of"),
            )
        )
    return lines
