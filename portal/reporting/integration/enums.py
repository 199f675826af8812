from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """How far a procedure is on its way into use as a proactive service."""

    PLANNED = "planned"
    PILOT = "pilot"
    LIVE = "live"
