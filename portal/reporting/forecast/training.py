"""Learning a series from its history, offline. The one place that needs scikit-learn.

The last 52 weeks are held out: a first model never sees them, its forecast of them from the day
before they began is compared with what happened and with the baselines, and those figures stay with
the document. The coefficients that are used are then learnt from all weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from portal.reporting.enums import Basis
from portal.reporting.forecast.baseline import BASELINES
from portal.reporting.forecast.expecting import Means, expect_by_baseline, expect_by_model
from portal.reporting.forecast.features import (
    LAGS,
    Exposure,
    Levels,
    calendar_features,
    features,
)
from portal.reporting.forecast.history import History
from portal.reporting.forecast.intervals import Outcome, Spread, spread_of
from portal.reporting.forecast.model import Figures, SeriesModel
from portal.reporting.forecast.weeks import WEEK, YEAR, weeks_from

# A year to look back, a year to learn from, a year held out.
LEAST_WEEKS = LAGS + 2 * YEAR
_EVERY = 13  # a forecast is practised from a day in each quarter
_PENALTY = 1e-3  # keeps coefficients of features that never vary at nought
_DIGITS = 6
_NONE = Figures(0.0, 0.0, 0.0)


class TooLittleError(ValueError):
    """There is too little history to learn from."""


@dataclass(frozen=True, slots=True)
class Habits:
    """When people act on a due date; see `features.exposure`."""

    profile: tuple[float, ...]
    earliest: int


@dataclass(slots=True)
class _Practice:
    """Rows of features with what happened, and to which unit's week each belongs."""

    rows: list[list[float]]
    actual: list[int]
    places: list[tuple[int, int]]  # (day of forecast, week)


def train(
    history: History,
    *,
    zones: Mapping[int, str],
    due: Exposure | None = None,
    habits: Habits | None = None,
) -> SeriesModel:
    """Learn a series; the same history gives the same model.

    TooLittleError below `LEAST_WEEKS` weeks or where nothing ever happened, ImportError where
    scikit-learn is not installed.
    """
    if history.length < LEAST_WEEKS or history.mean == 0:
        raise TooLittleError
    known = history.until(history.length - YEAR)
    if known.mean == 0:
        raise TooLittleError
    trial = _fit(known, zones, due, habits)
    forecast = expect_by_model(trial, known, zones=zones, due=due)
    figures = _figures(forecast.means, trial.spread, history)
    baselines = {
        basis: _figures(expect_by_baseline(known, basis).means, None, history)
        for basis in BASELINES
    }
    return replace(
        _fit(history, zones, due, habits),
        held_out_from=known.end,
        figures=figures,
        baselines=baselines,
    )


def _fit(
    history: History, zones: Mapping[int, str], due: Exposure | None, habits: Habits | None
) -> SeriesModel:
    """Learn the coefficients from a history, and the spread from its own errors."""
    from sklearn.linear_model import PoissonRegressor  # installed where one trains

    practice = _practise(history, zones, due)
    if not any(practice.actual):  # whatever happened, happened before the weeks one learns from
        raise TooLittleError
    learner = PoissonRegressor(alpha=_PENALTY, solver="newton-cholesky")
    learner.fit(practice.rows, practice.actual)
    model = SeriesModel(
        coefficients=tuple(round(float(weight), _DIGITS) for weight in learner.coef_),
        intercept=round(float(learner.intercept_), _DIGITS),
        mean=round(history.mean, _DIGITS),
        spread=Spread(),
        held_out_from=history.end,
        weeks=history.length,
        figures=_NONE,
        baselines={Basis.LAST_WEEKS: _NONE},
        profile=habits.profile if habits else (),
        earliest=habits.earliest if habits else 0,
        share=0.0 if due is None else round(_share(history, due), _DIGITS),
    )
    return _with_spread(model, practice)


def _practise(history: History, zones: Mapping[int, str], due: Exposure | None) -> _Practice:
    """Make forecasts from a day in each quarter, for the year after it as far as it is known."""
    practice, mean = _Practice([], [], []), history.mean
    calendars = [calendar_features(history.first + at * WEEK) for at in range(history.length)]
    for start in range(LAGS, history.length, _EVERY):
        for unit, counts in history.counts.items():
            levels = Levels.of(counts[:start], mean)
            for at in range(start, min(start + YEAR, history.length)):
                week = history.first + at * WEEK
                practice.rows.append(
                    features(
                        calendars[at],
                        ahead=at - start + 1,
                        zone=zones.get(unit, ""),
                        levels=levels,
                        mean=mean,
                        due=None if due is None else due.at(unit, week),
                    )
                )
                practice.actual.append(counts[at])
                practice.places.append((start, at))
    return practice


def _share(history: History, due: Exposure) -> float:
    """Return how many of those whose dates were known have acted."""
    weeks = list(enumerate(weeks_from(history.first, history.length)))
    known = [(unit, at, due.at(unit, week)) for unit in history.counts for at, week in weeks]
    expected = sum(amount for _unit, _at, amount in known)
    filed = sum(history.counts[unit][at] for unit, at, amount in known if amount)
    return filed / expected if expected else 0.0


def _with_spread(model: SeriesModel, practice: _Practice) -> SeriesModel:
    singles = [
        Outcome(model.expect(row), actual)
        for row, actual in zip(practice.rows, practice.actual, strict=True)
    ]
    totals: dict[tuple[int, int], Outcome] = {}
    for place, one in zip(practice.places, singles, strict=True):
        so_far = totals.get(place, Outcome(0.0, 0))
        totals[place] = Outcome(so_far.expected + one.expected, so_far.actual + one.actual)
    spread = spread_of(singles, totals.values())
    rounded = Spread(round(spread.phi, _DIGITS), round(spread.tau2, _DIGITS))
    return replace(model, spread=rounded)


def _figures(means: Means, spread: Spread | None, history: History) -> Figures:
    """Compare a forecast of a history's last year with what happened."""
    singles, totals = list(_singles(means, history)), list(_totals(means, history))
    return Figures(
        rmse=_rounded(sqrt(_mean([(one.actual - one.expected) ** 2 for one in singles]))),
        mae=_rounded(_mean([abs(one.actual - one.expected) for one in singles])),
        city_mae=_rounded(_mean([abs(one.actual - one.expected) for one in totals])),
        coverage=None if spread is None else _covered(singles, spread),
        city_coverage=None if spread is None else _covered(totals, spread),
    )


def _singles(means: Means, history: History) -> Iterator[Outcome]:
    for unit, expected in means.items():
        for mean, actual in zip(expected, history.counts[unit][-YEAR:], strict=True):
            yield Outcome(mean, actual)


def _totals(means: Means, history: History) -> Iterator[Outcome]:
    for ahead in range(YEAR):
        expected = sum(row[ahead] for row in means.values())
        yield Outcome(expected, history.total(history.length - YEAR + ahead))


def _covered(outcomes: Sequence[Outcome], spread: Spread) -> float:
    inside = 0
    for one in outcomes:
        low, high = spread.interval(one.expected)
        inside += low <= one.actual <= high
    return _rounded(inside / len(outcomes))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _rounded(value: float) -> float:
    return round(value, 4)
