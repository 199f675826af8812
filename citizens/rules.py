"""Decisions of the facts' room over plain values: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from citizens.enums import Role

# How far a date may move before it is a new term: no paper is granted for less.
CORRECTION = timedelta(days=31)
CORRECTION_BY_KIND: Mapping[str, timedelta] = MappingProxyType(
    # A badge may be asked for a short season, so a fortnight already tells two terms apart.
    {"transport_badge": timedelta(days=14)}
)

# Who brings deliveries of registers in, and who sees how fresh and complete they are.
MAY_IMPORT = frozenset({Role.DATA_STEWARD, Role.OPERATOR, Role.ADMINISTRATOR})
MAY_SEE_SENSITIVE_ROWS = frozenset({Role.DATA_STEWARD})
MAY_SEE_REGISTERS = MAY_IMPORT | {Role.HEAD_OF_UNIT}


def starts_new_term(
    *,
    kind: str,
    issued_on: date,
    expires_on: date | None,
    was_issued_on: date,
    was_expires_on: date | None,
) -> bool:
    """Return whether new dates of a paper mean a renewal; a corrected date never does.

    A paper was renewed when it was issued anew, or runs longer, by more than the kind's tolerance.
    A date that moves back is always a correction.
    """
    tolerance = term_tolerance(kind)
    if issued_on - was_issued_on > tolerance:
        return True
    if expires_on is None or was_expires_on is None:
        return False
    return expires_on - was_expires_on > tolerance


def term_tolerance(kind: str) -> timedelta:
    """Return how far the dates of a kind of paper may move and still be a correction."""
    return CORRECTION_BY_KIND.get(kind, CORRECTION)
