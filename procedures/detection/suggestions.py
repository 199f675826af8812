"""Suggestions that wait, and the querysets by which they are opened, reminded of and mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce, Least

from procedures.detection.audience import with_recipients
from procedures.detection.facts import ScannedRule, behind_suggestion, holding, same_cycle
from procedures.detection.terms import DayOfNextStage, ReachedStage, among, has, lacks
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import RecipientState, SuggestionState
from procedures.models import Recipient, Suggestion
from procedures.models.suggestions import CLOSED, SuggestionQuerySet

Subjects = Sequence[int] | None

# A register that corrects a date does so by less than this; a paper that moved further was renewed.
CORRECTED_BY_DAYS = 31


def kept_window(rule: ScannedRule, day: date) -> DueWindow:
    """Return the due dates with which a suggestion that is open already stays open."""
    due = due_window(rule.definition, day)
    return DueWindow(due.first, due.last + timedelta(days=CORRECTED_BY_DAYS))


def waiting_of(rule: ScannedRule, subjects: Subjects) -> SuggestionQuerySet:
    """Return the rule's suggestions without an answer, about `subjects` only where given."""
    return _of_subjects(Suggestion.objects.filter(rule=rule.version.rule_id).waiting(), subjects)


def closed_of(rule: ScannedRule, subjects: Subjects) -> SuggestionQuerySet:
    """Return the rule's suggestions that were withdrawn or have expired."""
    closed = Suggestion.objects.filter(rule=rule.version.rule_id, state__in=CLOSED)
    return _of_subjects(closed, subjects)


def new_suggestions(
    rule: ScannedRule, due: DueWindow, day: date, subjects: Subjects
) -> QuerySet[Any, Any]:
    """Return facts that lack their suggestion, a row for each person to be told.

    Columns: anchor, cycle, subject, due_on, stage to tell at once, day of the next one, recipient.
    """
    leads, party_id = rule.definition.lead_days, rule.path.party_id
    facts = holding(rule, due, day)
    if subjects is not None:
        facts = facts.filter(among(party_id, subjects))
    known = Suggestion.objects.filter(
        rule=rule.version.rule_id, anchor=OuterRef("anchor"), cycle=OuterRef("cycle")
    )
    rows: QuerySet[Any, Any] = (
        with_recipients(facts.filter(lacks(known)), rule, rule.path, day)
        .annotate(stage=ReachedStage("due_on", leads, day))
        .annotate(then_on=DayOfNextStage("due_on", leads, "stage"))
        .values_list("anchor", "cycle", party_id, "due_on", "stage", "then_on", "recipient")
        .distinct()
    )
    return rows


def to_remind(rule: ScannedRule, day: date, subjects: Subjects) -> SuggestionQuerySet:
    """Return the waiting suggestions whose next stage, or end of snoozing, has come."""
    return waiting_of(rule, subjects).filter(next_remind_on__lte=day)


def reminded(rule: ScannedRule, day: date, subjects: Subjects) -> QuerySet[Any, Any]:
    """Return a row for each person to be reminded, asked anew who that is.

    Columns: suggestion, subject, due_on, stage to tell, whether it was told before (a snoozed one),
    recipient. Who dismissed the suggestion is left in peace.
    """
    leads = rule.definition.lead_days
    dismissed = Recipient.objects.filter(
        suggestion=OuterRef("pk"), citizen=OuterRef("recipient"), state=RecipientState.DISMISSED
    )
    rows = with_recipients(to_remind(rule, day, subjects), rule, rule.suggestion_path, day)
    told: QuerySet[Any, Any] = (
        rows.filter(lacks(dismissed))
        .annotate(stage=Coalesce(ReachedStage("due_on", leads, day), Value(max(leads))))
        .annotate(
            is_repeated=Case(
                When(stage_sent__lte=F("stage"), then=Value(True)), default=Value(False)
            )
        )
        .values_list("pk", "subject_id", "due_on", "stage", "is_repeated", "recipient")
        .distinct()
    )
    return told


def advancing(
    rule: ScannedRule, day: date, subjects: Subjects
) -> tuple[SuggestionQuerySet, dict[str, Any]]:
    """Return the suggestions to remind of and what the reminder changes in them."""
    leads = rule.definition.lead_days
    stage = Coalesce(ReachedStage("due_on", leads, day), Value(max(leads)))
    rows = to_remind(rule, day, subjects).annotate(told=Least(F("stage_sent"), stage))
    return rows, {
        "state": SuggestionState.OPEN,
        "stage_sent": F("told"),
        "next_remind_on": DayOfNextStage("due_on", leads, "told"),
    }


def unsettled(rule: ScannedRule, day: date, subjects: Subjects) -> SuggestionQuerySet:
    """Return the waiting suggestions that have moved or ended: no fact stands behind them as is.

    One look at what waits; on most days it finds nothing, and no other statement is needed.
    """
    fact = behind_suggestion(rule, kept_window(rule, day), day)
    return waiting_of(rule, subjects).filter(lacks(fact.filter(due_on=OuterRef("due_on"))))


def moved(
    rule: ScannedRule, day: date, subjects: Subjects
) -> tuple[SuggestionQuerySet, dict[str, Any]]:
    """Return the waiting suggestions whose register corrected the date, and the date that follows.

    The stages count from the new date; none is told twice. A snoozed one keeps its day, unless the
    last stage of the new date comes before.
    """
    leads = rule.definition.lead_days
    last_stage = DayOfNextStage("moved_to", [min(leads)], Value(None, SmallIntegerField()))
    fact = same_cycle(rule, kept_window(rule, day))
    elsewhere = has(fact.filter(~Q(due_on=OuterRef("due_on"))))
    rows = waiting_of(rule, subjects).filter(elsewhere).annotate(moved_to=fact.values("due_on")[:1])
    return rows, {
        "due_on": F("moved_to"),
        "next_remind_on": Case(
            When(state=SuggestionState.SNOOZED, then=Least(F("next_remind_on"), last_stage)),
            default=DayOfNextStage("moved_to", leads, "stage_sent"),
        ),
    }


def _of_subjects(rows: SuggestionQuerySet, subjects: Subjects) -> SuggestionQuerySet:
    return rows if subjects is None else rows.filter(among("subject_id", subjects))
