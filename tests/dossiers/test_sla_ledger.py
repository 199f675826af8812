"""The clock as a ledger: pauses move it, contradictions are refused, another count agrees."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.enums import ClockColour, ClockEffect, ClockEventKind
from dossiers.sla import (
    Clock,
    ClockState,
    Entry,
    LedgerError,
    Limit,
    colour,
    due_date,
    entry_for,
    replay,
)
from portal.common.calendar import WorkingCalendar
from tests.dossiers.clock_cases import HOUSE, SAME_DAY, YEAR_2026, at, day, working

START, PAUSE, RESUME = ClockEventKind.START, ClockEventKind.PAUSE, ClockEventKind.RESUME
FINISH, STOP = ClockEventKind.FINISH, ClockEventKind.STOP
WAIT, EXTEND = ClockEventKind.SYNC_WAIT, ClockEventKind.EXTENSION


def ledger(*steps: tuple[ClockEventKind, str]) -> list[Entry]:
    return [Entry(kind, at(text)) for kind, text in steps]


@pytest.mark.parametrize(
    ("steps", "limit", "due", "waited"),
    [
        ([(START, "2026-11-20")], working(5), "2026-11-27", 0),
        # asked on Monday, brought on Wednesday: two working days later
        (
            [(START, "2026-11-20"), (PAUSE, "2026-11-23"), (RESUME, "2026-11-25")],
            working(5),
            "2026-12-01",
            2,
        ),
        # asked and brought on one day costs nothing
        (
            [(START, "2026-11-20"), (PAUSE, "2026-11-23 08:00"), (RESUME, "2026-11-23 16:00")],
            working(5),
            "2026-11-27",
            0,
        ),
        # a weekend of waiting is no working day
        (
            [(START, "2026-11-18"), (PAUSE, "2026-11-20"), (RESUME, "2026-11-22")],
            working(5),
            "2026-11-25",
            0,
        ),
        # waiting over Tết
        (
            [(START, "2026-02-12"), (PAUSE, "2026-02-13"), (RESUME, "2026-02-24")],
            working(5),
            "2026-03-02",
            2,
        ),
        # four supplements
        (
            [
                (START, "2026-11-02"),
                (PAUSE, "2026-11-03"),
                (RESUME, "2026-11-04"),
                (PAUSE, "2026-11-05"),
                (RESUME, "2026-11-06"),
                (PAUSE, "2026-11-09"),
                (RESUME, "2026-11-10"),
                (PAUSE, "2026-11-11"),
                (RESUME, "2026-11-13"),
            ],
            working(7),
            "2026-11-18",
            5,
        ),
        # already late when asked: the lateness stays what it was
        (
            [(START, "2026-11-02"), (PAUSE, "2026-11-10"), (RESUME, "2026-11-12")],
            working(3),
            "2026-11-09",
            2,
        ),
        # calendar days move by the working days waited
        (
            [(START, "2026-11-02"), (PAUSE, "2026-11-04"), (RESUME, "2026-11-09")],
            HOUSE,
            "2026-11-20",
            3,
        ),
        # an open pause does not move the date before it is known how long it was
        ([(START, "2026-11-20"), (PAUSE, "2026-11-23")], working(5), "2026-11-27", 0),
        (
            [(START, "2026-11-20 15:01"), (PAUSE, "2026-11-23"), (RESUME, "2026-11-24")],
            SAME_DAY,
            "2026-11-24",
            1,
        ),
    ],
)
def test_replay(
    steps: list[tuple[ClockEventKind, str]], limit: Limit, due: str, waited: int
) -> None:
    clock = replay(ledger(*steps), limit, YEAR_2026)

    assert (clock.due_on, clock.paused_days) == (day(due), waited)


def test_an_extension_moves_the_date_by_working_days() -> None:
    entries = [*ledger((START, "2026-11-20"))]
    entries.append(Entry(ClockEventKind.EXTENSION, at("2026-11-26"), days=3))

    clock = replay(entries, working(5), YEAR_2026)

    assert (clock.due_on, clock.extended_days) == (day("2026-12-02"), 3)


def test_a_changed_calendar_moves_the_date_by_an_entry_only() -> None:
    one_more_day_off = WorkingCalendar(days_off=YEAR_2026.days_off | {day("2026-11-24")})
    entries = ledger((START, "2026-11-20"))
    changed = Entry(ClockEventKind.CALENDAR_CHANGE, at("2026-11-22"), due_on=day("2026-11-30"))

    assert replay([*entries, changed], working(5), YEAR_2026).due_on == day("2026-11-30")
    assert replay(entries, working(5), one_more_day_off).due_on == day("2026-11-30")


def test_an_empty_ledger_has_not_started() -> None:
    assert replay([], working(5), YEAR_2026) == Clock()


@pytest.mark.parametrize(
    "steps",
    [
        [(PAUSE, "2026-11-20")],
        [(RESUME, "2026-11-20")],
        [(FINISH, "2026-11-20")],
        [(START, "2026-11-20"), (START, "2026-11-21")],
        [(START, "2026-11-20"), (RESUME, "2026-11-21")],
        [(START, "2026-11-20"), (PAUSE, "2026-11-21"), (PAUSE, "2026-11-22")],
        [(START, "2026-11-20"), (FINISH, "2026-11-21"), (PAUSE, "2026-11-22")],
        [(START, "2026-11-20"), (STOP, "2026-11-21"), (FINISH, "2026-11-22")],
        [(START, "2026-11-20"), (WAIT, "2026-11-21"), (WAIT, "2026-11-22")],
        [(START, "2026-11-20"), (PAUSE, "2026-11-21"), (WAIT, "2026-11-22")],
        [(WAIT, "2026-11-20")],
    ],
)
def test_entries_that_contradict_are_refused(steps: list[tuple[ClockEventKind, str]]) -> None:
    with pytest.raises(LedgerError, match="cannot follow"):
        replay(ledger(*steps), working(5), YEAR_2026)


@pytest.mark.parametrize(
    ("effect", "state", "kind"),
    [
        (ClockEffect.START, ClockState.NOT_STARTED, START),
        (ClockEffect.START, ClockState.RUNNING, None),  # counted from filing already
        (ClockEffect.START, ClockState.PAUSED, RESUME),
        (ClockEffect.PAUSE, ClockState.NOT_STARTED, None),
        (ClockEffect.PAUSE, ClockState.PAUSED, None),
        (ClockEffect.RESUME, ClockState.NOT_STARTED, START),  # the papers complete the dossier
        (ClockEffect.RESUME, ClockState.PAUSED, RESUME),
        (ClockEffect.STOP, ClockState.NOT_STARTED, None),
        (ClockEffect.FINISH, ClockState.PAUSED, FINISH),
        (ClockEffect.WAIT, ClockState.RUNNING, WAIT),
        (ClockEffect.WAIT, ClockState.WAITING, None),
        (ClockEffect.RESUME, ClockState.WAITING, RESUME),
        (ClockEffect.PAUSE, ClockState.WAITING, PAUSE),
        (ClockEffect.FINISH, ClockState.WAITING, FINISH),
        (ClockEffect.EXTEND, ClockState.RUNNING, EXTEND),
        (ClockEffect.EXTEND, ClockState.PAUSED, None),
        *[(ClockEffect.NONE, state, None) for state in ClockState],
        *[(effect, ClockState.ENDED, None) for effect in ClockEffect],
    ],
)
def test_what_a_step_writes(
    effect: ClockEffect, state: ClockState, kind: ClockEventKind | None
) -> None:
    assert entry_for(effect, state) == kind


@pytest.mark.parametrize(
    ("steps", "today", "expected"),
    [
        ([], "2026-11-20", ClockColour.NOT_STARTED),
        ([(START, "2026-11-20")], "2026-11-24", ClockColour.ON_TIME),
        ([(START, "2026-11-20")], "2026-11-25", ClockColour.SOON),
        ([(START, "2026-11-20")], "2026-11-27", ClockColour.SOON),
        ([(START, "2026-11-20")], "2026-11-28", ClockColour.LATE),
        ([(START, "2026-11-20"), (PAUSE, "2026-11-23")], "2026-12-31", ClockColour.PAUSED),
        ([(START, "2026-11-20"), (WAIT, "2026-11-23")], "2026-12-31", ClockColour.WAITING),
        ([(START, "2026-11-20"), (FINISH, "2026-11-23")], "2026-12-31", ClockColour.ENDED),
    ],
)
def test_colour(steps: list[tuple[ClockEventKind, str]], today: str, expected: ClockColour) -> None:
    clock = replay(ledger(*steps), working(5), YEAR_2026)

    assert colour(clock, day(today), YEAR_2026) is expected


# ------------------------------------------------------------------ against an independent count
def walk(start: date, days: int, waiting: list[tuple[date, date]]) -> date:
    """Count day by day: a day counts when it is worked on and nobody waits for the citizen."""
    current, counted = start, 0
    while counted < days:
        current += timedelta(days=1)
        waited = any(asked < current <= brought for asked, brought in waiting)
        counted += YEAR_2026.is_working(current) and not waited
    return current


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, int, list[tuple[date, date]]]:
    """Draw a receipt, a limit, and pauses of which each begins before the date due by then."""
    received = at(draw(st.dates(day("2025-12-01"), day("2026-10-01"))).isoformat())
    limit = draw(st.integers(2, 25))
    due = due_date(received, working(limit), YEAR_2026)
    pauses: list[tuple[date, date]] = []
    asked = received.date()
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=4)):
        asked += timedelta(days=gap)
        start = YEAR_2026.first_working_day(received.date())
        if asked < start or asked >= walk(start, limit, pauses):
            break
        pauses.append((asked, asked + timedelta(days=length)))
        asked = pauses[-1][1]
    assert due is not None
    return received, limit, pauses


@given(cases())
def test_replay_agrees_with_counting_day_by_day(
    case: tuple[datetime, int, list[tuple[date, date]]],
) -> None:
    received, days, pauses = case
    entries = [Entry(START, received)]
    for asked, brought in pauses:
        entries.append(Entry(PAUSE, at(asked.isoformat())))
        entries.append(Entry(RESUME, at(brought.isoformat())))

    clock = replay(entries, working(days), YEAR_2026)

    start = YEAR_2026.first_working_day(received.date())
    assert clock.due_on == walk(start, days, pauses)
