"""Working days: the plain week, corrected by a table of days off and make-up working Saturdays.

Pure: the table comes in, no clock and no database. All days are civil dates (Asia/Ho_Chi_Minh).
Deadlines in working days skip Saturdays, Sundays and public holidays and count make-up Saturdays
(domain.md 1.5); the start day is day 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from portal.common.errors import PortalError

SATURDAY = 5
ONE_DAY = timedelta(days=1)

# Tết, the longest rest, takes two weeks at most; a longer one is a broken table, not a holiday.
LONGEST_REST = 60


class CalendarError(PortalError):
    """A working calendar that contradicts itself or never works again."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Which civil dates are worked on; `days_off` and `working_days` correct the plain week.

    CalendarError when a day stands in both tables.
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a table that says two things about one day."""
        both = self.days_off & self.working_days
        if both:
            raise CalendarError(f"{min(both):%d/%m/%Y} is both a day off and a working day.")

    def known_at(self, instant: datetime) -> WorkingCalendar:
        """Return itself: a calendar that was never changed says at any instant what it says."""
        return self

    def is_working(self, day: date) -> bool:
        """Return whether offices work on `day`."""
        if day in self.working_days:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`, never `day` itself."""
        return next(self._working_after(day))

    def first_working_day(self, day: date) -> date:
        """Return `day` when it is worked on, else the next working day."""
        return day if self.is_working(day) else self.next_working_day(day)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day` (`day` for 0); ValueError below 0."""
        if count < 0:
            raise ValueError("A deadline does not run backwards.")
        days = self._working_after(day)
        for _ in range(count):
            day = next(days)
        return day

    def subtract_working_days(self, day: date, count: int) -> date:
        """Return the day from which `count` working days lead to `day`, itself worked on.

        ``subtract_working_days(add_working_days(d, n), n) == d`` for every working day and count.
        """
        while count > 0 or not self.is_working(day):
            count -= self.is_working(day)
            day -= ONE_DAY
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Return how many working days lie in ``(first, last]``: 0 when `last` is not later.

        ``working_days_between(d, add_working_days(d, n)) == n`` for every day and count.
        """
        span = (last - first).days
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, span + 1))

    def rest_days_between(self, first: date, last: date) -> list[date]:
        """Return the days in ``(first, last]`` that are not worked on, in order."""
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return [day for day in days if not self.is_working(day)]

    def _working_after(self, day: date) -> Iterator[date]:
        """Yield the working days after `day`; CalendarError when none comes for months."""
        rest = 0
        while rest <= LONGEST_REST:
            day += ONE_DAY
            rest += 1
            if self.is_working(day):
                rest = 0
                yield day
        raise CalendarError(f"No working day within {LONGEST_REST} days before {day:%d/%m/%Y}.")


class Calendars(Protocol):
    """Whatever can say how the working calendar stood at an instant."""

    def known_at(self, instant: datetime) -> WorkingCalendar:
        """Return the calendar as it stood then."""


@dataclass(frozen=True)
class DayChange:
    """The table was changed at an instant: `was` worked on, off, or (None) as the plain week."""

    at: datetime
    day: date
    was: bool | None


@dataclass(frozen=True)
class CalendarHistory:
    """The calendar as it is, and its changes, latest first: what it was is had by undoing them."""

    latest: WorkingCalendar
    changes: tuple[DayChange, ...] = ()

    def known_at(self, instant: datetime) -> WorkingCalendar:
        """Return the calendar as it stood at `instant`."""
        undone: dict[date, bool | None] = {}
        for change in self.changes:
            if change.at <= instant:
                break
            undone[change.day] = change.was
        if not undone:
            return self.latest
        off = {day for day, was in undone.items() if was is False}
        worked = {day for day, was in undone.items() if was}
        return WorkingCalendar(
            days_off=frozenset(self.latest.days_off - undone.keys() | off),
            working_days=frozenset(self.latest.working_days - undone.keys() | worked),
        )
