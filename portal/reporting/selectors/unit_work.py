"""How one unit works: where its open dossiers are, how long settling took, who leads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Func, IntegerField, OuterRef, Subquery

from citizens.enums import Role
from citizens.models import Grant, Unit
from dossiers.enums import Status
from dossiers.models import Stage
from portal.reporting.models import CountedDossier
from portal.reporting.selectors.settled import Months

# So many dossiers must be in a step before it is named: a rare one would name whose dossier it is.
FEWEST = 5
_CUT = 0.05


@dataclass(frozen=True, slots=True)
class Spread:
    """Calendar days from filing to settling: half and nine in ten took no longer.

    `mean` is winsorised: what lies outside the 5th and 95th percentile counts as these (`low`,
    `high`), so that no single dossier moves it. The two percentiles are the same with and without.
    """

    number: int
    half: int
    nine_in_ten: int
    mean: float
    low: int
    high: int


def spread_of(days: Mapping[int, int]) -> Spread | None:
    """Return the spread of a histogram (days: how many), None where nothing was settled.

    A percentile is the least number of days that so many did not exceed.
    """
    number = sum(days.values())
    if not number:
        return None
    low, half, nine, high = (_percentile(days, part) for part in (_CUT, 0.5, 0.9, 1 - _CUT))
    cut = sum(min(max(one, low), high) * count for one, count in days.items())
    return Spread(number, half, nine, cut / number, low, high)


def _percentile(days: Mapping[int, int], part: float) -> int:
    wanted, reached = part * sum(days.values()), 0
    for one in sorted(days):
        reached += days[one]
        if reached >= wanted:
            return one
    raise AssertionError(days)


def days_taken(*, months: Months, unit: Unit) -> dict[int, int]:
    """Return how many dossiers the unit settled in the months, by days since they were filed."""
    rows = CountedDossier.objects.filter(
        unit=unit, finished_on__range=(months.first, months.last)
    ).order_by()
    # Of two dates PostgreSQL's own difference, a number: an interval of each takes twice as long.
    taken = Func(
        F("finished_on"),
        F("filed_on"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    counted = rows.annotate(taken=taken).values_list("taken").annotate(number=Count("*"))
    return dict(counted)


def open_now(*, unit: Unit) -> list[tuple[Status, str, int]]:
    """Return the open dossiers by status and step inside the office ("" none), most first.

    A step with few dossiers is not named: they stand with those of their status without one.
    """
    entered = Stage.objects.filter(
        dossier=OuterRef("pk"), entered_at__isnull=False, left_at__isnull=True
    )
    rows = CountedDossier.objects.filter(unit=unit, finished_on=None).order_by()
    told = rows.annotate(step=Subquery(entered.order_by("position").values("name_vi")[:1]))
    found: Counter[tuple[Status, str]] = Counter()
    for status, step, count in told.values_list("dossier__status", "step").annotate(Count("pk")):
        found[Status(status), (step or "") if count >= FEWEST else ""] += count
    return sorted(
        ((*where, count) for where, count in found.items()), key=lambda one: (-one[2], *one[:2])
    )


def heads_of(*, unit: Unit, day: date) -> list[Grant]:
    """Return the confirmed grants of those who lead offices of the unit itself on `day`."""
    grants = Grant.objects.standing(day).filter(
        role=Role.HEAD_OF_UNIT, unit=unit, official__agency__unit=unit
    )
    rows = grants.select_related("official__user", "official__agency")
    return list(rows.order_by("official__agency__name_vi", "official"))
