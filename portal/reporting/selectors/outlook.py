"""The weeks behind and ahead of one unit, as a page shows them: counted, expected, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from django.db.models import Q, Sum

from citizens.models import Unit
from portal.reporting.enums import OTHER, Basis, CountKind
from portal.reporting.forecast.weeks import WEEK, YEAR, monday, weeks_between, weeks_from
from portal.reporting.models import ForecastSnapshot, WeekCount
from portal.reporting.selectors.series import DatedRule, Series

BACK = 26  # weeks of the past that are shown before those to come


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of work of a unit: the series expected of it and, of a rule, its known dates."""

    series: Series
    rule: DatedRule | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a unit; None where a number does not apply or is not known.

    `happened` is of full weeks that are over, the others of this week and those to come. `low` and
    `high` hold what happens in 80 % of the cases.
    """

    week: date
    happened: int | None = None
    due: int | None = None
    expected: float | None = None
    low: int | None = None
    high: int | None = None

    @property
    def load(self) -> float:
        """What is to be done: what is expected, else what is known to be due."""
        return self.expected if self.expected is not None else float(self.due or 0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A unit's weeks, what the expectations rest on, and when they were made."""

    past: tuple[Week, ...]
    ahead: tuple[Week, ...]
    bases: frozenset[Basis]
    made_on: date | None

    @property
    def peak(self) -> Week | None:
        """The week to come with the highest load; None where nothing is to come."""
        best = max(self.ahead, key=lambda one: one.load, default=None)
        return best if best is not None and best.load > 0 else None


def outlook(*, parts: Sequence[Part], unit: Unit, day: date, with_model: bool) -> Outlook:
    """Return the 26 weeks before that of `day` and the 52 from it on, all parts added up.

    Without `with_model` only what was counted. A constant number of queries.
    """
    first = monday(day)
    kept = _snapshots(parts, unit, day) if with_model else []
    expected = [_weeks_of(one, first) for one in kept]
    happened, due = _counted(parts, unit, first)
    ahead = [
        _week(week, number, due, [rows[number] for rows in expected if rows[number]])
        for number, week in enumerate(weeks_from(first, YEAR))
    ]
    past = [Week(week, happened=happened.get(week, 0)) for week in weeks_from(_back(first), BACK)]
    return Outlook(
        tuple(past) if happened else (),
        tuple(ahead),
        frozenset(Basis(one.basis) for one in kept),
        max((one.made_on for one in kept), default=None),
    )


Interval = tuple[float, int, int]


def _week(
    week: date, number: int, due: Mapping[date, int] | None, rows: Iterable[Interval | None]
) -> Week:
    """Add the parts of a week up; their errors are taken to be independent of each other."""
    known = [row for row in rows if row is not None]
    counted = None if due is None else due.get(week, 0)
    if not known:
        return Week(week, due=counted)
    total = sum(expected for expected, _low, _high in known)
    below = sqrt(sum((expected - low) ** 2 for expected, low, _high in known))
    above = sqrt(sum((high - expected) ** 2 for expected, _low, high in known))
    low, high = max(round(total - below), 0), round(total + above)
    return Week(week, due=counted, expected=total, low=low, high=high)


def _snapshots(parts: Sequence[Part], unit: Unit, day: date) -> list[ForecastSnapshot]:
    """Return the newest expectation of each part that was made by `day`."""
    wanted = {(one.series.kind, one.series.key) for one in parts}
    rows = ForecastSnapshot.objects.filter(unit=unit, made_on__lte=day)
    newest = rows.order_by("kind", "key", "-made_on").distinct("kind", "key")
    return [row for row in newest if (CountKind(row.kind), row.key) in wanted]


def _weeks_of(row: ForecastSnapshot, first: date) -> list[Interval | None]:
    """Return a snapshot's weeks from `first` on, None beyond its end."""
    skip = weeks_between(row.first_week, first)
    weeks: list[Interval | None] = [
        *zip(row.expected[skip:], row.low[skip:], row.high[skip:], strict=True)
    ]
    return (weeks + [None] * YEAR)[:YEAR]


def _counted(
    parts: Sequence[Part], unit: Unit, first: date
) -> tuple[Mapping[date, int], Mapping[date, int] | None]:
    """Return what happened in the past weeks, and what is due in those ahead."""
    keys = [(one.series.kind, one.series.key) for one in parts]
    due = [one.rule.key for one in parts if one.rule]
    # What no rule suggested is counted at the office that decides it, everything else at home.
    below = Q(unit__in=Unit.objects.within(unit).values("pk")) & ~Q(key=OTHER)
    rows = WeekCount.objects.filter(below | Q(unit=unit, key=OTHER))
    found = rows.filter(week__gte=_back(first)).values_list("kind", "key", "week")
    happened: dict[date, int] = {}
    ahead: dict[date, int] = {}
    for kind, key, week, total in found.annotate(total=Sum("count")).order_by():
        if week < first and (CountKind(kind), key) in keys:
            happened[week] = happened.get(week, 0) + total
        if week >= first and kind == CountKind.DUE and key in due:
            ahead[week] = ahead.get(week, 0) + total
    return happened, ahead if due else None


def _back(first: date) -> date:
    return first - BACK * WEEK
