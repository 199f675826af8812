"""What part of dossiers is settled on time: by unit and field, in a period, from the kept sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Min, Q, QuerySet, Sum, Value

from portal.common.sql import Statement
from portal.reporting.enums import ALL_FIELDS, Outcome
from portal.reporting.models import CountedDossier, SettledMonth

Rows = QuerySet[Any, Any]
# A look at the index for each field, instead of at every sum or dossier.
_FIELDS = """
WITH RECURSIVE settled (field) AS (
  SELECT min(field) FROM reporting_settledmonth
  UNION ALL
  SELECT (SELECT min(field) FROM reporting_settledmonth WHERE field > settled.field)
  FROM settled WHERE settled.field IS NOT NULL
), unfinished (field) AS (
  SELECT min(field) FROM reporting_counteddossier WHERE finished_on IS NULL
  UNION ALL
  SELECT (
    SELECT min(field) FROM reporting_counteddossier
    WHERE finished_on IS NULL AND field > unfinished.field
  )
  FROM unfinished WHERE unfinished.field IS NOT NULL
)
SELECT field FROM settled UNION SELECT field FROM unfinished
"""
# What is told of a row that is unfinished beyond its last day, beside the outcomes of the settled.
OVERDUE = "overdue"
_OVERDUE = Value(OVERDUE, CharField())


@dataclass(frozen=True, slots=True)
class Tally:
    """Dossiers of a period: settled early, on time, late, and unfinished beyond their last day.

    Those without a legal term (`no_term`) are settled too, and part of no share.
    """

    early: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    no_term: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.early + other.early,
            self.on_time + other.on_time,
            self.late + other.late,
            self.overdue + other.overdue,
            self.no_term + other.no_term,
        )

    @property
    def in_time(self) -> int:
        """The numerator: early or on time."""
        return self.early + self.on_time

    @property
    def counted(self) -> int:
        """The denominator: settled with a term, and unfinished beyond it."""
        return self.in_time + self.late + self.overdue

    @property
    def share(self) -> float | None:
        """The part settled in time, from 0 to 1; None where nothing is counted."""
        return self.in_time / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class Months:
    """A period of whole months, both ends included; `until` is the day on which it is looked at.

    Of a period that has not ended that is the day before today, else its last day.
    """

    first: date
    last: date
    until: date

    @classmethod
    def between(cls, first: date, last: date, today: date) -> Months:
        """Return the months of `first` to `last` (any days of them), as they look on `today`."""
        begin, end = first.replace(day=1), _last_day(last)
        return cls(begin, end, min(end, today - timedelta(days=1)))

    def a_year_before(self) -> Months:
        """Return the same months of the year before as they ended, but for those not begun yet."""
        first = self.first.replace(year=self.first.year - 1)
        begun = max(self.first, self.until).replace(day=1)
        last = _last_day(begun.replace(year=begun.year - 1))
        return Months(first, last, last)


def _last_day(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def tallies(*, months: Months, field: str = "", unit: int | None = None) -> dict[int, Tally]:
    """Return what each unit (by key) settled in the months, of one field only where it is named.

    Of one unit only where its key is given.

    Carried over: what was due until the period's last day and was unfinished then counts as overdue
    in it, wherever it was filed; finished later it counts as late in the month in which that is.
    """
    chosen: dict[str, Any] = {}
    if unit is not None:
        chosen["unit"] = unit
    return _together(months, "unit", chosen, Q(field=field))


def by_field(*, months: Months, units: Iterable[int]) -> dict[str, Tally]:
    """Return what some units settled in the months, by field."""
    return _together(months, "field", {"unit__in": list(units)}, ~Q(field=ALL_FIELDS))


def _together(months: Months, key: str, chosen: dict[str, Any], of_field: Q) -> dict[Any, Tally]:
    """Return tallies by `key`, a column that sums and rows have both (one query).

    `of_field` says which sums: of one field, of all together, or of each.
    """
    settled = _in(months).filter(of_field, **chosen).values_list(key, "outcome")
    later = _finished_later(months).filter(of_field, **chosen).values_list(key, _OVERDUE)
    # Of an unfinished dossier there is the row alone: all fields together are simply all rows.
    of_rows = Q() if of_field == Q(field=ALL_FIELDS) else of_field
    still = _open(months).filter(of_rows, **chosen).values_list(key, _OVERDUE)
    counts = settled.annotate(Sum("count")).union(
        later.annotate(Sum("count")), still.annotate(number=Count("*")), all=True
    )
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    for one, outcome, count in counts:
        found[one][outcome] = found[one].get(outcome, 0) + count
    return {one: Tally(**told) for one, told in found.items()}


def by_month(*, months: Months, units: Iterable[int]) -> dict[date, Tally]:
    """Return what some units settled in each of the months; what is unfinished is left out."""
    sums = _in(months).filter(unit__in=list(units), field=ALL_FIELDS)
    rows = sums.values_list("month", "outcome")
    found: dict[date, Tally] = defaultdict(Tally)
    for month, outcome, count in rows.annotate(Sum("count")):
        found[month] += Tally(**{outcome: count})
    return dict(found)


def fields_counted() -> list[str]:
    """Return the fields of which dossiers are counted, by name."""
    found = {name for (name,) in Statement(_FIELDS).fetch()}
    return sorted(found - {None, ALL_FIELDS})


def first_month() -> date | None:
    """Return the first month in which anything was settled, None before that."""
    found: Mapping[str, date | None] = SettledMonth.objects.aggregate(first=Min("month"))
    return found["first"]


def _in(months: Months) -> Rows:
    return SettledMonth.objects.filter(month__range=(months.first, months.last)).order_by()


def _finished_later(months: Months) -> Rows:
    """The sums of those that were late when the period ended and have been finished since."""
    late = SettledMonth.objects.filter(outcome=Outcome.LATE, due_month__lte=months.until)
    return late.filter(month__gt=months.last).order_by()


def _open(months: Months) -> Rows:
    """Those that are late and unfinished still."""
    return CountedDossier.objects.filter(_is_late_on(months.until), finished_on=None).order_by()


def still_late(months: Months) -> Q:
    """Return the condition of the unfinished that are beyond their last day since the months."""
    return _is_late_on(months.until) & Q(finished_on=None)


def finished_later(months: Months) -> Q:
    """Return the condition of those that were so when the months ended and are finished now."""
    return Q(finished_on__gt=months.last, due_on__lte=months.until)


def carried(months: Months) -> Q:
    """Return the condition of dossiers unfinished beyond their last day when the months ended."""
    return finished_later(months) | still_late(months)


def _is_late_on(day: date) -> Q:
    """The condition that an unfinished dossier was beyond its last day when `day` ended.

    While the clock waits for somebody else no day counts.
    """
    return Q(due_on__lte=day) & (Q(held_on=None) | Q(due_on__lt=F("held_on")))
