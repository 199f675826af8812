from __future__ import annotations

import pytest

from portal.reporting.forecast.intervals import Outcome, Spread, spread_of

POISSON = Spread()


@pytest.mark.parametrize(
    ("mean", "low", "high"),
    [(0.0, 0, 0), (0.05, 0, 0), (1.0, 0, 2), (9.0, 5, 13), (100.0, 87, 113)],
)
def test_the_interval_of_plain_chance_is_poisson_s(mean: float, low: int, high: int) -> None:
    assert POISSON.interval(mean) == (low, high)


@pytest.mark.parametrize("mean", [350.0, 399.9, 400.1, 5_000.0])
def test_large_counts_go_over_to_the_normal_distribution(mean: float) -> None:
    low, high = POISSON.interval(mean)

    assert (high - low) / 2 == pytest.approx(1.2816 * mean**0.5, abs=1.1)


def test_what_moves_all_units_widens_the_sum_most() -> None:
    spread = Spread(phi=1.0, tau2=0.01)
    low, high = spread.interval(10_000.0)

    assert high - low > 2_400  # plain chance would make it 257


def test_the_variance_is_found_again() -> None:
    """Units err by 2 each, alone: their own chance explains it. Together: something common does."""
    alone = [Outcome(4.0, 4 + sign * 2) for sign in (1, -1)] * 50
    sums = [Outcome(8.0, 8)] * 50
    together = [Outcome(8.0, 8 + sign * 4) for sign in (1, -1)] * 25

    assert spread_of(alone, sums) == Spread(1.0, 0.0)
    assert spread_of(alone, together).tau2 > 0
    assert spread_of([], []) == Spread()
