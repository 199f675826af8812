"""Suggestions that wait, and the querysets by which they are opened, reminded of and mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Least

from citizens.enums import EventRole
from portal.common.sql import Statement, With, chain, select, update
from procedures.detection.audience import with_recipients
from procedures.detection.facts import Facts, ScannedRule, facts_due, same_cycle
from procedures.detection.holding import behind_suggestion, behind_waiting, holding
from procedures.detection.shares import answered_for, spoken_to
from procedures.detection.slicing import Part
from procedures.detection.terms import (
    DayOfNextStage,
    ReachedStage,
    StageToTell,
    among,
    has,
    lacks,
)
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import SuggestionState, TriggerKind
from procedures.models import Suggestion
from procedures.models.suggestions import CLOSED, SuggestionQuerySet

Subjects = Sequence[int] | None

# A register that corrects a date does so by less than this; a paper that moved further was renewed.
CORRECTED_BY_DAYS = 31

# There are no statistics about parts of a statement: a FULL join can only be hashed or merged.
_UNSETTLED_SQL = """
SELECT count(*) FILTER (WHERE facts.anchor IS NULL) FROM waiting FULL JOIN facts USING ({named})
"""
_MOVED_SQL = "SELECT count(*), count(*) FILTER (WHERE next_remind_on <= %s) FROM moved"


def kept_window(rule: ScannedRule, day: date) -> DueWindow:
    """Return the due dates with which a suggestion that is open already stays open."""
    due = due_window(rule.definition, day)
    return DueWindow(due.first, due.last + timedelta(days=CORRECTED_BY_DAYS))


def waiting_of(rule: ScannedRule, subjects: Subjects) -> SuggestionQuerySet:
    """Return the rule's suggestions without an answer, about `subjects` only where given."""
    waiting = Suggestion.objects.filter(rule=rule.version.rule_id).waiting()
    return answered_for(_of_subjects(waiting, subjects), rule)


def closed_of(rule: ScannedRule, subjects: Subjects) -> SuggestionQuerySet:
    """Return the rule's suggestions that were withdrawn or have expired."""
    closed = Suggestion.objects.filter(rule=rule.version.rule_id, state__in=CLOSED)
    return answered_for(_of_subjects(closed, subjects), rule)


def new_suggestions(
    rule: ScannedRule, due: DueWindow, day: date, subjects: Subjects
) -> QuerySet[Any, Any]:
    """Return facts that lack their suggestion, a row for each person to be told.

    Columns: anchor, cycle, subject, due_on, stage to tell at once, day of the next one, recipient,
    answer to the rule's conditions. Of a version that begins with a share of its audience only
    facts about those parties.
    """
    leads, party_id = rule.definition.lead_days, rule.path.party_id
    facts = without_suggestion(spoken_to(holding(rule, due, day), rule), rule, subjects)
    rows: QuerySet[Any, Any] = (
        with_recipients(facts, rule, rule.path, day)
        .annotate(stage=ReachedStage("due_on", leads, day))
        .annotate(then_on=DayOfNextStage("due_on", leads, "stage"))
        .values_list(
            "anchor", "cycle", party_id, "due_on", "stage", "then_on", "recipient", "answer"
        )
        .distinct()
    )
    return rows


def without_suggestion(facts: Facts, rule: ScannedRule, subjects: Subjects) -> Facts:
    """Leave the facts of which the ledger has no suggestion; of `subjects` only where given."""
    known = Suggestion.objects.filter(
        rule=rule.version.rule_id, anchor=OuterRef("anchor"), cycle=OuterRef("cycle")
    )
    if subjects is not None:
        facts = facts.filter(among(rule.path.party_id, subjects))
    return facts.filter(lacks(known))


def first_news(rule: ScannedRule, day: date, subjects: Subjects) -> Statement:
    """Return the statement that finds a fact due on `day` without its suggestion, if there is one.

    Whoever the fact is about: whether it holds and whom to tell is left to the one that tells.
    """
    facts = without_suggestion(facts_due(rule, due_window(rule.definition, day)), rule, subjects)
    return select(facts.order_by().values_list("anchor")[:1])


def to_remind(
    rule: ScannedRule, day: date, subjects: Subjects, part: Part | None = None
) -> SuggestionQuerySet:
    """Return the waiting suggestions whose next stage, or end of snoozing, has come.

    In slices those that `part` comes to; parts before it have advanced theirs.
    """
    waiting = waiting_of(rule, subjects).filter(next_remind_on__lte=day)
    return waiting if part is None else waiting.filter(part.until)


