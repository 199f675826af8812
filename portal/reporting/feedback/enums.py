"""Closed lists of what happens to feedback."""

from __future__ import annotations

from enum import StrEnum


class FeedbackState(StrEnum):
    """RECEIVED waits for somebody to assign it, ASSIGNED for the office, ANSWERED for nobody."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


class FeedbackAct(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    RATED = "rated"
