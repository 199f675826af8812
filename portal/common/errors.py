"""Errors that cross rooms. Each says what happened; a page adds what to do."""

from __future__ import annotations


class PortalError(Exception):
    """Base of all errors of ours that a caller may want to show to a person."""


class SealError(PortalError):
    """An encrypted value that does not open: altered, moved to another row, or its key is gone."""


class RefusedError(PortalError):
    """Input or an action refused whole; nothing was changed. `reasons` are shown to the person."""

    def __init__(self, *reasons: str) -> None:
        """Keep every reason, in the order in which they were found."""
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class StaleVersionError(PortalError):
    """Somebody else changed the row since it was read; read again and decide again."""


def shown_version(text: str) -> int:
    """Return the version of a row that a posted page showed; 0, which no row has, for no number.

    A service compares it and raises StaleVersionError, so that nonsense is told as a conflict.
    Longer numbers than a column holds are nonsense too: `int` refuses thousands of digits.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
