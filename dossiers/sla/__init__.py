"""The honest clock: counting, the ledger, and the sentence that explains a due date. All pure."""

from __future__ import annotations

from dossiers.sla.counting import OFFICE_HOURS, Limit, due_date, expected_receipt, start_day
from dossiers.sla.ledger import (
    Clock,
    ClockState,
    Entry,
    LedgerError,
    colour,
    colour_of_running,
    entry_for,
    follow,
    replay,
    soon_until,
)
from dossiers.sla.sentence import Sentence, explain

__all__ = [
    "OFFICE_HOURS",
    "Clock",
    "ClockState",
    "Entry",
    "LedgerError",
    "Limit",
    "Sentence",
    "colour",
    "colour_of_running",
    "due_date",
    "entry_for",
    "expected_receipt",
    "explain",
    "follow",
    "replay",
    "soon_until",
    "start_day",
]