def reminded(
    rule: ScannedRule, day: date, subjects: Subjects, part: Part | None
) -> QuerySet[Any, Any]:
    """Return a row for each person to be reminded, asked anew who that is.

    Columns: suggestion, subject, due_on, stage to tell, whether it was told before (a snoozed one),
    recipient. Who dismissed the suggestion is left in peace; a stage that was told is told again of
    a snoozed one only, whatever stages a later version of the rule has.
    """
    waiting = to_remind(rule, day, subjects, part)
    rows = with_recipients(waiting, rule, rule.suggestion_path, day, spares_dismissed=True)
    is_new = Q(stage_sent__isnull=True) | Q(stage_sent__gt=F("stage"))
    told: QuerySet[Any, Any] = (
        rows.annotate(stage=_stage_to_tell(rule, day))
        .filter(Q(state=SuggestionState.SNOOZED) | is_new)
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
    rule: ScannedRule, day: date, subjects: Subjects, part: Part | None
) -> tuple[SuggestionQuerySet, dict[str, Any]]:
    """Return the suggestions whose day has come and what that changes in them."""
    rows = to_remind(rule, day, subjects, part)
    rows = rows.annotate(told=Least(F("stage_sent"), _stage_to_tell(rule, day)))
    return rows, {
        "state": SuggestionState.OPEN,
        "stage_sent": F("told"),
        "next_remind_on": DayOfNextStage("due_on", rule.definition.lead_days, "told"),
    }


def _stage_to_tell(rule: ScannedRule, day: date) -> StageToTell:
    leads = rule.definition.lead_days
    return StageToTell("due_on", "state", leads, day, snoozed=SuggestionState.SNOOZED)


def unsettled(rule: ScannedRule, day: date, subjects: Subjects) -> Statement:
    """Return the statement that counts what has moved or ended: no fact stands behind it as it is.

    One look at what waits; on most days it counts nothing, and no other statement is needed. What
    waits and what holds are compared as two wholes, each read once: four look-ups a suggestion
    cost three times as much.
    """
    kept = {"anchor": "anchor", "cycle": "cycle", "due_on": "due_on"} | _more_of_a_fact(rule)
    waiting = waiting_of(rule, subjects).values_list("pk", *kept)
    facts = behind_waiting(rule, kept_window(rule, day), day)
    if subjects is not None:
        facts = facts.filter(among(rule.path.party_id, subjects))
    return chain(
        With("waiting", select(waiting), ("id", *kept)),
        With("facts", select(facts.values_list(*kept.values())), tuple(kept)),
        final=Statement(_UNSETTLED_SQL.format(named=", ".join(kept))),
    )


def move(rule: ScannedRule, day: date, subjects: Subjects) -> Statement:
    """Return the statement that brings suggestions up to what their fact says now.

    It gives back how many there were, and of how many of them a stage is to be told now.
    """
    rows, values = _moved(rule, day, subjects)
    named = ("id", "next_remind_on")
    return chain(
        With("moved", update(rows, values=values, returning=named), named),
        final=Statement(_MOVED_SQL, (day,)),
    )


def _moved(
    rule: ScannedRule, day: date, subjects: Subjects
) -> tuple[SuggestionQuerySet, dict[str, Any]]:
    """Return the waiting suggestions whose fact now says otherwise, and what follows in them.

    The register corrected the date: the stages count from the new one; none is told twice. A
    snoozed one keeps its day, unless the last stage of the new date comes before. What was likely
    has become certain, or the other way round. Of the two whom an event is about the one died.
    """
    leads = rule.definition.lead_days
    last_stage = DayOfNextStage("moved_to", [min(leads)], Value(None, SmallIntegerField()))
    kept = kept_window(rule, day)
    fact = behind_suggestion(rule, kept, day)
    rows = waiting_of(rule, subjects).filter(has(fact), lacks(fact.filter(**_as_it_is(rule))))
    rows = rows.annotate(moved_to=same_cycle(rule, kept).values("due_on")[:1])
    changes = {
        "due_on": F("moved_to"),
        "next_remind_on": Case(
            When(state=SuggestionState.SNOOZED, then=Least(F("next_remind_on"), last_stage)),
            default=DayOfNextStage("moved_to", leads, "stage_sent"),
        ),
    }
    for name, column in _more_of_a_fact(rule).items():
        rows = rows.annotate(**{f"{name}_now": _own_first(fact, rule).values(column)[:1]})
        changes[name.removesuffix("_id")] = F(f"{name}_now")
    return rows, changes


def _own_first(fact: Facts, rule: ScannedRule) -> Facts:
    """Order the rows of an event of which two are the subject: whom it is about already, if here.

    Else the mother before the father, else the first, as for a new suggestion.
    """
    if rule.definition.kind != TriggerKind.LIFE_EVENT:
        return fact
    is_own = When(**{rule.path.party_id: OuterRef("subject_id")}, then=Value(0))
    is_mother = When(role=EventRole.MOTHER, then=Value(1))
    turn = Case(is_own, is_mother, default=Value(2))
    ordered: Facts = fact.annotate(turn=turn).order_by("turn", "pk")
    return ordered


def _as_it_is(rule: ScannedRule) -> dict[str, OuterRef]:
    """Return the conditions under which a fact says what its outer suggestion says."""
    named = {"due_on": OuterRef("due_on")}
    more = _more_of_a_fact(rule)
    return named | {column: OuterRef(name) for name, column in more.items()}


def _more_of_a_fact(rule: ScannedRule) -> dict[str, str]:
    """Return what else of a fact a suggestion keeps, as its own column and that of the fact."""
    kept = {"answer": "answer"}
    if rule.definition.kind == TriggerKind.LIFE_EVENT:
        kept["subject_id"] = rule.path.party_id
    return kept


def _of_subjects(rows: SuggestionQuerySet, subjects: Subjects) -> SuggestionQuerySet:
    return rows if subjects is None else rows.filter(among("subject_id", subjects))
