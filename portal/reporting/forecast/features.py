"""What the model looks at for one unit and one week. The list is the model's whole knowledge.

Everything is known on the day of the forecast for all 52 weeks ahead. Levels are logarithms of
means that are drawn towards a wider mean by `_WEIGHT` weeks' worth of it, so that a small commune's
chance weeks do not swing them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, log, sin

from portal.reporting.forecast.history import History
from portal.reporting.forecast.weeks import YEAR, angle, weeks_between, weeks_to_tet, working_days

NAMES = (
    "year_sin_1",  # the season: three waves of the year
    "year_cos_1",
    "year_sin_2",
    "year_cos_2",
    "year_sin_3",
    "year_cos_3",
    "tet_two_weeks_before",
    "tet_week_before",
    "tet_week",
    "tet_week_after",
    "tet_two_weeks_after",
    "days_off",  # of the five weekdays
    "trend",  # years ahead of the day of the forecast
    "size",  # the unit's own level over the last year
    "zone_urban",  # against rural
    "zone_disadvantaged",
    "recent",  # the last 8 weeks against the last year
    "year_ago",  # the same weeks of last year against that year
    "due",  # what known due dates let expect, against the unit's level; 0 where nothing is due
)
RECENT = 8
LAGS = 53  # weeks of history that a forecast needs before its first week
_WEIGHT = 8.0
_TET = (-2, -1, 0, 1, 2)
_URBAN, _DISADVANTAGED = "urban", "disadvantaged"


@dataclass(frozen=True, slots=True)
class Levels:
    """A unit's levels on the day of a forecast, and last year's weeks."""

    size: float
    recent: float
    past: tuple[float, ...]

    @classmethod
    def of(cls, counts: tuple[int, ...], mean: float) -> Levels:
        """Read them from all weeks up to the forecast (at least `LAGS`); `mean` is the series'."""
        last = counts[-YEAR:]
        size = (sum(last) + _WEIGHT * mean) / (len(last) + _WEIGHT)
        recent = (sum(counts[-RECENT:]) + _WEIGHT * size) / (RECENT + _WEIGHT)
        return cls(size, recent, tuple(map(float, counts[-LAGS:])))

    def year_ago(self, ahead: int) -> float:
        """Return the level around 52 weeks before the week `ahead` (1 is the next one)."""
        at = len(self.past) - 1 - YEAR + ahead
        near = self.past[max(at - 1, 0) : at + 2]
        return (sum(near) + _WEIGHT * self.size) / (len(near) + _WEIGHT)


def calendar_features(week: date) -> list[float]:
    """Return the features that depend on the week alone, in the order of NAMES."""
    turn = angle(week)
    waves = [wave(n * turn) for n in (1, 2, 3) for wave in (sin, cos)]
    distance = weeks_to_tet(week)
    tet = [float(distance == place) for place in _TET]
    return [*waves, *tet, float(5 - min(working_days(week), 5))]


def features(
    calendar: list[float], *, ahead: int, zone: str, levels: Levels, mean: float, due: float | None
) -> list[float]:
    """Return the row of a unit and week, in the order of NAMES; `due` is None where none apply."""
    size = log(levels.size)
    return [
        *calendar,
        ahead / YEAR,
        size,
        float(zone == _URBAN),
        float(zone == _DISADVANTAGED),
        log(levels.recent) - size,
        log(levels.year_ago(ahead)) - size,
        0.0 if due is None else log((due + mean) / (levels.size + mean)),
    ]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What known due dates let expect, by unit, each week from the Monday `first` on."""

    first: date
    amounts: Mapping[int, tuple[float, ...]]

    def at(self, unit: int, week: date) -> float:
        """Return the amount of a unit and week; 0 outside of what is known."""
        place = weeks_between(self.first, week)
        amounts = self.amounts.get(unit, ())
        return amounts[place] if 0 <= place < len(amounts) else 0.0


def exposure(due: History, profile: Sequence[float], earliest: int) -> Exposure:
    """Return how many dossiers known dates let expect in each week, if everybody acts.

    `profile[i]` is the share of people who file `earliest - i` weeks before the week in which their
    fact is due (below 0: after it); the shares add up to 1.
    """
    amounts = {unit: _spread(counts, profile, earliest) for unit, counts in due.counts.items()}
    return Exposure(due.first, amounts)


def _spread(counts: tuple[int, ...], profile: Sequence[float], earliest: int) -> tuple[float, ...]:
    weeks = [0.0] * len(counts)
    for at, count in enumerate(counts):
        for step, share in enumerate(profile if count else ()):
            place = at - earliest + step
            if 0 <= place < len(weeks):
                weeks[place] += count * share
    return tuple(weeks)
