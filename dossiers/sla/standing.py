"""How a clock stands on a day: its colour, how late it is, where its time went, what is near.

Late is counted in working days after the due date *without* the extension: an extension is an
apology and a new promise, it does not change the statistics (domain.md 1.5). While the clock waits
for the citizen or for another system, no day counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dossiers.enums import AlertStage, ClockColour
from dossiers.sla.ledger import Clock, ClockState
from portal.common.calendar import WorkingCalendar

SOON_WORKING_DAYS = 2
_COLOURS = {
    ClockState.NOT_STARTED: ClockColour.NOT_STARTED,
    ClockState.ENDED: ClockColour.ENDED,
    ClockState.PAUSED: ClockColour.PAUSED,
    ClockState.WAITING: ClockColour.WAITING,
}
_STAGES = {0: AlertStage.TODAY, 1: AlertStage.ONE_DAY, 2: AlertStage.TWO_DAYS}


@dataclass(frozen=True)
class Lateness:
    """Working days late as counted, and as corrected by what disputes granted, side by side."""

    raw: int
    corrected: int


@dataclass(frozen=True)
class TimeSpent:
    """Working days since the start: with the office, waiting for the citizen, for a system."""

    office: int
    citizen: int
    system: int

    @property
    def total(self) -> int:
        """All working days since the start."""
        return self.office + self.citizen + self.system


def colour(clock: Clock, day: date, calendar: WorkingCalendar) -> ClockColour:
    """Return how the dossier stands on `day`, for a queue: late, soon (two working days), …"""
    if clock.state in _COLOURS:
        return _COLOURS[clock.state]
    return colour_of_running(clock.due_on, day, soon_until(day, calendar))


def colour_of_running(due_on: date | None, day: date, soon: date) -> ClockColour:
    """Return the colour of a running clock; `soon` is what `soon_until` says for `day`."""
    if due_on is None or due_on > soon:
        return ClockColour.ON_TIME
    return ClockColour.LATE if due_on < day else ClockColour.SOON


def soon_until(day: date, calendar: WorkingCalendar) -> date:
    """Return the last due date that is near on `day`."""
    return calendar.add_working_days(day, SOON_WORKING_DAYS)


def days_late_raw(clock: Clock, day: date, calendar: WorkingCalendar) -> int:
    """Return the working days late as counted on `day`, 0 for what is in time."""
    if clock.plain_due_on is None:
        return 0
    until = clock.ended_on or clock.paused_on or day
    return calendar.working_days_between(clock.plain_due_on, until)


def days_late_corrected(raw: int, excused_days: int) -> int:
    """Return the days that stay with the unit after disputes that were upheld."""
    return max(0, raw - excused_days)


def lateness(
    clock: Clock, day: date, calendar: WorkingCalendar, *, excused_days: int = 0
) -> Lateness:
    """Return both figures of a dossier as they stand on `day`."""
    raw = days_late_raw(clock, day, calendar)
    return Lateness(raw, days_late_corrected(raw, excused_days))


def time_spent(clock: Clock, day: date, calendar: WorkingCalendar) -> TimeSpent:
    """Return where the working days went until `day` or the end; open waits are counted."""
    if clock.started_on is None:
        return TimeSpent(0, 0, 0)
    total = calendar.working_days_between(clock.started_on, clock.ended_on or day)
    citizen, system = clock.paused_days, clock.synced_days
    if clock.paused_on is not None:
        open_days = calendar.working_days_between(clock.paused_on, day)
        if clock.state is ClockState.WAITING:
            system += open_days
        else:
            citizen += open_days
    return TimeSpent(total - citizen - system, citizen, system)


def alert_stage(days_left: int, days_in_all: int) -> AlertStage | None:
    """Return the most urgent stage reached with so many working days left, or None.

    Nobody is warned on the first day of a limit that is that short, but for what is due the same
    day; what is late already is no warning but a queue.
    """
    if days_left < 0 or days_left == days_in_all > 0:
        return None
    if days_left in _STAGES:
        return _STAGES[days_left]
    return AlertStage.HALF if 2 * days_left <= days_in_all else None
