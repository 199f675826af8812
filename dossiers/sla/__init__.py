"""The honest clock: counting, the ledger, and the sentence that explains a due date. All pure."""

from __future__ import annotations

from dossiers.sla.counting import OFFICE_HOURS, Limit, due_date, expected_receipt, start_day
from dossiers.sla.ledger import (
    Clock,
    ClockState,
    Entry,
    ExtensionFault,
    LedgerError,
    entry_for,
    extension_fault,
    follow,
    replay,
)
from dossiers.sla.sentence import Sentence, explain, explain_end
from dossiers.sla.standing import (
    Lateness,
    TimeSpent,
    alert_stage,
    colour,
    colour_of_running,
    days_late_corrected,
    days_late_raw,
    lateness,
    soon_until,
    time_spent,
)

__all__ = [
    "OFFICE_HOURS",
    "Clock",
    "ClockState",
    "Entry",
    "ExtensionFault",
    "Lateness",
    "LedgerError",
    "Limit",
    "Sentence",
    "TimeSpent",
    "alert_stage",
    "colour",
    "colour_of_running",
    "days_late_corrected",
    "days_late_raw",
    "due_date",
    "entry_for",
    "expected_receipt",
    "explain",
    "explain_end",
    "extension_fault",
    "follow",
    "lateness",
    "replay",
    "soon_until",
    "start_day",
    "time_spent",
]
