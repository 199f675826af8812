"""The simplest forecasts that deserve the name; a model no better than these is not used."""

from __future__ import annotations

from portal.reporting.enums import Basis
from portal.reporting.forecast.features import RECENT
from portal.reporting.forecast.history import History
from portal.reporting.forecast.intervals import Outcome, Spread, spread_of
from portal.reporting.forecast.weeks import YEAR

BASELINES = (Basis.LAST_YEAR, Basis.LAST_WEEKS)
NEEDS = {Basis.LAST_YEAR: YEAR, Basis.LAST_WEEKS: RECENT}


def baseline(counts: tuple[int, ...], ahead: int, basis: Basis) -> float:
    """Return what a baseline expects of the week `ahead` (1 … 52) after the last of `counts`.

    LAST_YEAR: the count of the same week one year before. LAST_WEEKS: the mean of the last eight.
    `counts` has at least as many weeks as `NEEDS` says.
    """
    if basis is Basis.LAST_YEAR:
        return float(counts[len(counts) - 1 - YEAR + ahead])
    return sum(counts[-RECENT:]) / RECENT


def best_known(history: History) -> Basis | None:
    """Return the baseline for which the history suffices, the seasonal one first; else None."""
    return next((basis for basis in BASELINES if history.length >= NEEDS[basis]), None)


def baseline_spread(history: History, basis: Basis) -> Spread:
    """Return how far the baseline would have been off over the last year that it can be asked of.

    Around zero there is no room to err; half of the unit's mean is mixed in for the interval.
    """
    weeks = range(NEEDS[basis], history.length)[-YEAR:]
    singles: list[Outcome] = []
    totals: list[Outcome] = []
    for at in weeks:
        expected = {
            unit: baseline(counts[:at], 1, basis) for unit, counts in history.counts.items()
        }
        singles += [Outcome(expected[unit], history.counts[unit][at]) for unit in expected]
        totals.append(Outcome(sum(expected.values()), history.total(at)))
    return spread_of(singles, totals)
