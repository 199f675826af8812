"""Writes of dossiers: one use case a file, one transaction each."""

from __future__ import annotations

from dossiers.services.advance import advance
from dossiers.services.answer_data_request import answer_data_request
from dossiers.services.cancel_data_request import cancel_data_request
from dossiers.services.contest_field import contest_field
from dossiers.services.decide import decide, return_result
from dossiers.services.discard_draft import discard_draft, remove_forgotten_drafts
from dossiers.services.extend_data_request import extend_data_request
from dossiers.services.finish_data_request import finish_data_request
from dossiers.services.follow_calendar import follow_calendar
from dossiers.services.freeze_form import AnswersRefusedError
from dossiers.services.make_data_copy import (
    DataCopy,
    has_open_copy,
    make_data_copy,
    open_data_copy,
)
from dossiers.services.print_letters import print_letters
from dossiers.services.refuse_data_request import refuse_data_request
from dossiers.services.save_draft import save_draft
from dossiers.services.settle_disputes import Grounds, decide_dispute, raise_dispute
from dossiers.services.state_causes import state_causes
from dossiers.services.submit_data_request import submit_data_request
from dossiers.services.submit_dossier import submit_dossier
from dossiers.services.submit_together import submit_together
from dossiers.services.warn_before_limits import note_seen, warn_before_limits

__all__ = [
    "AnswersRefusedError",
    "DataCopy",
    "Grounds",
    "advance",
    "answer_data_request",
    "cancel_data_request",
    "contest_field",
    "decide",
    "decide_dispute",
    "discard_draft",
    "extend_data_request",
    "finish_data_request",
    "follow_calendar",
    "has_open_copy",
    "make_data_copy",
    "note_seen",
    "open_data_copy",
    "print_letters",
    "raise_dispute",
    "refuse_data_request",
    "remove_forgotten_drafts",
    "return_result",
    "save_draft",
    "state_causes",
    "submit_data_request",
    "submit_dossier",
    "submit_together",
    "warn_before_limits",
]
