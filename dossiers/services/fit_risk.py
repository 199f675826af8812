"""Learn the risk weights from the decisions that were looked at, and measure them honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dossiers import risk
from dossiers.enums import SampleVerdict
from dossiers.models import AutomaticDecision, RiskModel
from portal.common.errors import RefusedError

LEAST_LOOKS, LEAST_WRONG, FOLDS = 50, 5, 5


@dataclass(frozen=True)
class Example:
    """A look: the features of the decision, one over the chance of the look, what was found."""

    features: tuple[float, ...]
    weight: float
    is_wrong: bool


def fit_risk(*, now: datetime) -> RiskModel:
    """Add and return weights learnt from drawn looks, switched off: people switch them on.

    Each look counts one over its chance, so that rarely drawn decisions are not forgotten. The
    error is measured on looks that the weights were not learnt from (five folds): the Brier score,
    beside that of the base rate alone, both weighted alike. RefusedError below fifty looks or five
    wrong ones, ImportError where scikit-learn is not installed.
    """
    examples = _examples()
    wrong_count = sum(example.is_wrong for example in examples)
    if len(examples) < LEAST_LOOKS or wrong_count < LEAST_WRONG:
        raise RefusedError(
            _("Too little was looked at: %(looks)d looks, %(wrong)d wrong; %(least)s are needed.")
            % {
                "looks": len(examples),
                "wrong": wrong_count,
                "least": f"{LEAST_LOOKS} / {LEAST_WRONG}",
            }
        )
    weights, baseline = _learnt(examples)
    measured = _measured(examples) | {"looked_count": len(examples), "wrong_count": wrong_count}
    return RiskModel.objects.create(
        is_on=False, weights=weights, baseline=baseline, measured=measured, happened_at=now
    )


def _examples() -> list[Example]:
    looked = AutomaticDecision.objects.filter(is_drawn=True).exclude(verdict="").order_by("pk")
    return [
        Example(
            tuple(float(row.features.get(name, 0.0)) for name in risk.FEATURES),
            1.0 / row.sample_share,
            row.verdict == SampleVerdict.WRONG,
        )
        for row in looked
    ]


def _learnt(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """Return the weights with their intercept, and the base rate."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=1000)
    rows = [example.features for example in examples]
    found = [example.is_wrong for example in examples]
    # As many looks as there were: one over a small chance must not drown the regularisation.
    mean = sum(example.weight for example in examples) / len(examples)
    model.fit(rows, found, sample_weight=[example.weight / mean for example in examples])
    weights = dict(zip(risk.FEATURES, map(float, model.coef_[0]), strict=True))
    return weights | {"intercept": float(model.intercept_[0])}, _base_rate(examples)


def _measured(examples: Sequence[Example]) -> dict[str, float]:
    """Return the Brier scores on held-out looks, of the weights and of the base rate alone."""
    by_weights: list[tuple[float, bool, float]] = []
    by_rate: list[tuple[float, bool, float]] = []
    for held_out, rest in _folds(examples):
        weights, rate = _learnt(rest)
        for example in held_out:
            features = dict(zip(risk.FEATURES, example.features, strict=True))
            chance = risk.risk_of(features, weights, weights["intercept"])
            by_weights.append((chance, example.is_wrong, example.weight))
            by_rate.append((rate, example.is_wrong, example.weight))
    return {"brier": risk.brier(by_weights), "baseline_brier": risk.brier(by_rate)}


def _folds(examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """Return (held out, rest) five times; wrong ones are dealt out evenly."""
    ordered = sorted(examples, key=lambda example: example.is_wrong)
    return [
        (
            [one for at, one in enumerate(ordered) if at % FOLDS == fold],
            [one for at, one in enumerate(ordered) if at % FOLDS != fold],
        )
        for fold in range(FOLDS)
    ]


def _base_rate(examples: Sequence[Example]) -> float:
    total = sum(example.weight for example in examples)
    return sum(example.weight for example in examples if example.is_wrong) / total
