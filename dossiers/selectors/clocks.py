"""Reads of a dossier's clock: the replayed ledger of any day, and the date in a sentence."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Sum
from django.utils.translation import get_language

from citizens.selectors import calendar_history
from dossiers import sla
from dossiers.enums import ClockEventKind, DisputeState, Status
from dossiers.models import ClockEvent, Dossier
from dossiers.rules import answers_in, child_named
from portal.common import clock
from portal.common.calendar import CalendarHistory, Calendars
from procedures.definition import ProcedureDefinition

BIRTH = "KQ.G15.000031"  # the national code of a birth certificate
_DECIDED = (Status.DONE, Status.RETURNED)


def definition_of(*, dossier: Dossier) -> ProcedureDefinition:
    """Return the procedure as it was when the dossier was filed."""
    return ProcedureDefinition.from_json(dossier.procedure_version.definition)


def is_birth(dossier: Dossier) -> bool:
    """Return whether granting the dossier registers a birth."""
    return definition_of(dossier=dossier).result.code == BIRTH


def newborn_of(*, dossier: Dossier) -> str:
    """Return the name of the child whose birth is registered, "" for any other dossier.

    Such a dossier is the parents'; whatever names whom it is for names the child.
    """
    return child_named(answers_in(dossier.form)) if is_birth(dossier) else ""


def limit_of(*, definition: ProcedureDefinition, decide_by: date | None) -> sla.Limit:
    """Return the time limit of a dossier of this procedure."""
    processing = definition.processing
    return sla.Limit(processing.days, processing.unit, processing.cutoff_time, decide_by)


def limit_for(*, dossier: Dossier) -> sla.Limit:
    """Return the time limit of this dossier."""
    return limit_of(definition=definition_of(dossier=dossier), decide_by=dossier.decide_by)


def clock_of(*, dossier: Dossier, calendars: Calendars | None = None) -> sla.Clock:
    """Return the dossier's clock by replaying its whole ledger."""
    entries = [entry_of(event) for event in dossier.clock_events.all()]
    return sla.replay(entries, limit_for(dossier=dossier), calendars or calendar_history())


def clock_on(*, dossier: Dossier, day: date, calendars: Calendars | None = None) -> sla.Clock:
    """Return the clock as it stood when the civil date `day` ended."""
    entries = [entry_of(event) for event in entries_until(dossier=dossier, day=day)]
    return sla.replay(entries, limit_for(dossier=dossier), calendars or calendar_history())


def entries_until(*, dossier: Dossier, day: date) -> list[ClockEvent]:
    """Return the ledger as it stood when the civil date `day` ended, first entry first."""
    end = datetime.combine(day, time.max, clock.CIVIL_ZONE)
    return [event for event in dossier.clock_events.all() if event.happened_at <= end]


def entry_of(event: ClockEvent) -> sla.Entry:
    """Return a stored row of the ledger as the plain value that the replay reads."""
    at = clock.civil_time(event.happened_at)
    return sla.Entry(ClockEventKind(event.kind), at, event.days, event.due_on)


def lateness_of(*, dossier: Dossier, day: date, calendars: Calendars | None = None) -> sla.Lateness:
    """Return how late the dossier is on `day`: as counted, and as disputes corrected it."""
    history = calendars or calendar_history()
    upheld = dossier.disputes.filter(state=DisputeState.UPHELD)
    excused = upheld.aggregate(days=Sum("excused_days"))["days"] or 0
    calendar = history.known_at(clock.now())
    replayed = clock_of(dossier=dossier, calendars=history)
    return sla.lateness(replayed, day, calendar, excused_days=excused)


def why_due(*, dossier: Dossier, calendars: CalendarHistory | None = None) -> str:
    """Return the sentence that explains the due date, in the language of the page.

    Before the dossier is received it gives the same sum for the expected date, and calls it that.
    Of a decided dossier it says whether it was in time; of any other that ended, nothing.
    """
    history = calendars or calendar_history()
    replayed = clock_of(dossier=dossier, calendars=history)
    # Days are named as the calendar had them when the date was set, not as it has them now.
    events = list(dossier.clock_events.all())
    calendar = history.known_at(events[-1].happened_at) if events else history.latest
    if replayed.state is sla.ClockState.ENDED:
        return kept_date(dossier=dossier, replayed=replayed, calendars=history)
    limit = limit_for(dossier=dossier)
    told = _in_language(sla.explain(replayed, limit, calendar))
    if replayed.started_on is not None or dossier.expected_on is None:
        return told
    seen_at = sla.expected_receipt(clock.civil_time(dossier.submitted_at), calendar)
    started = sla.replay([sla.Entry(ClockEventKind.START, seen_at)], limit, calendar)
    then = sla.explain(started, limit, calendar)
    expected = sla.Sentence(f"Dự kiến: {then.vi}", f"Expected: {then.en}")
    return f"{told} {_in_language(expected)}"


def kept_date(
    *,
    dossier: Dossier,
    replayed: sla.Clock | None = None,
    calendars: CalendarHistory | None = None,
) -> str:
    """Return whether a decided dossier was in time, "" for one that is not decided or had no date.

    In the language of the page.
    """
    if dossier.status not in _DECIDED:
        return ""
    history = calendars or calendar_history()
    replayed = replayed or clock_of(dossier=dossier, calendars=history)
    told = sla.explain_end(replayed, history.latest)
    return "" if told is None else _in_language(told)


def _in_language(sentence: sla.Sentence) -> str:
    return sentence.en if (get_language() or "vi").startswith("en") else sentence.vi
