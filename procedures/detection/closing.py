"""Suggestions whose fact no longer holds are withdrawn; one whose fact holds again comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from citizens.models import Citizen, Credential, EventParty
from notifications.enums import Reason
from notifications.services.enqueue_select import calm_select, requeue_select, withdraw_select
from portal.common.sql import FromPart, Statement, With, chain, select, update
from procedures.detection.facts import ScannedRule, same_cycle
from procedures.detection.holding import behind_suggestion, open_matters, standing
from procedures.detection.suggestions import (
    CORRECTED_BY_DAYS,
    Subjects,
    closed_of,
    kept_window,
    waiting_of,
)
from procedures.detection.terms import DayOfNextStage, has, lacks
from procedures.detection.windows import due_window
from procedures.enums import Addressee, RecipientState, SuggestionState, TriggerKind
from procedures.models import Suggestion
from procedures.models.suggestions import CLOSED
from procedures.selectors.ties import living_here

_FACT_ENDED = "fact_ended"
# What was withdrawn with the fact, here or by the reader of deaths, and not by the person's answer.
_UNSAID = (_FACT_ENDED, Reason.DECEASED, Reason.ABOUT_DECEASED)

_REVIVED = ("id", "next_remind_on", "due_on")
# Who was to hear the stage that was told last, unless the date is another now, or the next stage is
# due and told instead. IS TRUE makes the planner hash the keys; a join it would do row by row.
_UNHEARD_SQL = """
SELECT recipient.citizen_id, concat('suggestion:', revived.id),
  jsonb_build_object('due_on', revived.due_on)
FROM revived JOIN procedures_recipient AS recipient ON recipient.suggestion_id = revived.id
WHERE recipient.state = %s AND coalesce(revived.next_remind_on > %s, true)
  AND ((revived.id, revived.due_on) IN (SELECT id, due_on FROM back)) IS TRUE
