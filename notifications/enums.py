"""Closed lists of the messages' room; `contract.md` promises these values to others."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Channel(StrEnum):
    INBOX = "inbox"
    APP = "app"
    PUSH = "push"
    ZALO = "zalo"
    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"


class Priority(IntEnum):
    """Lower leaves first: a sign-in code never waits behind reminders."""

    CODE = 0
    DOSSIER = 5
    REMINDER = 9


class AttemptOutcome(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
