"""How far what happens lies from what was expected, and the interval that follows.

The variance of a count is taken to be ``phi · mean + tau² · mean²``: chance that is each unit's own
(more than Poisson's where phi is above 1), and a share that moves all units together in a week. So
the interval of a sum over units is wider than chance alone would make it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, sqrt

LEVEL = 0.8  # of the cases what happens lies inside
_TAIL = (1 - LEVEL) / 2
_NORMAL = 1.2815515655446004  # the 90th percentile of the standard normal distribution
_LARGE = 400.0  # from this mean on the normal distribution is near enough
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """The two parameters of the variance."""

    phi: float = 1.0
    tau2: float = 0.0

    def interval(self, mean: float) -> tuple[int, int]:
        """Return the lowest and the highest count of the 80 % interval around a mean."""
        if mean <= _LEAST:
            return 0, 0
        variance = max(self.phi * mean + self.tau2 * mean * mean, mean)
        if mean > _LARGE:
            half = _NORMAL * sqrt(variance)
            return max(floor(mean - half), 0), ceil(mean + half)
        return _quantiles(mean, variance)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One unit's or all units' week: what was expected and what happened."""

    expected: float
    actual: int


def spread_of(units: Iterable[Outcome], totals: Iterable[Outcome]) -> Spread:
    """Estimate the variance from past errors, of single units and of their sums, by moments."""
    singles, sums = _moments(units), _moments(totals)
    if singles.mean <= _LEAST:
        return Spread()
    phi = max(singles.error2 / singles.mean, 1.0)
    extra = sums.error2 - phi * sums.mean
    tau2 = max(extra / sums.mean2, 0.0) if sums.mean2 > _LEAST else 0.0
    # What moves all together is part of each unit's error as well.
    phi = max((singles.error2 - tau2 * singles.mean2) / singles.mean, 1.0)
    return Spread(phi, tau2)


@dataclass(frozen=True, slots=True)
class _Moments:
    mean: float
    mean2: float
    error2: float


def _moments(outcomes: Iterable[Outcome]) -> _Moments:
    mean = mean2 = error2 = 0.0
    for one in outcomes:
        mean += one.expected
        mean2 += one.expected**2
        error2 += (one.actual - one.expected) ** 2
    return _Moments(mean, mean2, error2)


def _quantiles(mean: float, variance: float) -> tuple[int, int]:
    """Return the 10th and 90th percentile of a (negative binomial) count."""
    low, high, summed, count = None, None, 0.0, 0
    while high is None:
        summed += _probability(count, mean, variance)
        if low is None and summed >= _TAIL:
            low = count
        if summed >= 1 - _TAIL or count > mean + 60 * sqrt(variance):
            high = count
        count += 1
    return low or 0, high


def _probability(count: int, mean: float, variance: float) -> float:
    excess = variance - mean
    if excess <= _LEAST * mean:
        return exp(count * log(mean) - mean - lgamma(count + 1))
    size = mean * mean / excess
    ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    return exp(ways + size * log(size / (size + mean)) + count * log(mean / (size + mean)))
