"""Which running dossiers the working calendar, as it is now, puts later than what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet

from citizens.models import CalendarChange
from citizens.selectors import working_calendar
from dossiers import sla
from dossiers.enums import ClockEventKind
from dossiers.models import Dossier
from dossiers.selectors.clocks import entry_of, limit_for
from portal.common.calendar import WorkingCalendar


@dataclass(frozen=True)
class Moved:
    """A dossier, the date that was promised, and the later one by the calendar of today."""

    dossier: Dossier
    due_on: date
    later_on: date


def moved_by_calendar(*, dossiers: QuerySet[Dossier], day: date) -> Iterator[Moved]:
    """Yield the unfinished ones of `dossiers` whose date would be later, by due date.

    Dates that have passed stay, and so do those that the calendar would bring nearer: what was
    promised is kept. Only days taken from work between start and due date can matter.
    """
    taken = CalendarChange.objects.filter(
        day__gt=OuterRef("clock_started_on"), day__lte=OuterRef("due_on"), is_working__isnull=True
    ) | CalendarChange.objects.filter(
        day__gt=OuterRef("clock_started_on"), day__lte=OuterRef("due_on"), is_working=False
    )
    rows = (
        dossiers.filter(Exists(taken), finished_at=None, due_on__gte=day)
        .select_related("procedure_version", "competent", "applicant__party", "owner__citizen")
        .prefetch_related("clock_events")
        .order_by(F("due_on"), "pk")
    )
    calendar = working_calendar()
    for row in rows.iterator(chunk_size=200):
        later = recounted(row, calendar)
        if later is not None and row.due_on is not None and later > row.due_on:
            yield Moved(row, row.due_on, later)


def recounted(dossier: Dossier, calendar: WorkingCalendar) -> date | None:
    """Return the date that the whole ledger gives by one calendar, earlier moves left out."""
    entries = [entry_of(event) for event in dossier.clock_events.all()]
    counted = [one for one in entries if one.kind is not ClockEventKind.CALENDAR_CHANGE]
    return sla.replay(counted, limit_for(dossier=dossier), calendar).due_on
