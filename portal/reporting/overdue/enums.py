"""Closed lists of what leaders ask about lateness."""

from __future__ import annotations

from enum import StrEnum


class DirectiveState(StrEnum):
    """OPEN waits for the head of the office, EXPLAINED for the leader, DONE for nobody."""

    OPEN = "open"
    EXPLAINED = "explained"
    DONE = "done"


class DirectiveAct(StrEnum):
    GIVEN = "given"
    EXPLAINED = "explained"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
