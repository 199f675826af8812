"""News of a child's dossier reaches its case, in the transaction of that news."""

from __future__ import annotations

from datetime import datetime

from dossiers.bundle_rules import NEWS
from dossiers.enums import Action, BundleStepState
from dossiers.models import BundleStep, Dossier
from dossiers.services.locks import locked_case
from dossiers.services.move_step import move_step, settle_case


def note_child(*, dossier: Dossier, action: Action, note: str, now: datetime) -> None:
    """Write into the case what a step of the dossier means for it; nothing for most steps.

    The next children become ready here and are filed by `file_next_steps`: a decision never waits
    for them, nor fails with them.
    """
    move = NEWS.get(action)
    if move is None or dossier.bundle_case is None:
        return
    case = locked_case(dossier.bundle_case)
    step = (
        BundleStep.objects.select_related("case", "procedure")
        .filter(dossier=dossier, state=BundleStepState.FILED)
        .first()
    )
    if step is None:
        return
    move_step(step=step, move=move, now=now, reason=note)
    settle_case(case=case, now=now)


def is_child(dossier: Dossier) -> bool:
    """Return whether a case, not the dossier alone, decides what becomes of its suggestion."""
    return (
        dossier.bundle_case_id is not None and BundleStep.objects.filter(dossier=dossier).exists()
    )
