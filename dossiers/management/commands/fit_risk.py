"""`fit_risk`: learn the risk weights of automatic decisions from those that were looked at."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from dossiers.services.fit_risk import fit_risk
from portal.common import clock
from portal.common.errors import RefusedError

_NO_LIBRARY = (
    "scikit-learn is not installed here; it is only needed to learn:\n"
    "  pip install --require-hashes -r requirements/forecast.txt"
)


class Command(BaseCommand):
    """Learn weights; the newest are used once a head of unit or approver switches them on."""

    help = "Learn the risk weights of automatic decisions from the looks; switched off at first."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Learn and print weights and measured error; CommandError when there is too little."""
        try:
            row = fit_risk(now=clock.now())
        except ImportError as error:
            raise CommandError(_NO_LIBRARY) from error
        except RefusedError as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        console = Console()
        measured = row.measured
        console.print(f"{measured['looked_count']} looks, {measured['wrong_count']} wrong")
        console.print(
            f"Brier score {measured['brier']:.4f}, of the baseline {measured['baseline_brier']:.4f}"
        )
        for name, weight in row.weights.items():
            console.print(f"  {name}: {weight:+.3f}")
        console.print("Switched off. Switch it on at the desk of post-inspection.")
