"""The honest clock: counting, the ledger, and the sentence that explains a due date. All pure."""

from __future__ import annotations

from dossiers.sla.counting import Limit, due_date, start_day
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
    "explain",
    "follow",
    "replay",
    "soon_until",
    "start_day",
]
