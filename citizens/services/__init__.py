"""Writes of the facts' room: one use case a file, one transaction each."""

from __future__ import annotations

from citizens.services.choose_hearing import choose_hearing
from citizens.services.correct_calendar import correct_calendar
from citizens.services.end_calendar_address import end_calendar_address
from citizens.services.hand_over_discrepancy import hand_over_discrepancy
from citizens.services.load_agencies import load_agencies
from citizens.services.load_calendar import load_calendar
from citizens.services.load_registers import load_registers
from citizens.services.load_units import load_units
from citizens.services.loading import Loaded
from citizens.services.note_calendar_read import note_calendar_read
from citizens.services.open_discrepancies import Found, open_discrepancies
from citizens.services.open_discrepancy import open_discrepancy
from citizens.services.record_access import record_access
from citizens.services.record_consent import record_consent
from citizens.services.renew_calendar_address import renew_calendar_address
from citizens.services.revoke_credential import revoke_credential
from citizens.services.settle_discrepancy import settle_discrepancy
from citizens.services.settle_grants import confirm_grants, end_grants
from citizens.services.store_credential import store_credential

__all__ = [
    "Found",
    "Loaded",
    "choose_hearing",
    "confirm_grants",
    "correct_calendar",
    "end_calendar_address",
    "end_grants",
    "hand_over_discrepancy",
    "load_agencies",
    "load_calendar",
    "load_registers",
    "load_units",
    "note_calendar_read",
    "open_discrepancies",
    "open_discrepancy",
    "record_access",
    "record_consent",
    "renew_calendar_address",
    "revoke_credential",
    "settle_discrepancy",
    "store_credential",
]
