"""What an office can decide in a week, against what is expected of it.

A case officer decides 1,600 dossiers a year in an urban unit, 1,200 in a rural one and 800 in a
disadvantaged one: the programme's measure (domain.md 1.7), spread over the year's working days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.reporting.forecast.weeks import WEEK, monday, weeks_from, working_days

A_YEAR: Mapping[str, int] = {"urban": 1_600, "rural": 1_200, "disadvantaged": 800}


def week_capacity(*, officers: int, zone: str, week: date) -> float:
    """Return how many dossiers the officers of a zone decide in a week; 0 in a week of rest."""
    return officers * A_YEAR[zone] * working_days(week) / _days_of_year(week.year)


@lru_cache(maxsize=64)
def _days_of_year(year: int) -> int:
    first = monday(date(year, 1, 4))  # the first ISO week of a year holds its 4th of January
    count = (monday(date(year + 1, 1, 4)) - first).days // 7
    return sum(working_days(week) for week in weeks_from(first, count)) * 52 // count


@dataclass(frozen=True, slots=True)
class Busy:
    """A run of weeks, both ends included, in which more is expected than can be decided."""

    first: date
    last: date
    excess: float


def busy_weeks(first: date, loads: Sequence[float], capacities: Sequence[float]) -> list[Busy]:
    """Return the runs of weeks from the Monday `first` on whose load is above the capacity."""
    runs: list[Busy] = []
    weeks = weeks_from(first, len(loads))
    for week, load, capacity in zip(weeks, loads, capacities, strict=True):
        excess = load - capacity
        if excess <= 0:
            continue
        if runs and runs[-1].last + WEEK == week:
            runs[-1] = Busy(runs[-1].first, week, runs[-1].excess + excess)
        else:
            runs.append(Busy(week, week, excess))
    return runs
