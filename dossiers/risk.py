"""Which automatic decisions a person looks at: risk, chance of a look, the draw, what it tells.

Pure functions. The risk of a decision is the chance that it was wrong, a logistic function of the
features listed here. The draw is a keyed hash of the dossier, so that nobody, official or citizen,
can choose or foresee it, and every look can be checked by drawing again. Because each decision had
a known chance, the error rate of all of them is estimated from those looked at (Horvitz and
Thompson 1952): a wrong one counts one over its chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

BASELINE = 0.05
"""The error rate that is assumed before any decision was looked at."""

FEATURES: tuple[str, ...] = (
    "facts_age",
    "corrections",
    "recent_change",
    "filed_by_helper",
    "amount",
    "first_time",
)
"""What the weight may look at, each from 0 to 1; nothing else about a person enters it."""

_YEAR, _MANY_CORRECTIONS, _MUCH_VND = 365, 5, 1_000_000
_Z = 1.96  # two-sided 95 %


@dataclass(frozen=True)
class Situation:
    """What is known of a dossier when it is decided: days, counts, đồng."""

    facts_age_days: int
    correction_count: int
    changed_recently: bool
    filed_by_helper: bool
    amount_vnd: int
    is_first_time: bool


def features_of(situation: Situation) -> dict[str, float]:
    """Return each of FEATURES from 0 (nothing of it) to 1 (a year, five corrections, a million)."""
    return {
        "facts_age": _part(situation.facts_age_days, _YEAR),
        "corrections": _part(situation.correction_count, _MANY_CORRECTIONS),
        "recent_change": float(situation.changed_recently),
        "filed_by_helper": float(situation.filed_by_helper),
        "amount": _part(situation.amount_vnd, _MUCH_VND),
        "first_time": float(situation.is_first_time),
    }


def risk_of(features: Mapping[str, float], weights: Mapping[str, float], intercept: float) -> float:
    """Return the chance, from 0 to 1, that a decision with these features was wrong.

    Features that no weight names count for nothing; `intercept` is in log odds (`log_odds`).
    """
    score = intercept + sum(weights.get(name, 0.0) * features.get(name, 0.0) for name in FEATURES)
    bounded = max(-30.0, min(30.0, score))
    return 1.0 / (1.0 + exp(-bounded))


def log_odds(rate: float) -> float:
    """Return a rate as log odds; rates of 0 and 1 are moved inside by one in ten thousand."""
    inside = min(max(rate, 1e-4), 1 - 1e-4)
    return log(inside / (1 - inside))


def share_of(*, risk: float, baseline: float, usual: float, least: float) -> float:
    """Return the chance of a look: `usual` at the baseline's risk, in proportion above and below.

    Never under `least` and never over 1.
    """
    return min(1.0, max(least, usual * risk / max(baseline, 1e-4)))


def is_drawn(digest: bytes, share: float) -> bool:
    """Return whether a decision with this keyed digest (8 bytes or more) is looked at.

    Of many decisions with the chance `share` that share is; the same digest gives the same answer.
    """
    return int.from_bytes(digest[:8]) < share * 2.0**64


@dataclass(frozen=True)
class Looked:
    """A decision that was drawn with the chance `share` and looked at."""

    share: float
    is_wrong: bool


@dataclass(frozen=True)
class ErrorRate:
    """The estimated rate with its 95 % interval, and how many looks it stands on."""

    rate: float
    low: float
    high: float
    looked_count: int
    wrong_count: int


def error_rate(
    looks: Sequence[Looked], *, decided_count: int, drawn_count: int
) -> ErrorRate | None:
    """Return the error rate of `decided_count` decisions; None before the first look.

    `drawn_count` counts those drawn, looked at or not yet: which of them are looked at first is
    taken to say nothing of them. The rate is Horvitz and Thompson's total over the decided, the
    interval Wilson's with Kish's effective number of looks, which stays honest when none was wrong.
    """
    if not looks or decided_count < 1:
        return None
    response = len(looks) / max(drawn_count, len(looks))
    weights = [1.0 / (look.share * response) for look in looks]
    wrong = sum(w for w, look in zip(weights, looks, strict=True) if look.is_wrong)
    rate = min(1.0, wrong / decided_count)
    effective = sum(weights) ** 2 / sum(w * w for w in weights)
    low, high = _wilson(rate, effective)
    return ErrorRate(rate, low, high, len(looks), sum(look.is_wrong for look in looks))


def brier(told: Sequence[tuple[float, bool, float]]) -> float:
    """Return the mean squared error of (predicted chance, what was found, weight); 0 is perfect.

    The weight is one over the chance of the look: what is risky is looked at more often, and would
    count too much of all decisions. ValueError for nothing.
    """
    if not told:
        raise ValueError("Nothing was predicted.")
    total = sum(weight for _chance, _found, weight in told)
    return sum(weight * (chance - float(found)) ** 2 for chance, found, weight in told) / total


def _part(value: float, whole: float) -> float:
    return min(1.0, max(0.0, value / whole))


def _wilson(rate: float, count: float) -> tuple[float, float]:
    square = _Z * _Z / count
    middle = (rate + square / 2) / (1 + square)
    half = _Z / (1 + square) * sqrt(rate * (1 - rate) / count + square / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)
