"""The ledger of a dossier's clock: append-only entries, and what replaying them gives.

Time spent waiting moves the due date by the working days it took; the day of the pause counts as
used, the day of the resumption as a new day 0 (domain.md 1.5). Waiting for the citizen and waiting
for another system (SYNC_WAIT) are counted apart. An extension moves the date promised, never the
date by which the statistics call a dossier late (`plain_due_on`).

Every entry is followed with the working calendar as it stood when it was written: a calendar that
changes later moves a date by an entry of its own and never by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from dossiers.enums import ClockEffect, ClockEventKind
from dossiers.sla.counting import Limit, due_date, start_day
from portal.common.calendar import Calendars, WorkingCalendar
from portal.common.errors import PortalError


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
    """`paused` waits for the citizen, `waiting` for another system."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    ENDED = "ended"


@dataclass(frozen=True)
class Clock:
    """What the ledger says so far. Both due dates hold without the wait that is still open."""

    state: ClockState = ClockState.NOT_STARTED
    received_at: datetime | None = None
    started_on: date | None = None
    due_on: date | None = None
    plain_due_on: date | None = None
    paused_on: date | None = None
    paused_days: int = 0
    paused_count: int = 0
    synced_days: int = 0
    synced_count: int = 0
    extended_days: int = 0
    recalendared_at: datetime | None = None
    ended_on: date | None = None


class ExtensionFault(StrEnum):
    """Why a date cannot be extended."""

    NOT_RUNNING = "not_running"
    TWICE = "twice"
    TOO_LATE = "too_late"


def replay(entries: Iterable[Entry], limit: Limit, calendars: Calendars) -> Clock:
    """Return the clock after all entries in the order written; LedgerError when they contradict."""
    clock = Clock()
    for entry in entries:
        clock = follow(clock, entry, limit, calendars)
    return clock


def follow(clock: Clock, entry: Entry, limit: Limit, calendars: Calendars) -> Clock:
    """Return the clock after one more entry; LedgerError when the entry cannot follow."""
    if clock.state not in _MAY_FOLLOW[entry.kind]:
        raise LedgerError(f"{entry.kind} cannot follow on a clock that is {clock.state}.")
    calendar = calendars.known_at(entry.at)
    day = entry.at.date()
    match entry.kind:
        case ClockEventKind.START:
            return _started(entry.at, limit, calendar)
        case ClockEventKind.PAUSE | ClockEventKind.SYNC_WAIT:
            return replace(_waited(clock, day, calendar), state=_HELD[entry.kind], paused_on=day)
        case ClockEventKind.RESUME:
            return replace(_waited(clock, day, calendar), state=ClockState.RUNNING)
        case ClockEventKind.STOP | ClockEventKind.FINISH:
            return replace(_waited(clock, day, calendar), state=ClockState.ENDED, ended_on=day)
        case _:
            return _rescheduled(clock, entry, calendar)


def entry_for(effect: ClockEffect, state: ClockState) -> ClockEventKind | None:
    """Return what a step's effect writes into the ledger in this state, or None for nothing.

    Receiving a dossier whose clock already runs (procedures that count from filing) writes nothing;
    papers that complete a dossier start a clock that had not started.
    """
    return _EFFECTS.get((effect, state))


def extension_fault(clock: Clock, day: date) -> ExtensionFault | None:
    """Return why the date cannot be extended on `day`, or None when it can.

    domain.md 1.5 (unverified there): at the latest one day before the due date, and once only.
    """
    if clock.state is not ClockState.RUNNING or clock.due_on is None:
        return ExtensionFault.NOT_RUNNING
    if clock.extended_days:
        return ExtensionFault.TWICE
    return ExtensionFault.TOO_LATE if day >= clock.due_on else None


def _started(received_at: datetime, limit: Limit, calendar: WorkingCalendar) -> Clock:
    due_on = due_date(received_at, limit, calendar)
    return Clock(
        state=ClockState.RUNNING,
        received_at=received_at,
        started_on=start_day(received_at, limit, calendar),
        due_on=due_on,
        plain_due_on=due_on,
    )


