"""The forecast held against what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from citizens.models import Unit
from portal.reporting.enums import OTHER, CountKind
from portal.reporting.forecast.weeks import WEEK, monday, weeks_between, weeks_from
from portal.reporting.models import ForecastSnapshot, WeekCount
from portal.reporting.selectors.series import Series

LOOKED_AT = 26  # past weeks
# How long before a week its forecast was made: this week's work, a month's, a quarter's planning.
AHEAD = (0, 4, 13)
# A forecast of a week may be older than wanted where none was kept for a while; not older than so.
_STALE = 8


@dataclass(frozen=True, slots=True)
class PastWeek:
    """What was expected of a week so long before it, and what happened."""

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
    """How far a series' forecasts made `ahead` weeks before were off in the last weeks."""

    series: Series
    ahead: int
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
    """Return, for each series and each of AHEAD, the full weeks before `day` so foretold.

    A unit's own counts and those of the units below it. Those of which nothing was foretold so
    early are left out. Two queries, whatever has been kept.
    """
    first, since = monday(day), monday(day) - LOOKED_AT * WEEK
    kept = _kept(unit, since, first)
    happened = _happened(unit, since, first)
    found = []
    for one in series:
        rows = [row for row in kept if (row.kind, row.key) == (one.kind, one.key)]
        for ahead in AHEAD:
            weeks = [
                _compared(row, week, happened.get((one.kind, one.key, week), 0))
                for week, row in _foretold(rows, ahead, since, first)
            ]
            if weeks:
                found.append(OwnError(one, ahead, tuple(weeks)))
    return found


_Key = tuple[str, str, date]


def _kept(unit: Unit, since: date, first: date) -> list[ForecastSnapshot]:
    earliest = since - (max(AHEAD) + _STALE) * WEEK
    rows = ForecastSnapshot.objects.filter(unit=unit, made_on__gte=earliest, made_on__lt=first)
    return list(rows.order_by("made_on"))


def _foretold(
    rows: Sequence[ForecastSnapshot], ahead: int, since: date, first: date
) -> Iterator[tuple[date, ForecastSnapshot]]:
    """Yield past weeks, each with the last expectation made at least `ahead` weeks before it.

    One made within the week itself rests on the weeks before it: that is 0 weeks ahead.
    """
    for week in weeks_from(since, weeks_between(since, first)):
        until = week - (ahead - 1) * WEEK
        for row in reversed(rows):
            if row.made_on < until and 0 <= weeks_between(row.first_week, week) < len(row.expected):
                if row.made_on >= until - (_STALE + 1) * WEEK:
                    yield week, row
                break


def _happened(unit: Unit, since: date, first: date) -> dict[_Key, int]:
    here = Unit.objects.within(unit).values("pk")
    rows = WeekCount.objects.filter(week__gte=since, week__lt=first).exclude(kind=CountKind.DUE)
    mine = rows.filter(Q(unit__in=here) & ~Q(key=OTHER) | Q(unit=unit, key=OTHER))
    totals = mine.values_list("kind", "key", "week").annotate(total=Sum("count")).order_by()
    return {(kind, key, week): total for kind, key, week, total in totals}


def _compared(row: ForecastSnapshot, week: date, happened: int) -> PastWeek:
    at = weeks_between(row.first_week, week)
    return PastWeek(week, row.made_on, row.expected[at], row.low[at], row.high[at], happened)
