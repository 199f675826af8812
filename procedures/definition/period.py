"""A period of each year, as MM-DD/MM-DD; one that ends earlier than it begins ends a year later.

Where a year has no 29 February the 28th is meant.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Self

_ORDINARY_YEAR = 2027


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a yearly period, as (month, day)."""

    first: tuple[int, int]
    last: tuple[int, int]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read MM-DD/MM-DD; ValueError for anything else."""
        first, _, last = text.partition("/")
        return cls(_month_and_day(first), _month_and_day(last))

    @property
    def days(self) -> int:
        """How many days the last lies behind the first; without a 29 February in between."""
        return (self.last_day(_ORDINARY_YEAR) - self.first_day(_ORDINARY_YEAR)).days

    def first_day(self, year: int) -> date:
        """Return the day on which the period of a year begins."""
        return _day(year, self.first)

    def last_day(self, year: int) -> date:
        """Return the last day of the period that begins in a year."""
        return _day(year + (self.last < self.first), self.last)


def _month_and_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day


def _day(year: int, place: tuple[int, int]) -> date:
    month, day = place
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
