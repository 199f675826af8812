"""The forecast held against what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from citizens.models import Unit
from portal.reporting.enums import OTHER, CountKind
from portal.reporting.forecast.weeks import WEEK, monday, weeks_between
from portal.reporting.models import ForecastSnapshot, WeekCount
from portal.reporting.selectors.series import Series

LOOKED_AT = 26  # past weeks


@dataclass(frozen=True, slots=True)
class PastWeek:
    """What was expected of a week, the last time from the weeks before it, and what happened."""

    week: date
    made_on: date
    expected: float
    low: int
    high: int
    happened: int

    @property
    def is_inside(self) -> bool:
        """Whether it came within the interval."""
        return self.low <= self.happened <= self.high


@dataclass(frozen=True, slots=True)
class OwnError:
    """How far a series' forecasts were off in the last weeks."""

    series: Series
    weeks: tuple[PastWeek, ...]

    @property
    def mae(self) -> float:
        """The mean absolute error, in dossiers or events a week."""
        return sum(abs(one.happened - one.expected) for one in self.weeks) / len(self.weeks)

    @property
    def inside(self) -> int:
        """How many weeks came within the 80 % interval."""
        return sum(one.is_inside for one in self.weeks)


def own_errors(*, series: Sequence[Series], unit: Unit, day: date) -> list[OwnError]:
    """Return, for each series with such weeks, the full weeks before `day` that had been foretold.

    A unit's own counts and those of the units below it. Two queries.
    """
    first, since = monday(day), monday(day) - LOOKED_AT * WEEK
    foretold = _foretold(unit, since, first)
    happened = _happened(unit, since, first)
    found = []
    for one in series:
        weeks = []
        for (kind, key, week), row in foretold.items():
            if (kind, key) == (one.kind, one.key):
                weeks.append(_compared(row, week, happened.get((kind, key, week), 0)))
        if weeks:
            found.append(OwnError(one, tuple(sorted(weeks, key=lambda past: past.week))))
    return found


_Key = tuple[str, str, date]


def _foretold(unit: Unit, since: date, first: date) -> dict[_Key, ForecastSnapshot]:
    """Return, for each past week, the last expectation that rests on the weeks before it."""
    rows = ForecastSnapshot.objects.filter(unit=unit, first_week__lt=first)
    found: dict[_Key, ForecastSnapshot] = {}
    for row in rows.order_by("made_on"):
        for ahead in range(len(row.expected)):
            week = row.first_week + ahead * WEEK
            if since <= week < first and row.made_on < week + WEEK:
                found[row.kind, row.key, week] = row
    return found


def _happened(unit: Unit, since: date, first: date) -> dict[_Key, int]:
    here = Unit.objects.within(unit).values("pk")
    rows = WeekCount.objects.filter(week__gte=since, week__lt=first).exclude(kind=CountKind.DUE)
    mine = rows.filter(Q(unit__in=here) & ~Q(key=OTHER) | Q(unit=unit, key=OTHER))
    totals = mine.values_list("kind", "key", "week").annotate(total=Sum("count")).order_by()
    return {(kind, key, week): total for kind, key, week, total in totals}


def _compared(row: ForecastSnapshot, week: date, happened: int) -> PastWeek:
    at = weeks_between(row.first_week, week)
    return PastWeek(week, row.made_on, row.expected[at], row.low[at], row.high[at], happened)
