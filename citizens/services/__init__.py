"""Writes of the facts' room: one use case a file, one transaction each."""

from __future__ import annotations

from citizens.services.load_agencies import load_agencies
from citizens.services.load_calendar import load_calendar
from citizens.services.load_registers import load_registers
from citizens.services.load_units import load_units
from citizens.services.loading import Loaded
from citizens.services.open_discrepancy import Found, open_discrepancies, open_discrepancy
from citizens.services.record_access import record_access
from citizens.services.record_consent import record_consent
from citizens.services.settle_grants import confirm_grants, end_grants
from citizens.services.store_credential import store_credential

__all__ = [
    "Found",
    "Loaded",
    "confirm_grants",
    "end_grants",
    "load_agencies",
    "load_calendar",
    "load_registers",
    "load_units",
    "open_discrepancies",
    "open_discrepancy",
    "record_access",
    "record_consent",
    "store_credential",
]
