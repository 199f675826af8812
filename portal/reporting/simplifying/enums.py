"""Words of simplifications."""

from __future__ import annotations

from enum import StrEnum


class Change(StrEnum):
    """What of a procedure was made simpler."""

    PAPER = "paper"
    STEP = "step"
    DAYS = "days"
    ONLINE = "online"
    FEE = "fee"
