"""Which reports there are."""

from __future__ import annotations

from enum import StrEnum


class Span(StrEnum):
    """Of a WEEK of a unit (Monday to Sunday), or of a MONTH of one office."""

    WEEK = "week"
    MONTH = "month"
