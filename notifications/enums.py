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


class TextState(StrEnum):
    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"


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


class Reason(StrEnum):
    """Why a message did not simply go out; kept in `Message.reason`, shown to operators."""

    TOO_LATE = "too_late"
    DECEASED = "deceased"
    ABOUT_DECEASED = "about_deceased"
    EMIGRATED = "emigrated"
    MERGED_TWICE = "merged_twice"
    OPTED_OUT = "opted_out"
    NO_GUARDIAN = "no_guardian"
    NO_ADDRESS = "no_address"
    DEMO_NUMBER = "demo_number"
    QUIET_HOURS = "quiet_hours"
    GATEWAY_REFUSED = "gateway_refused"
    GAVE_UP = "gave_up"
    POISON = "poison"
    OUTCOME_UNKNOWN = "outcome_unknown"
    RETRY = "retry"
    ACTED = "acted"
    IN_DIGEST = "in_digest"
    DAILY_LIMIT = "daily_limit"
    CHANNEL_PAUSED = "channel_paused"
    GATEWAY_BROKEN = "gateway_broken"
    GATEWAY_BUSY = "gateway_busy"
    NOT_DELIVERED = "not_delivered"
    BY_OPERATOR = "by_operator"


class ReplyWord(StrEnum):
    """What an answer means; `UNCLEAR` is for a person to read."""

    ACCEPT = "accept"
    LATER = "later"
    STOP = "stop"
    WRONG_NUMBER = "wrong_number"
    STATUS = "status"
    HELP = "help"
    UNCLEAR = "unclear"


class ActKind(StrEnum):
    """What an operator did with the queue or a gateway; each is written down with its reason."""

    PAUSE = "pause"
    RESUME = "resume"
    CLOSE_GATE = "close_gate"
    OPEN_GATE = "open_gate"
    SUPPRESS = "suppress"
    REQUEUE = "requeue"
    RESEND = "resend"
    HAS_IT = "has_it"
    HAS_IT_NOT = "has_it_not"


class ZaloApproval(StrEnum):
    """Where a template stands with Zalo; only an approved one is sent."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class ZaloKind(StrEnum):
    """Kinds of a template's parameters; each has a length of its own (rules/zalo.py)."""

    CUSTOMER_NAME = "customer_name"
    PHONE = "phone"
    ADDRESS = "address"
    CODE = "code"
    LABEL = "label"
    STATUS = "status"
    CONTACT = "contact"
    TITLE = "title"
    PRODUCT = "product"
    AMOUNT = "amount"
    DATE = "date"
