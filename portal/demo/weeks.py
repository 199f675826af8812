"""Made-up weeks of the past, so that a trial has a history to foretell from.

Events and dossiers of three and a half years by unit and week, in proportion to the people who live
there; what was due follows what is due now, a whole number of years later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from django.db.models import Count

from citizens.enums import LifeEventKind
from citizens.models import Citizen
from portal.demo.copying import copy_rows
from portal.reporting.enums import OTHER, CountKind
from portal.reporting.forecast.features import exposure
from portal.reporting.forecast.history import History
from portal.reporting.forecast.simulating import Shape, draw, simulate
from portal.reporting.forecast.weeks import WEEK, YEAR, monday, weeks_between
from portal.reporting.models import WeekCount
from portal.reporting.selectors.histories import due_of, places, usual_habits
from portal.reporting.selectors.series import DatedRule, dated_rules
from portal.reporting.services.count_weeks import count_weeks

WEEKS = 182
# A year for each person: births of 15 in a thousand, and so on.
_RATES: Mapping[str, tuple[float, Shape]] = {
    LifeEventKind.BIRTH_NOTIFIED: (0.015, Shape(season=0.12, peak=4.9, tet=0.9)),
    LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED: (0.02, Shape(season=0.05, tet=0.3)),
    LifeEventKind.CONSTRUCTION_PERMIT_ISSUED: (0.004, Shape(season=0.3, peak=1.2, tet=0.1)),
    LifeEventKind.MOVED: (0.03, Shape(season=0.25, peak=4.2, tet=0.15)),
    LifeEventKind.BUSINESS_REGISTERED: (0.006, Shape(season=0.1, peak=0.9, tet=0.1, trend=0.08)),
}
_OTHER_RATE = 0.12
_SHARE = 0.62  # of those who are due file
_COLUMNS = ("kind", "key", "unit_id", "week", "count", "most", "counted_on")

Row = tuple[str, str, int, date, int, int, date]


def remember_weeks(*, day: date, seed: int) -> int:
    """Count the weeks ahead of `day` and make those behind it up; return how many rows that are."""
    count_weeks(day=day)
    here = list(places(day=day).values_list("pk", flat=True))
    people = dict.fromkeys(here, 0)
    living = Citizen.objects.alive().filter(unit__in=here).order_by()
    people.update(living.values_list("unit").annotate(found=Count("*")))
    WeekCount.objects.filter(week__lt=monday(day)).delete()
    return copy_rows(WeekCount, _COLUMNS, _rows(day, people, seed))


def _rows(day: date, people: Mapping[int, int], seed: int) -> Iterator[Row]:
    first = monday(day) - WEEKS * WEEK
    for kind, (rate, shape) in _RATES.items():
        yield from _plain(CountKind.EVENT, kind, _sizes(people, rate), shape, first, seed, day)
    sizes = _sizes(people, _OTHER_RATE)
    yield from _plain(CountKind.FILED, OTHER, sizes, Shape(), first, seed, day)
    for rule in dated_rules(day=day):
        yield from _dated(rule, list(people), first, seed, day)


def _sizes(people: Mapping[int, int], rate: float) -> dict[int, float]:
    return {unit: count * rate / YEAR for unit, count in people.items()}


def _plain(
    kind: CountKind,
    key: str,
    sizes: Mapping[int, float],
    shape: Shape,
    first: date,
    seed: int,
    day: date,
) -> Iterator[Row]:
    history = simulate(sizes, first=first, weeks=WEEKS, shape=shape, seed=f"{key}/{seed}")
    return _written(kind, key, history, day)


def _dated(rule: DatedRule, units: list[int], first: date, seed: int, day: date) -> Iterator[Row]:
    """Yield what was due of a rule, and the dossiers that followed."""
    ahead = due_of(rule, day=day, units=units)
    if ahead is None:
        return
    past = _past_of(ahead, first, Random(f"{rule.key}/{seed}"))  # noqa: S311  reproducible
    yield from _written(CountKind.DUE, rule.key, past, day)
    habits = usual_habits(rule)
    filed = simulate(
        dict.fromkeys(units, _SHARE),
        first=first,
        weeks=WEEKS,
        shape=Shape(season=0.05, trend=0.03),
        seed=f"filed {rule.key}/{seed}",
        due=exposure(past, habits.profile, habits.earliest),
    )
    yield from _written(CountKind.FILED, rule.key, filed, day)


def _past_of(ahead: History, first: date, random: Random) -> History:
    """Return counts that are those of the coming weeks, whole years before, give or take chance."""
    begin = weeks_between(first, ahead.first)
    counts = {}
    for unit, coming in ahead.counts.items():
        year = (*coming, *(0,) * YEAR)[:YEAR]
        counts[unit] = tuple(draw(random, year[(at - begin) % YEAR]) for at in range(WEEKS))
    return History(first, WEEKS, counts)


def _written(kind: CountKind, key: str, history: History, day: date) -> Iterator[Row]:
    for unit, counts in history.counts.items():
        for at, count in enumerate(counts):
            if count:
                yield (kind, key, unit, history.first + at * WEEK, count, count, day)
