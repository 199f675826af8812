"""Weeks, Tết and days off: the calendar as the forecast knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from math import pi

import holidays

WEEK = timedelta(days=7)
YEAR = 52  # weeks that a forecast looks ahead, and back
DAYS_OF_A_YEAR = 365.25
FRIDAY = 4


def monday(day: date) -> date:
    """Return the first day of the ISO week in which `day` lies."""
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> int:
    """Return how many weeks the Monday `last` lies behind the Monday `first`."""
    return (last - first).days // 7


def weeks_from(first: date, count: int) -> Iterator[date]:
    """Yield so many Mondays, beginning with `first`."""
    return (first + n * WEEK for n in range(count))


def angle(week: date) -> float:
    """Return the place of a week's Thursday in the year, as an angle."""
    thursday = week + timedelta(days=3)
    return 2 * pi * (thursday.timetuple().tm_yday - 1) / DAYS_OF_A_YEAR


@lru_cache(maxsize=128)
def _holidays(year: int) -> tuple[frozenset[date], frozenset[date], date]:
    """Return a year's days off, its working Saturdays, and the first day of Tết."""
    known = holidays.country_holidays("VN", years=year, language="en_US")
    tet = next(day for day, name in sorted(known.items()) if name == "Lunar New Year")
    return frozenset(known), frozenset(known.weekend_workdays), tet


def weeks_to_tet(week: date) -> int:
    """Return how many weeks the week lies behind that of the nearest Tết; negative is before."""
    distances = [weeks_between(monday(_holidays(year)[2]), week) for year in _near(week)]
    return min(distances, key=abs)


def working_days(week: date) -> int:
    """Return on how many days of a week offices work, by the statutory calendar.

    The forecast reads this calendar and not the table that officials correct, so that a model and
    its history always speak of the same days.
    """
    return sum(map(_is_working, (week + timedelta(days=n) for n in range(7))))


def _is_working(day: date) -> bool:
    off, made_up, _tet = _holidays(day.year)
    return day in made_up or (day.weekday() <= FRIDAY and day not in off)


def _near(week: date) -> tuple[int, int, int]:
    return week.year - 1, week.year, week.year + 1