"""


class Ended(StrEnum):
    """Why the scan closed a suggestion; kept in `Suggestion.reason`."""

    TOO_LATE = "too_late"
    DIED = "died"
    GONE = "emigrated_or_merged"
    DOSSIER_OPEN = "dossier_open"
    RENEWED = "renewed"
    PAPER_ENDED = "paper_ended"
    MOVED_AWAY = "moved_away"
    DATE_CHANGED = "date_changed"
    EVENT_TAKEN_BACK = "event_taken_back"
    CONDITIONS = "conditions_no_longer_met"
    RULE_ENDED = "rule_ended"


def retire(
    rule: ScannedRule, day: date, now: datetime, subjects: Subjects, most: int | None = None
) -> Statement:
    """Return the statement that closes waiting suggestions whose fact does not hold on `day`.

    Past the last useful day they expire, otherwise they are withdrawn, with the reason. What is
    queued about them is withdrawn in the same statement. It gives back one count; that is `most`
    where there may be more to close.
    """
    kept = kept_window(rule, day)
    fact = behind_suggestion(rule, kept, day)
    is_late = Q(due_on__lt=kept.first)
    closing = waiting_of(rule, subjects).filter(is_late | Q(lacks(fact)))
    if most is not None:
        some = closing.order_by("pk").values("pk")[:most]
        closing = waiting_of(rule, subjects).filter(pk__in=some)
    state = Case(
        When(is_late, then=Value(SuggestionState.EXPIRED)), default=Value(SuggestionState.WITHDRAWN)
    )
    reason = Case(
        When(is_late, then=Value(Ended.TOO_LATE)),
        *_reasons(rule, day),
        default=Value(Ended.DATE_CHANGED),
    )
    return _close(closing, {"state": state, "reason": reason, "closed_at": now})


def retire_all(rule: ScannedRule, now: datetime) -> Statement:
    """Return the statement that withdraws all waiting suggestions of a rule no longer in force."""
    values = {"state": SuggestionState.WITHDRAWN, "reason": Ended.RULE_ENDED, "closed_at": now}
    return _close(Suggestion.objects.filter(rule=rule.version.rule_id).waiting(), values)


def revive(rule: ScannedRule, day: date, subjects: Subjects) -> Statement:
    """Return the statement that opens closed suggestions whose fact is due and holds again.

    A death told by mistake is corrected, a dossier was refused, a rule came back into force, the
    date of an expired paper was corrected. It is the same suggestion of the same cycle: stages that
    were told are not told again, but what was withdrawn before it left is queued again, unless its
    date is another now or a later stage has come. Its date is still the old one; `moved` brings the
    new. Without `subjects` those are left out that ended more than a correction before what is due.
    It gives back of how many a stage is to be told now.
    """
    due = due_window(rule.definition, day)
    fact = behind_suggestion(rule, due, day)
    closed = closed_of(rule, subjects).filter(has(fact), reason__in=list(Ended))
    if subjects is None:
        closed = closed.filter(due_on__gte=due.first - timedelta(days=CORRECTED_BY_DAYS))
    date_now = same_cycle(rule, due).values("due_on")[:1]
    back = select(closed.annotate(date_now=date_now).values_list("pk", "date_now"))
    return chain(
        With("back", back, ("id", "due_on")),
        With("revived", _opened_again(rule), _REVIVED),
        With("unheard", _unheard(day), ("recipient_id", "thread_key", "params")),
        With("requeued", requeue_select(part="unheard", reasons=_UNSAID)),
        final=Statement("SELECT count(*) FROM revived WHERE next_remind_on <= %s", (day,)),
    )


def _opened_again(rule: ScannedRule) -> Statement:
    rows = Suggestion.objects.filter(pk__in=FromPart("back", "id", BigIntegerField()))
    values = {
        "state": SuggestionState.OPEN,
        "reason": "",
        "closed_at": None,
        "next_remind_on": DayOfNextStage("due_on", rule.definition.lead_days, "stage_sent"),
    }
    return update(rows.filter(state__in=CLOSED), values=values, returning=_REVIVED)


def _unheard(day: date) -> Statement:
    return Statement(_UNHEARD_SQL, (RecipientState.ACTIVE, day))


def _close(rows: QuerySet[Any, Any], values: dict[str, Any]) -> Statement:
    retired = update(rows, values={**values, "next_remind_on": None}, returning=("id",))
    threads = Statement("SELECT 'suggestion:' || id FROM retired")
    return chain(
        With("retired", retired, ("id",)),
        With("threads", threads, ("thread_key",)),
        With("silenced", withdraw_select(part="threads", reason=_FACT_ENDED)),
        With("calmed", calm_select(part="threads", reason=_FACT_ENDED)),
        final=Statement("SELECT count(*) FROM retired"),
    )


def _reasons(rule: ScannedRule, day: date) -> list[When]:
    """Return why a fact may have ended, the weightiest first; asked for closed rows only."""
    kept = kept_window(rule, day)
    matter = open_matters(rule, "subject_id")
    reasons = [*_reasons_of_person(rule), When(Exists(matter), then=Value(Ended.DOSSIER_OPEN))]
    match rule.definition.kind:
        case TriggerKind.CREDENTIAL_EXPIRY:
            reasons += _reasons_of_paper()
        case TriggerKind.LIFE_EVENT:
            told = EventParty.objects.filter(event=OuterRef("anchor"))
            reasons.append(When(~Exists(told), then=Value(Ended.EVENT_TAKEN_BACK)))
        case TriggerKind.CALENDAR if not rule.is_of_births:
            fact = same_cycle(rule, kept)
            reasons.append(When(~Exists(fact), then=Value(Ended.PAPER_ENDED)))
    if rule.definition.conditions is not None:
        reasons.append(When(Exists(standing(rule, kept, day)), then=Value(Ended.CONDITIONS)))
    # The paper or birthday is due as before, so what no longer fits is the place.
    return [*reasons, When(Exists(same_cycle(rule, kept)), then=Value(Ended.MOVED_AWAY))]


def _reasons_of_person(rule: ScannedRule) -> list[When]:
    if rule.definition.address == Addressee.FAMILY:
        return []
    person = Citizen.objects.order_by().filter(pk=OuterRef("subject_id"))
    return [
        When(Exists(person.filter(died_on__isnull=False)), then=Value(Ended.DIED)),
        When(Exists(person.exclude(living_here(""))), then=Value(Ended.GONE)),
    ]


def _reasons_of_paper() -> list[When]:
    paper = Credential.objects.filter(pk=OuterRef("anchor"))
    is_renewed = paper.filter(term__gt=OuterRef("cycle"))
    return [
        When(Exists(is_renewed), then=Value(Ended.RENEWED)),
        When(~Exists(paper.live()), then=Value(Ended.PAPER_ENDED)),
    ]
