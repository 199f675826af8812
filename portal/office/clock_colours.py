"""How a dossier stands against its clock: a colour with word and icon, and a condition in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from citizens.selectors import working_calendar
from dossiers.enums import ClockColour, Status
from dossiers.models import Dossier
from dossiers.models.dossiers import FINISHED
from dossiers.sla import soon_until
from portal.common.calendar import WorkingCalendar

_PAUSING = (Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED)
_WITH_US = (Status.REGISTERED, Status.RECEIVED, Status.PROCESSING)

# (word, icon of the side bar's font): a state is never told by colour alone.
SIGNS: Mapping[ClockColour, tuple[Any, str]] = {
    ClockColour.LATE: (_("Late"), "error"),
    ClockColour.SOON: (_("Soon"), "schedule"),
    ClockColour.NOT_STARTED: (_("To be received"), "mark_email_unread"),
    ClockColour.ON_TIME: (_("On time"), "check_circle"),
    ClockColour.PAUSED: (_("Waiting for the citizen"), "pause_circle"),
    ClockColour.WAITING: (_("Waiting for another system"), "sync_problem"),
    ClockColour.ENDED: (_("Finished"), "task_alt"),
}


@dataclass(frozen=True)
class Day:
    """The civil date of a queue, with its working calendar and the last day that counts as soon."""

    today: date
    calendar: WorkingCalendar
    soon: date

    @classmethod
    def of(cls, today: date, calendar: WorkingCalendar | None = None) -> Day:
        """Read the working calendar (one query) unless it was read before."""
        calendar = calendar or working_calendar()
        return cls(today, calendar, soon_until(today, calendar))

    def colour(self, dossier: Dossier) -> ClockColour:
        """Return the colour of one dossier, by the same borders as `condition`."""
        if dossier.status in FINISHED:
            return ClockColour.ENDED
        if dossier.status in _PAUSING:
            return ClockColour.PAUSED
        if dossier.system_wait_since is not None:
            return ClockColour.WAITING
        if dossier.clock_started_on is None:
            return ClockColour.NOT_STARTED
        if dossier.due_on is None or dossier.due_on > self.soon:
            return ClockColour.ON_TIME
        return ClockColour.LATE if dossier.due_on < self.today else ClockColour.SOON

    def condition(self, colour: ClockColour) -> Q:
        """Return the rows of one colour."""
        waiting = Q(status__in=_WITH_US, system_wait_since__isnull=False)
        running = Q(
            status__in=_WITH_US, clock_started_on__isnull=False, system_wait_since__isnull=True
        )
        match colour:
            case ClockColour.ENDED:
                return Q(status__in=FINISHED)
            case ClockColour.PAUSED:
                return Q(status__in=_PAUSING)
            case ClockColour.WAITING:
                return waiting
            case ClockColour.NOT_STARTED:
                return Q(status__in=_WITH_US, clock_started_on__isnull=True)
            case ClockColour.LATE:
                return running & Q(due_on__lt=self.today)
            case ClockColour.SOON:
                return running & Q(due_on__range=(self.today, self.soon))
            case ClockColour.ON_TIME:
                return running & (Q(due_on__isnull=True) | Q(due_on__gt=self.soon))

    def counts(self) -> dict[str, Count]:
        """Return aggregates that count every colour of unfinished dossiers at once.

        Nobody waits for the finished ones, and counting them takes longer every year.
        """
        running = [colour for colour in SIGNS if colour is not ClockColour.ENDED]
        return {colour.value: Count("pk", filter=self.condition(colour)) for colour in running}

    def working_days_left(self, due_on: date) -> int:
        """Return the working days until `due_on`, negative when it has passed."""
        if due_on < self.today:
            return -self.calendar.working_days_between(due_on, self.today)
        return self.calendar.working_days_between(self.today, due_on)
