"""The facts of a rule by their due date, whatever is known of the party."""

from __future__ import annotations

from django.db.models import OuterRef

from procedures.detection.facts.births import birthdays, year_groups
from procedures.detection.facts.events import events
from procedures.detection.facts.papers import papers, papers_in_campaign
from procedures.detection.facts.paths import Facts, ScannedRule
from procedures.detection.windows import DueWindow
from procedures.enums import TriggerKind


def facts_due(rule: ScannedRule, due: DueWindow) -> Facts:
    """Return the rule's facts with a due date in `due`, whatever is known of the party."""
    facts = _of_kind(rule, due)
    if due.after is not None:
        facts = facts.filter(anchor__gt=due.after)
    if due.up_to is not None:
        facts = facts.filter(anchor__lte=due.up_to)
    return facts


def _of_kind(rule: ScannedRule, due: DueWindow) -> Facts:
    match rule.definition.kind:
        case TriggerKind.AGE_MILESTONE:
            return birthdays(rule.definition, due)
        case TriggerKind.LIFE_EVENT:
            return events(rule.definition, due)
        case TriggerKind.CALENDAR if rule.is_of_births:
            return year_groups(rule.definition, due)
        case TriggerKind.CALENDAR:
            return papers_in_campaign(rule.definition, due)
        case _:
            return papers(rule.definition, due)


def same_cycle(rule: ScannedRule, due: DueWindow) -> Facts:
    """Return the fact of an outer suggestion's anchor and cycle, if it is due in `due`."""
    return facts_due(rule, due).filter(anchor=OuterRef("anchor"), cycle=OuterRef("cycle"))
