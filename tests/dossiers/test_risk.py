"""Which automatic decisions are looked at, and what the looks tell of all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from random import Random

import pytest

from dossiers import risk
from dossiers.risk import Looked, Situation

NOTHING = Situation(
    facts_age_days=0,
    correction_count=0,
    changed_recently=False,
    filed_by_helper=False,
    amount_vnd=0,
    is_first_time=False,
)
MOST = Situation(
    facts_age_days=4000,
    correction_count=40,
    changed_recently=True,
    filed_by_helper=True,
    amount_vnd=10**9,
    is_first_time=True,
)


@pytest.mark.parametrize(("situation", "value"), [(NOTHING, 0.0), (MOST, 1.0)])
def test_features_are_those_listed_each_from_nought_to_one(
    situation: Situation, value: float
) -> None:
    assert risk.features_of(situation) == dict.fromkeys(risk.FEATURES, value)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, 0.05),
        ({"first_time": 1.0}, 0.12517),
        ({"first_time": -1.0}, 0.018992),
        ({"religion": 9.0}, 0.05),
        ({"first_time": 1e9}, 1.0),
        ({"first_time": -1e9}, 0.0),
    ],
)
def test_risk_is_logistic_in_the_listed_features_only(
    weights: dict[str, float], expected: float
) -> None:
    features = {"first_time": 1.0, "religion": 1.0}

    found = risk.risk_of(features, weights, risk.log_odds(0.05))

    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(0.05, 0.2), (0.10, 0.4), (0.025, 0.1), (0.0, 0.05), (0.9, 1.0)],
)
def test_the_chance_of_a_look_follows_the_risk_within_bounds(
    weight: float, expected: float
) -> None:
    found = risk.share_of(risk=weight, baseline=0.05, usual=0.2, least=0.05)

    assert found == pytest.approx(expected)


def digests(count: int, salt: str = "") -> Iterator[bytes]:
    for number in range(count):
        yield hashlib.sha256(f"{salt}{number}".encode()).digest()


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5, 1.0])
def test_of_many_decisions_the_share_is_drawn_and_the_same_ones_again(share: float) -> None:
    drawn = [risk.is_drawn(digest, share) for digest in digests(20_000)]

    assert sum(drawn) / len(drawn) == pytest.approx(share, abs=0.012)
    assert drawn == [risk.is_drawn(digest, share) for digest in digests(20_000)]


def test_nothing_is_told_before_the_first_look() -> None:
    assert risk.error_rate([], decided_count=10, drawn_count=0) is None


def test_a_wrong_one_counts_one_over_its_chance() -> None:
    looks = [Looked(0.1, is_wrong=True), *[Looked(0.5, is_wrong=False)] * 20]

    found = risk.error_rate(looks, decided_count=50, drawn_count=21)

    assert found is not None
    assert found.rate == pytest.approx(10 / 50)
    assert (found.looked_count, found.wrong_count) == (21, 1)
    assert found.low < found.rate < found.high


def test_looks_that_are_still_to_come_do_not_make_the_rate_smaller() -> None:
    looks = [Looked(0.5, is_wrong=index < 2) for index in range(10)]

    found = risk.error_rate(looks, decided_count=40, drawn_count=20)

    assert found is not None
    assert found.rate == pytest.approx(2 * 2 * 2 / 40)


def test_no_error_found_is_not_no_error() -> None:
    found = risk.error_rate([Looked(0.2, is_wrong=False)] * 30, decided_count=150, drawn_count=30)

    assert found is not None
    assert found.rate == 0.0
    assert found.low == pytest.approx(0.0, abs=1e-9)
    assert 0.05 < found.high < 0.15


def test_the_interval_holds_the_true_rate_in_nineteen_of_twenty_populations() -> None:
    random = Random(7)  # noqa: S311 - the same each time
    held = unweighted_bias = 0.0
    runs = 400
    for run in range(runs):
        looks, wrongs, drawn_wrong, size = [], 0, 0, 1500
        for digest in digests(size, f"{run}:"):
            is_risky = random.random() < 0.2
            share = 0.5 if is_risky else 0.1
            is_wrong = random.random() < (0.2 if is_risky else 0.02)
            wrongs += is_wrong
            if risk.is_drawn(digest, share):
                looks.append(Looked(share, is_wrong))
                drawn_wrong += is_wrong
        found = risk.error_rate(looks, decided_count=size, drawn_count=len(looks))
        assert found is not None
        held += found.low <= wrongs / size <= found.high
        unweighted_bias += drawn_wrong / len(looks) - wrongs / size
    assert held / runs >= 0.93
    # A plain share of the looks would be far off: risky ones are looked at more often.
    assert unweighted_bias / runs > 0.03


def test_the_brier_score_is_the_mean_square() -> None:
    assert risk.brier([(0.5, True, 1.0), (0.0, False, 1.0)]) == pytest.approx(0.125)
    assert risk.brier([(0.5, True, 1.0), (0.0, False, 9.0)]) == pytest.approx(0.025)
    with pytest.raises(ValueError, match="Nothing"):
        risk.brier([])
