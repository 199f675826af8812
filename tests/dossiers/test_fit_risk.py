"""Weights learnt from looks find what was put into them, and are measured on looks held out."""

from __future__ import annotations

from random import Random

import pytest
from django.core.management import CommandError, call_command

from dossiers.automatic.looks import estimated_error
from dossiers.models import AutomaticDecision, RiskModel
from dossiers.risk import FEATURES
from dossiers.services.fit_risk import fit_risk
from portal.common import clock
from portal.common.errors import RefusedError
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db


def looked_at(count: int, *, told_by: str | None) -> None:
    """Store looks of which every second of those with the feature is wrong, else one in twenty."""
    random = Random(3)  # noqa: S311 - the same each time
    first = DossierFactory(ledgers=False)
    for _ in range(count):
        features = {name: float(random.random() < 0.3) for name in FEATURES}
        chance = 0.1 if told_by is None else 0.5 if features[told_by] else 0.05
        AutomaticDecision.objects.create(
            dossier=DossierFactory(
                owner_citizen=first.applicant, competent=first.competent, ledgers=False
            ),
            features=features,
            risk=0.05,
            sample_share=0.5,
            is_sampled=True,
            is_drawn=True,
            verdict="wrong" if random.random() < chance else "upheld",
        )


def test_a_feature_that_tells_is_found_and_beats_the_baseline() -> None:
    looked_at(200, told_by="recent_change")

    model = fit_risk(now=clock.now())

    heaviest = max(FEATURES, key=lambda name: abs(model.weights[name]))
    assert heaviest == "recent_change"
    assert model.weights["recent_change"] > 1
    assert model.measured["brier"] < model.measured["baseline_brier"]
    assert model.measured["looked_count"] == 200
    assert not model.is_on


def test_where_nothing_tells_the_weights_do_not_beat_the_baseline() -> None:
    looked_at(120, told_by=None)

    model = fit_risk(now=clock.now())

    assert model.measured["brier"] >= model.measured["baseline_brier"]


def test_too_few_looks_teach_nothing() -> None:
    looked_at(20, told_by="amount")

    with pytest.raises(RefusedError):
        fit_risk(now=clock.now())
    with pytest.raises(CommandError, match="20"):
        call_command("fit_risk")
    assert not RiskModel.objects.exists()


def test_what_a_citizen_asked_for_does_not_count_in_the_estimate() -> None:
    looked_at(30, told_by=None)
    before = estimated_error(AutomaticDecision.objects.all())
    AutomaticDecision.objects.filter(verdict="wrong").update(is_drawn=False)

    after = estimated_error(AutomaticDecision.objects.all())

    assert before is not None
    assert after is not None
    assert (before.wrong_count > 0, after.wrong_count) == (True, 0)
