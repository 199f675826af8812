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
