"""The weeks ahead of one series: by the model, else by a baseline, and which of them it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.reporting.enums import Basis
from portal.reporting.forecast.baseline import baseline, baseline_spread, best_known
from portal.reporting.forecast.features import (
    LAGS,
    Exposure,
    Levels,
    calendar_features,
    features,
)
from portal.reporting.forecast.history import History
from portal.reporting.forecast.intervals import Spread
from portal.reporting.forecast.model import SeriesModel
from portal.reporting.forecast.weeks import YEAR, weeks_from

Means = Mapping[int, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of each unit in each week from the Monday `first` on, and how surely."""

    first: date
    basis: Basis
    means: Means
    spread: Spread

    def total(self, units: Sequence[int]) -> tuple[float, ...]:
        """Return the sum over some units, a number a week."""
        rows = [self.means[unit] for unit in units if unit in self.means]
        length = len(next(iter(self.means.values()), ()))
        return tuple(map(sum, zip(*rows, strict=True))) if rows else (0.0,) * length

    def intervals(self, units: Sequence[int]) -> list[tuple[int, int]]:
        """Return the 80 % interval of that sum, week by week."""
        return [self.spread.interval(mean) for mean in self.total(units)]


def expect_by_model(
    model: SeriesModel, history: History, *, zones: Mapping[int, str], due: Exposure | None = None
) -> Expectation:
    """Apply a model to the 52 weeks after a history of at least `LAGS` weeks."""
    calendars = [calendar_features(week) for week in weeks_from(history.end, YEAR)]
    means = {}
    for unit, counts in history.counts.items():
        levels = Levels.of(counts, model.mean)
        weeks = []
        for ahead, week in enumerate(weeks_from(history.end, YEAR), start=1):
            row = features(
                calendars[ahead - 1],
                ahead=ahead,
                zone=zones.get(unit, ""),
                levels=levels,
                mean=model.mean,
                due=None if due is None else due.at(unit, week),
            )
            weeks.append(model.expect(row))
        means[unit] = tuple(weeks)
    return Expectation(history.end, Basis.MODEL, means, model.spread)


def expect_by_baseline(history: History, basis: Basis) -> Expectation:
    """Return what a baseline expects of the 52 weeks after a history that suffices for it."""
    means = {
        unit: tuple(baseline(counts, ahead, basis) for ahead in range(1, YEAR + 1))
        for unit, counts in history.counts.items()
    }
    return Expectation(history.end, basis, means, baseline_spread(history, basis))


def expect_by_dates(due: Exposure, first: date, units: Sequence[int]) -> Expectation:
    """Return what known dates alone let expect where nobody's habits are known: everybody acts."""
    weeks = list(weeks_from(first, YEAR))
    means = {unit: tuple(due.at(unit, week) for week in weeks) for unit in units}
    return Expectation(first, Basis.KNOWN, means, Spread())


def expect(
    model: SeriesModel | None,
    history: History,
    *,
    zones: Mapping[int, str],
    due: Exposure | None = None,
) -> Expectation | None:
    """Return the best forecast that may be used; None where nothing can be said.

    The model, if it beat the baselines and the history suffices; else the better baseline; of a
    series with due dates rather the dates themselves.
    """
    if model is not None and model.is_better and history.length >= LAGS:
        return expect_by_model(model, history, zones=zones, due=due)
    if due is not None:
        return expect_by_dates(due, history.end, list(history.counts))
    basis = best_known(history)
    if model is not None and basis is Basis.LAST_YEAR:
        basis = model.best_baseline
    return None if basis is None else expect_by_baseline(history, basis)
