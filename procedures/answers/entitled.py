"""Whether a rule says for certain that a procedure is somebody's, also without a suggestion."""

from __future__ import annotations

from datetime import date

from citizens.models import Party
from procedures.answers.outcomes import rules_told
from procedures.definition import RuleDefinition
from procedures.detection.conditions import narrowed
from procedures.detection.facts import ScannedRule, facts_due
from procedures.detection.terms import among
from procedures.detection.windows import DueWindow
from procedures.enums import Answer, TriggerKind
from procedures.models import Procedure, RuleVersion

_EVER = date(1800, 1, 1)  # before the birthday of any age of anybody who lives


def has_come_of_age(*, procedure: Procedure, party: Party, day: date) -> bool:
    """Return whether the party reached the age of a rule of the procedure by `day`, for certain.

    However long ago, where the rule's conditions are met on `day`; what is only likely is no. The
    scan's own expressions answer, so that no decision follows another reading than the notice.
    """
    offering = [one for one in rules_told(day=day) if one.rule.procedure_id == procedure.pk]
    return any(_meets(version, party, day) for version in offering)


def _meets(version: RuleVersion, party: Party, day: date) -> bool:
    if RuleDefinition.from_json(version.definition).kind != TriggerKind.AGE_MILESTONE:
        return False
    rule = ScannedRule.of(version)
    facts = facts_due(rule, DueWindow(_EVER, day)).filter(among(rule.path.party_id, [party.pk]))
    found = narrowed(facts, rule, day)
    if rule.definition.conditions is not None:
        found = found.filter(answer=Answer.YES)
    return bool(found.exists())
