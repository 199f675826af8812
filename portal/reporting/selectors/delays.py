"""Why dossiers of a unit were late, and what part was in time once upheld disputes are heard."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from citizens.models import Unit
from citizens.selectors import working_calendar
from dossiers.enums import DelayKind, DisputeState
from dossiers.models import DelayCause
from dossiers.sla import days_late_corrected
from portal.reporting.enums import Outcome
from portal.reporting.models import CountedDossier
from portal.reporting.selectors.settled import Months, Tally, finished_later, still_late

_DAYS = ("due_on", "finished_on", "held_on")
# Of fewer late dossiers than these no single one is told.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Late:
    """Late or overdue dossiers: working days late and granted, days by cause; all of them summed.

    `excused` is how many count as in time after all. `is_alike` where each is like the others.
    """

    dossiers: int
    days: int
    granted: int
    causes: tuple[int, ...]
    excused: int
    is_alike: bool = True


@dataclass(frozen=True, slots=True)
class Delays:
    """The late and overdue of a unit and period: working days by cause, and who is excused.

    `causes` are as last stated by the office, `unstated` days that nobody explained. `excused` is
    how many dossiers were in time once the days are taken off that upheld disputes granted.
    """

    late: int
    days: int
    causes: Mapping[DelayKind, int]
    unstated: int
    excused: int

    def corrected(self, tally: Tally) -> int:
        """Return the numerator of the corrected share: the excused count as settled in time."""
        return tally.in_time + self.excused


def delays_of(*, months: Months, unit: Unit) -> Delays:
    """Return the delays of what the unit settled late in the months or had overdue at their end."""
    rows = late_dossiers(months=months, unit=unit)
    grouped = _grouped(months, unit)
    days_late = _DaysLate(min((row[0] for row in grouped), default=months.until), months.until)
    total = sum(count * days_late(*days) for *days, count in grouped)
    causes = _causes(rows, days_late)
    return Delays(
        late=sum(count for *_days, count in grouped),
        days=total,
        causes=causes,
        unstated=total - sum(causes.values()),
        excused=_excused(rows, days_late),
    )


def late_dossiers(*, months: Months, unit: Unit) -> QuerySet[CountedDossier]:
    """Return what the unit settled late in the months or had overdue at their end."""
    late = _late_in(months) | still_late(months)
    return CountedDossier.objects.filter(late, unit=unit).order_by()


def late_rows(*, months: Months, unit: Unit) -> list[Late]:
    """Return the dossiers behind `delays_of`, those that are alike together, in a fixed order.

    Of fewer than `FEWEST` only their sums are told. Causes are in the order of `DelayKind`.
    """
    rows = late_dossiers(months=months, unit=unit)
    days = {key: one for key, *one in rows.values_list("pk", *_DAYS)}
    first = min((one[0] for one in days.values()), default=months.until)
    days_late = _DaysLate(first, months.until)
    granted = {key: number for *_days, key, number in _granted(rows)}
    causes: dict[int, Counter[DelayKind]] = defaultdict(Counter)
    for key, kind, number in _stated(rows, days_late):
        causes[key][kind] += number
    each = Counter(
        _late(days_late(*one), granted.get(key), causes[key]) for key, one in days.items()
    )
    if len(days) < FEWEST:
        whole = [one for one, number in each.items() for _ in range(number)]
        return [_together(whole)] if whole else []
    ordered = sorted(each, key=lambda one: (one.days, one.granted, one.causes))
    return [_together([one] * each[one]) for one in ordered]


def _late(days: int, granted: int | None, causes: Mapping[DelayKind, int]) -> Late:
    excused = granted is not None and not days_late_corrected(days, granted)
    by_cause = tuple(causes.get(kind, 0) for kind in DelayKind)
    return Late(1, days, granted or 0, by_cause, int(excused))


def _together(found: list[Late]) -> Late:
    return Late(
        len(found),
        sum(one.days for one in found),
        sum(one.granted for one in found),
        tuple(sum(days) for days in zip(*(one.causes for one in found), strict=True)),
        sum(one.excused for one in found),
        is_alike=len(set(found)) == 1,
    )


def _late_in(months: Months) -> Q:
    """Those settled late, in the months or after them; of both the index of the late knows."""
    settled = Q(finished_on__range=(months.first, months.last)) | finished_later(months)
    return Q(outcome=Outcome.LATE) & settled


def _grouped(months: Months, unit: Unit) -> list[tuple[Any, ...]]:
    """Return how many have the same days: of the settled and the unfinished each by its index."""
    rows = CountedDossier.objects.filter(unit=unit).order_by()
    settled, unfinished = (
        rows.filter(which).values_list(*_DAYS).annotate(number=Count("*"))
        for which in (_late_in(months), still_late(months))
    )
    return list(settled.union(unfinished, all=True))


class _DaysLate:
    """Working days beyond the last one, as they stood on the day after the period's `until`.

    The working days since `first` are counted once: a year's late ones need no look at each day.
    """

    def __init__(self, first: date, until: date) -> None:
        calendar = working_calendar()
        days = (first + timedelta(days=n) for n in range((until - first).days + 2))
        worked = accumulate((calendar.is_working(day) for day in days), initial=0)
        self._worked, self._first = list(worked), first
        self._last = until + timedelta(days=1)

    def __call__(self, due_on: date, finished_on: date | None, held_on: date | None) -> int:
        """Return the days from the one after `due_on` to the end, the wait or that day."""
        last = min(one for one in (finished_on, held_on, self._last) if one)
        return max(self._until(last) - self._until(due_on), 0)

    def _until(self, day: date) -> int:
        return self._worked[(day - self._first).days + 1]


def _causes(rows: QuerySet[CountedDossier], days_late: _DaysLate) -> dict[DelayKind, int]:
    """Return days by cause of all of them."""
    found: Counter[DelayKind] = Counter()
    for _key, kind, days in _stated(rows, days_late):
        found[kind] += days
    return {kind: days for kind, days in found.items() if days}


def _stated(
    rows: QuerySet[CountedDossier], days_late: _DaysLate
) -> Iterator[tuple[int, DelayKind, int]]:
    """Yield dossier, cause and days as they were stated last; no more than it is late."""
    stated = DelayCause.objects.filter(dossier__counted_as__in=rows, days__gt=0)
    columns = ("dossier_id", "happened_at", *(f"dossier__counted_as__{name}" for name in _DAYS))
    last: dict[int, object] = {}
    room: dict[int, int] = {}
    # The last statement of each comes first; what was said before it is left out.
    ordered = stated.order_by("dossier_id", "-happened_at", "pk").values_list(
        *columns, "kind", "days"
    )
    for key, moment, due_on, finished_on, held_on, kind, days in ordered:
        if key not in last:
            last[key], room[key] = moment, days_late(due_on, finished_on, held_on)
        if last[key] == moment:
            counted = min(days, room[key])
            room[key] -= counted
            yield key, DelayKind(kind), counted


def _excused(rows: QuerySet[CountedDossier], days_late: _DaysLate) -> int:
    """Return how many are no longer late once the days granted by upheld disputes are off."""
    return sum(
        not days_late_corrected(days_late(due_on, finished_on, held_on), days)
        for due_on, finished_on, held_on, _key, days in _granted(rows)
    )


def _granted(rows: QuerySet[CountedDossier]) -> QuerySet[Any, Any]:
    """Return days, key and working days granted of those with an upheld dispute."""
    upheld = rows.filter(dossier__disputes__state=DisputeState.UPHELD)
    return upheld.values_list(*_DAYS, "pk").annotate(Sum("dossier__disputes__excused_days"))
