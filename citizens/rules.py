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

# The codes with which personal numbers begin: the 63 provinces of before 01/07/2025 keep theirs
# (domain.md section 4), and that of invented people.
_CODES = """
001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037
038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079
080 082 083 084 086 087 089 091 092 093 094 095 096 999
"""
_PROVINCES_OF_NUMBERS = frozenset(_CODES.split())

# Who brings deliveries of registers in, and who sees how fresh and complete they are.
MAY_IMPORT = frozenset({Role.DATA_STEWARD, Role.OPERATOR, Role.ADMINISTRATOR})
MAY_SEE_SENSITIVE_ROWS = frozenset({Role.DATA_STEWARD})
MAY_HANDLE_BREACHES = frozenset({Role.DATA_STEWARD})
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


def is_province_of_numbers(code: str) -> bool:
    """Return whether personal numbers begin with these three digits."""
    return code in _PROVINCES_OF_NUMBERS
