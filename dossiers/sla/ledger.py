"""The ledger of a dossier's clock: append-only entries, and what replaying them gives.

Time spent waiting for the citizen moves the due date by the working days it took; the day of the
pause counts as used, the day of the resumption as a new day 0 (domain.md 1.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from dossiers.enums import ClockColour, ClockEffect, ClockEventKind
from dossiers.sla.counting import Limit, due_date, start_day
from portal.common.calendar import WorkingCalendar
from portal.common.errors import PortalError

SOON_WORKING_DAYS = 2


class LedgerError(PortalError):
    """Entries that cannot follow one another, such as a resume without a pause."""


@dataclass(frozen=True)
class Entry:
    """One row of the ledger: `days` for an extension, `due_on` for a changed calendar."""

    kind: ClockEventKind
    at: datetime
    days: int | None = None
    due_on: date | None = None


class ClockState(StrEnum):
    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class Clock:
    """What the ledger says so far. `due_on` holds without the pause that is still open."""

    state: ClockState = ClockState.NOT_STARTED
    received_at: datetime | None = None
    started_on: date | None = None
    due_on: date | None = None
    paused_on: date | None = None
    paused_days: int = 0
    extended_days: int = 0
    ended_on: date | None = None


def replay(entries: Iterable[Entry], limit: Limit, calendar: WorkingCalendar) -> Clock:
    """Return the clock after all entries in the order written; LedgerError when they contradict."""
    clock = Clock()
    for entry in entries:
        clock = follow(clock, entry, limit, calendar)
    return clock


def follow(clock: Clock, entry: Entry, limit: Limit, calendar: WorkingCalendar) -> Clock:
    """Return the clock after one more entry; LedgerError when the entry cannot follow."""
    if clock.state not in _MAY_FOLLOW[entry.kind]:
        raise LedgerError(f"{entry.kind} cannot follow on a clock that is {clock.state}.")
    day = entry.at.date()
    match entry.kind:
        case ClockEventKind.START:
            return _started(entry.at, limit, calendar)
        case ClockEventKind.PAUSE | ClockEventKind.SYNC_WAIT:
            return replace(clock, state=ClockState.PAUSED, paused_on=day)
        case ClockEventKind.RESUME:
            return _resumed(clock, day, calendar)
        case ClockEventKind.STOP | ClockEventKind.FINISH:
            return replace(clock, state=ClockState.ENDED, ended_on=day)
        case _:
            return _rescheduled(clock, entry, calendar)


def entry_for(effect: ClockEffect, state: ClockState) -> ClockEventKind | None:
    """Return what a step's effect writes into the ledger in this state, or None for nothing.

    Receiving a dossier whose clock already runs (procedures that count from filing) writes nothing;
    papers that complete a dossier start a clock that had not started.
    """
    return _EFFECTS.get((effect, state))


def colour(clock: Clock, day: date, calendar: WorkingCalendar) -> ClockColour:
    """Return how the dossier stands on `day`, for a queue: late, soon (two working days), …"""
    if clock.state is ClockState.NOT_STARTED:
        return ClockColour.NOT_STARTED
    if clock.state is ClockState.ENDED:
        return ClockColour.ENDED
    if clock.state is ClockState.PAUSED:
        return ClockColour.PAUSED
    return colour_of_running(clock.due_on, day, soon_until(day, calendar))


def colour_of_running(due_on: date | None, day: date, soon: date) -> ClockColour:
    """Return the colour of a running clock; `soon` is what `soon_until` says for `day`."""
    if due_on is None or due_on > soon:
        return ClockColour.ON_TIME
    return ClockColour.LATE if due_on < day else ClockColour.SOON


def soon_until(day: date, calendar: WorkingCalendar) -> date:
    """Return the last due date that is near on `day`."""
    return calendar.add_working_days(day, SOON_WORKING_DAYS)


def _started(received_at: datetime, limit: Limit, calendar: WorkingCalendar) -> Clock:
    return Clock(
        state=ClockState.RUNNING,
        received_at=received_at,
        started_on=start_day(received_at, limit, calendar),
        due_on=due_date(received_at, limit, calendar),
    )


def _resumed(clock: Clock, day: date, calendar: WorkingCalendar) -> Clock:
    waited = 0 if clock.paused_on is None else calendar.working_days_between(clock.paused_on, day)
    return replace(
        clock,
        state=ClockState.RUNNING,
        due_on=_moved(clock.due_on, waited, calendar),
        paused_on=None,
        paused_days=clock.paused_days + waited,
    )


def _rescheduled(clock: Clock, entry: Entry, calendar: WorkingCalendar) -> Clock:
    """Return the clock after an entry that moves nothing but the due date, if anything."""
    if entry.kind is ClockEventKind.CALENDAR_CHANGE:
        return replace(clock, due_on=entry.due_on)
    if entry.kind is ClockEventKind.EXTENSION:
        days = entry.days or 0
        moved = _moved(clock.due_on, days, calendar)
        return replace(clock, due_on=moved, extended_days=clock.extended_days + days)
    return clock


def _moved(due_on: date | None, days: int, calendar: WorkingCalendar) -> date | None:
    return None if due_on is None else calendar.add_working_days(due_on, days)


_RUNNING = frozenset({ClockState.RUNNING})
_PAUSED = frozenset({ClockState.PAUSED})
_STARTED = _RUNNING | _PAUSED

_MAY_FOLLOW: Mapping[ClockEventKind, frozenset[ClockState]] = {
    ClockEventKind.START: frozenset({ClockState.NOT_STARTED}),
    ClockEventKind.CUT_OFF: _STARTED,
    ClockEventKind.PAUSE: _RUNNING,
    ClockEventKind.SYNC_WAIT: _RUNNING,
    ClockEventKind.RESUME: _PAUSED,
    ClockEventKind.EXTENSION: _STARTED,
    ClockEventKind.CALENDAR_CHANGE: _STARTED,
    ClockEventKind.STOP: _STARTED,
    ClockEventKind.FINISH: _STARTED,
}

_EFFECTS: Mapping[tuple[ClockEffect, ClockState], ClockEventKind] = {
    (ClockEffect.START, ClockState.NOT_STARTED): ClockEventKind.START,
    (ClockEffect.START, ClockState.PAUSED): ClockEventKind.RESUME,
    (ClockEffect.PAUSE, ClockState.RUNNING): ClockEventKind.PAUSE,
    (ClockEffect.RESUME, ClockState.NOT_STARTED): ClockEventKind.START,
    (ClockEffect.RESUME, ClockState.PAUSED): ClockEventKind.RESUME,
    (ClockEffect.EXTEND, ClockState.RUNNING): ClockEventKind.EXTENSION,
    (ClockEffect.WAIT, ClockState.RUNNING): ClockEventKind.SYNC_WAIT,
    (ClockEffect.STOP, ClockState.RUNNING): ClockEventKind.STOP,
    (ClockEffect.STOP, ClockState.PAUSED): ClockEventKind.STOP,
    (ClockEffect.FINISH, ClockState.RUNNING): ClockEventKind.FINISH,
    (ClockEffect.FINISH, ClockState.PAUSED): ClockEventKind.FINISH,
}