def _waited(clock: Clock, day: date, calendar: WorkingCalendar) -> Clock:
    """Close the wait that is open, if one is: both dates move by the working days it took."""
    if clock.paused_on is None:
        return clock
    days = calendar.working_days_between(clock.paused_on, day)
    moved = replace(
        clock,
        due_on=_moved(clock.due_on, days, calendar),
        plain_due_on=_moved(clock.plain_due_on, days, calendar),
        paused_on=None,
    )
    if clock.state is ClockState.WAITING:
        synced = clock.synced_days + days
        return replace(moved, synced_days=synced, synced_count=clock.synced_count + 1)
    paused = clock.paused_days + days
    return replace(moved, paused_days=paused, paused_count=clock.paused_count + 1)


def _rescheduled(clock: Clock, entry: Entry, calendar: WorkingCalendar) -> Clock:
    """Return the clock after an entry that moves nothing but the due date, if anything."""
    if entry.kind is ClockEventKind.EXTENSION:
        return _extended(clock, entry, calendar)
    if entry.kind is ClockEventKind.CALENDAR_CHANGE and entry.due_on is not None:
        plain = entry.due_on
        if clock.extended_days:
            plain = calendar.subtract_working_days(plain, clock.extended_days)
        return replace(clock, due_on=entry.due_on, plain_due_on=plain, recalendared_at=entry.at)
    return clock


def _extended(clock: Clock, entry: Entry, calendar: WorkingCalendar) -> Clock:
    fault = extension_fault(clock, entry.at.date())
    if fault is not None or not entry.days or entry.days < 1:
        raise LedgerError(f"The extension cannot follow: {fault or 'it has no days'}.")
    moved = _moved(clock.due_on, entry.days, calendar)
    return replace(clock, due_on=moved, extended_days=entry.days)


def _moved(due_on: date | None, days: int, calendar: WorkingCalendar) -> date | None:
    return None if due_on is None else calendar.add_working_days(due_on, days)


_RUNNING = frozenset({ClockState.RUNNING})
_HELD = {
    ClockEventKind.PAUSE: ClockState.PAUSED,
    ClockEventKind.SYNC_WAIT: ClockState.WAITING,
}
_WAITS = frozenset(_HELD.values())
_STARTED = _RUNNING | _WAITS

_MAY_FOLLOW: Mapping[ClockEventKind, frozenset[ClockState]] = {
    ClockEventKind.START: frozenset({ClockState.NOT_STARTED}),
    ClockEventKind.CUT_OFF: _STARTED,
    # What the citizen must do next is asked whatever another system does meanwhile.
    ClockEventKind.PAUSE: _RUNNING | {ClockState.WAITING},
    ClockEventKind.SYNC_WAIT: _RUNNING,
    ClockEventKind.RESUME: _WAITS,
    ClockEventKind.EXTENSION: _RUNNING,
    ClockEventKind.CALENDAR_CHANGE: _STARTED,
    ClockEventKind.STOP: _STARTED,
    ClockEventKind.FINISH: _STARTED,
}

_EFFECTS: Mapping[tuple[ClockEffect, ClockState], ClockEventKind] = {
    (ClockEffect.START, ClockState.NOT_STARTED): ClockEventKind.START,
    (ClockEffect.START, ClockState.PAUSED): ClockEventKind.RESUME,
    (ClockEffect.PAUSE, ClockState.RUNNING): ClockEventKind.PAUSE,
    (ClockEffect.PAUSE, ClockState.WAITING): ClockEventKind.PAUSE,
    (ClockEffect.RESUME, ClockState.NOT_STARTED): ClockEventKind.START,
    (ClockEffect.RESUME, ClockState.PAUSED): ClockEventKind.RESUME,
    (ClockEffect.RESUME, ClockState.WAITING): ClockEventKind.RESUME,
    (ClockEffect.EXTEND, ClockState.RUNNING): ClockEventKind.EXTENSION,
    (ClockEffect.WAIT, ClockState.RUNNING): ClockEventKind.SYNC_WAIT,
    **{(ClockEffect.STOP, state): ClockEventKind.STOP for state in _STARTED},
    **{(ClockEffect.FINISH, state): ClockEventKind.FINISH for state in _STARTED},
}
