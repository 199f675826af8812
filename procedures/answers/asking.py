"""The scan's own conditions, asked for one party and told one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from citizens.models import Party
from procedures.answers.facts import Asking, fact_answers
from procedures.answers.known import kinds_asked
from procedures.answers.lines import FactAnswers, RuleAnswers
from procedures.answers.nothing import Unmet, known_of, why_nothing
from procedures.answers.reading import (
    MOST,
    Row,
    read_facts,
    read_recipients,
)
from procedures.answers.rules import in_force_on, rule_lines
from procedures.answers.telling import Names
from procedures.detection.conditions import Delivered
from procedures.detection.facts import ScannedRule
from procedures.detection.windows import DueWindow, due_window
from procedures.models import RuleVersion
from procedures.selectors.known_codes import code_names


def answers_for(*, version: RuleVersion, party: Party, day: date) -> RuleAnswers:
    """Return how a rule's conditions answer for a party on the civil date `day`; `answers_of`."""
    return answers_of(versions=[version], party=party, day=day)[0]


def answers_of(*, versions: Sequence[RuleVersion], party: Party, day: date) -> list[RuleAnswers]:
    """Return how the conditions of rules answer for a party on the civil date `day`, in order.

    Facts are those due in a rule's window; where there are none, those that come within ten years.
    The answers are the scan's own expressions, so they cannot differ from it. The number of queries
    does not depend on what is known of the party, and but for a few not on the number of rules.
    """
    rules = [ScannedRule.of(version) for version in versions]
    scanned = [rule for rule in rules if rule.definition.is_scanned]
    windows = {rule.version.pk: due_window(rule.definition, day) for rule in scanned}
    delivered = Delivered(scanned, also=kinds_asked(rule.definition for rule in rules))
    rows = _nearest(read_facts(scanned, party, day, delivered), windows)
    names = code_names(day=day)
    found = _facts(scanned, rows, party, day, names)
    unmet = [
        Unmet(rule, windows.get(rule.version.pk)) for rule in rules if not rows.get(rule.version.pk)
    ]
    known = known_of(party, unmet, delivered)
    state = in_force_on(versions, day)
    return [
        RuleAnswers(
            rule.version.rule.key,
            rule.version.pk in state.scanned,
            found.get(rule.version.pk, ()),
            rule_lines(rule.version, state),
            next((why_nothing(one, known, names) for one in unmet if one.rule is rule), ()),
            rule.version,
            rule.definition,
        )
        for rule in rules
    ]


def _nearest(
    rows: Mapping[int, list[Row]], windows: Mapping[int, DueWindow]
) -> dict[int, list[Row]]:
    """Return of each rule what is due now, and only where nothing is what comes."""
    nearest = {}
    for version, found in rows.items():
        due = [row for row in found if row.due_on <= windows[version].last]
        nearest[version] = (due or found)[:MOST]
    return nearest


def _facts(
    rules: Collection[ScannedRule],
    rows: Mapping[int, list[Row]],
    party: Party,
    day: date,
    names: Names,
) -> dict[int, tuple[FactAnswers, ...]]:
    asked = [rule for rule in rules if rows.get(rule.version.pk)]
    told = read_recipients(asked, party, day)
    found = {}
    for rule in asked:
        mine = rule.version.pk
        asking = Asking(
            rule,
            day,
            names,
            told.get(mine, {}),
            {row.key: row.state for row in rows[mine] if row.state is not None},
            any(row.has_stopped for row in rows[mine]),
        )
        found[mine] = tuple(fact_answers(row, asking) for row in rows[mine])
    return found
