"""A made-up past for trials and tests: births, moves and dossiers with a season, Tết and chance.

The same seed gives the same past. Nothing here is learnt from real people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import cos, exp, log, sqrt
from random import Random

from portal.reporting.forecast.features import Exposure
from portal.reporting.forecast.history import History
from portal.reporting.forecast.weeks import angle, weeks_from, weeks_to_tet, working_days

_FEW = 30.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How a series behaves.

    `season` is the height of one wave a year that peaks at `peak` (an angle), `tet` what is left of
    a week's number in the week of Tết, `trend` the growth a year, `common` the standard deviation
    of what moves all units together in a week.
    """

    season: float = 0.15
    peak: float = 4.5
    tet: float = 0.3
    trend: float = 0.02
    common: float = 0.05


def simulate(
    sizes: Mapping[int, float],
    *,
    first: date,
    weeks: int,
    shape: Shape,
    seed: str,
    due: Exposure | None = None,
) -> History:
    """Return counts for units of the given weekly means; with `due` they follow known due dates."""
    random = Random(seed)  # noqa: S311  reproducible, no secret
    counts: dict[int, list[int]] = {unit: [] for unit in sizes}
    for number, week in enumerate(weeks_from(first, weeks)):
        factor = _factor(week, number, shape) * exp(random.gauss(0.0, shape.common))
        for unit, size in sizes.items():
            mean = factor * (size if due is None else due.at(unit, week) * size)
            counts[unit].append(draw(random, mean))
    return History(first, weeks, {unit: tuple(row) for unit, row in counts.items()})


def _factor(week: date, number: int, shape: Shape) -> float:
    level = shape.season * cos(angle(week) - shape.peak) + shape.trend * number / 52
    if weeks_to_tet(week) == 0:
        level += log(shape.tet)
    return exp(level) * min(working_days(week), 5) / 5 if shape.tet < 1 else exp(level)


def draw(random: Random, mean: float) -> int:
    """Return a Poisson count with this mean."""
    if mean <= 0:
        return 0
    if mean > _FEW:
        return max(round(random.gauss(mean, sqrt(mean))), 0)
    limit, count, product = exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count
