"""Writes of dossiers: one use case a file, one transaction each."""

from __future__ import annotations

from dossiers.services.advance import advance
from dossiers.services.decide import decide, return_result
from dossiers.services.freeze_form import AnswersRefusedError
from dossiers.services.save_draft import save_draft
from dossiers.services.submit_dossier import submit_dossier

__all__ = [
    "AnswersRefusedError",
    "advance",
    "decide",
    "return_result",
    "save_draft",
    "submit_dossier",
]
