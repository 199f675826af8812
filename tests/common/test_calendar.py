"""Working days on the calendar of 2026, and what holds for every calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common.calendar import CalendarError, WorkingCalendar

# The calendar of 2026 as offices keep it: the package's days, and our two corrections of January.
OFF_2026 = [
    (1, 1), (1, 2),
    (2, 16), (2, 17), (2, 18), (2, 19), (2, 20),
    (4, 27), (4, 30), (5, 1),
    (8, 31), (9, 1), (9, 2),
]  # fmt: skip
YEAR_2026 = WorkingCalendar(
    days_off=frozenset(date(2026, month, day) for month, day in OFF_2026),
    working_days=frozenset({date(2026, 1, 10), date(2026, 8, 22)}),
)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2025, 12, 31), True),  # the Wednesday before the year ends
        (date(2026, 1, 1), False),  # New Year
        (date(2026, 1, 2), False),  # off, against the make-up Saturday: the package does not know
        (date(2026, 1, 3), False),  # plain Saturday
        (date(2026, 1, 5), True),
        (date(2026, 1, 10), True),  # the make-up Saturday
        (date(2026, 1, 11), False),  # the Sunday after it
        (date(2026, 2, 13), True),  # last Friday before Tết
        (date(2026, 2, 14), False),  # the weekend that opens Tết
        (date(2026, 2, 16), False),
        (date(2026, 2, 17), False),  # first day of the year Bính Ngọ
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),  # back at work
        (date(2026, 8, 22), True),  # make-up Saturday for 31 August
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), True),  # its status as a day off is not confirmed: not in the table
    ],
)
def test_which_days_are_worked(day: date, is_working: bool) -> None:
    assert YEAR_2026.is_working(day) is is_working


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday + 1 = Monday
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a start on a day off: the next is the first
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # over New Year and its bridge
        (date(2026, 1, 5), 5, date(2026, 1, 10)),  # the fifth day is the working Saturday
        (date(2026, 1, 9), 1, date(2026, 1, 10)),
        (date(2026, 1, 9), 2, date(2026, 1, 12)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết
        (date(2026, 2, 11), 5, date(2026, 2, 25)),
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # Hùng Kings' day
        (date(2026, 4, 29), 1, date(2026, 5, 4)),
        (date(2026, 8, 28), 1, date(2026, 9, 3)),
        (date(2026, 8, 21), 2, date(2026, 8, 24)),  # Saturday 22 August counts
    ],
)
def test_nth_working_day(start: date, count: int, due: date) -> None:
    assert YEAR_2026.add_working_days(start, count) == due


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 2, 13), date(2026, 2, 23), 1),
        (date(2026, 2, 14), date(2026, 2, 22), 0),
        (date(2026, 1, 9), date(2026, 1, 12), 2),
        (date(2026, 11, 27), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 20), 0),
    ],
)
def test_working_days_between(first: date, last: date, count: int) -> None:
    assert YEAR_2026.working_days_between(first, last) == count


def test_first_working_day_stays_where_the_office_works() -> None:
    assert YEAR_2026.first_working_day(date(2026, 1, 10)) == date(2026, 1, 10)
    assert YEAR_2026.first_working_day(date(2026, 2, 15)) == date(2026, 2, 23)


def test_rest_days_are_named() -> None:
    resting = YEAR_2026.rest_days_between(date(2026, 4, 29), date(2026, 5, 4))

    assert resting == [date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)]


def test_a_deadline_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        YEAR_2026.add_working_days(date(2026, 11, 20), -1)


def test_a_day_cannot_be_off_and_worked() -> None:
    twice = frozenset({date(2026, 1, 10)})

    with pytest.raises(CalendarError, match="10/01/2026"):
        WorkingCalendar(days_off=twice, working_days=twice)


def test_a_calendar_that_never_works_again_says_so() -> None:
    first = date(2026, 1, 1)
    broken = WorkingCalendar(days_off=frozenset(first + timedelta(days=n) for n in range(200)))

    with pytest.raises(CalendarError, match="No working day"):
        broken.next_working_day(first)


# ---------------------------------------------------------------- what holds for every calendar
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31))
counts = st.integers(min_value=0, max_value=90)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    off = draw(st.frozensets(days, max_size=30))
    worked = draw(st.frozensets(days, max_size=10))
    return WorkingCalendar(days_off=off - worked, working_days=worked)


@given(calendars(), days, counts)
def test_counting_back_gives_what_was_added(
    calendar: WorkingCalendar, start: date, count: int
) -> None:
    due = calendar.add_working_days(start, count)

    assert calendar.working_days_between(start, due) == count
    assert count == 0 or calendar.is_working(due)


@given(calendars(), days, counts, counts)
def test_adding_twice_is_adding_the_sum(
    calendar: WorkingCalendar, start: date, one: int, two: int
) -> None:
    stepwise = calendar.add_working_days(calendar.add_working_days(start, one), two)

    assert stepwise == calendar.add_working_days(start, one + two)


@given(calendars(), days, days)
def test_every_day_works_or_rests(calendar: WorkingCalendar, one: date, other: date) -> None:
    first, last = sorted((one, other))

    worked = calendar.working_days_between(first, last)
    rested = calendar.rest_days_between(first, last)

    assert worked + len(rested) == (last - first).days
    assert not any(calendar.is_working(day) for day in rested)
