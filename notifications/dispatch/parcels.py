"""What passes between the two sides, and what an outcome means; no database and no network here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from notifications.enums import AttemptOutcome, Channel, MessageState, Priority, Reason
from notifications.models import Message
from notifications.policy import Hold
from notifications.rules.timing import MAX_ATTEMPTS, retry_delay
from notifications.transports.base import Acceptance, Content, Traits, TransportError

# Spreads what would come back at one moment: a number in [0, 1).
chance = SystemRandom().random


@dataclass(frozen=True)
class Pace:
    """How fast and how carefully. Times in seconds.

    A batch is claimed at once and checked in slices. A gateway that can neither be asked nor
    de-duplicates has `blind_batch` under way at most, because whatever is there when the process
    dies is left to a person; the others are not slowed by it.
    """

    batch: int = 500
    slice: int = 250
    blind_batch: int = 20
    in_flight: int = 100
    write_every: float = 0.05
    lease: float = 60.0
    send_timeout: float = 10.0
    stop_within: float = 8.0
    idle_wait: float = 0.5


@dataclass(frozen=True)
class Parcel:
    """One claimed message, checked, in words, addressed; the address is never shown or logged."""

    message: Message
    channel: Channel
    traits: Traits
    content: Content = field(repr=False)
    address: str = field(repr=False)
    deadline: float  # of time.monotonic(): no send may begin later, the lease would not cover it
    handed_at: datetime
    epoch: int = 0  # of the gateway: a later one means that it broke meanwhile
    must_ask: bool = False
    not_before: float = 0.0  # of time.monotonic(): its turn under the gateway's rate
    unread_after: timedelta | None = None  # unread for so long, the next channel follows

    @property
    def is_handed_late(self) -> bool:
        """Whether a crash would leave it to a person: few of those are under way at once."""
        is_code = self.message.priority == Priority.CODE
        return self.traits.is_blind and not self.must_ask and not is_code


@dataclass(frozen=True)
class Outcome:
    """What became of a claimed message, ready to be written."""

    message: Message
    state: MessageState
    reason: Reason | None = None
    due_at: datetime | None = None
    is_settled: bool = True  # the gateway certainly has it, or certainly has not
    is_untouched: bool = False  # nothing was tried: the claim does not count as an attempt
    tried: AttemptOutcome | None = None
    detail: str = ""
    gateway_reference: str = ""
    channel: Channel | None = None
    handed_at: datetime | None = None
    sent_at: datetime | None = None
    next_channel_at: datetime | None = None
    has_receipts: bool = False  # its gateway tells what became of a message

    @property
    def may_have_receipts(self) -> bool:
        """Whether a receipt may have come before this outcome is written."""
        return self.has_receipts or self.state == MessageState.UNKNOWN

    @property
    def references(self) -> tuple[str, str]:
        """What a receipt may call the message: our reference, and the gateway's own or ""."""
        return self.message.reference, self.gateway_reference or self.message.gateway_reference

    def row(self) -> dict[str, Any]:
        """Return the columns to write back."""
        message = self.message
        return {
            "pk": message.pk,
            "attempt": message.attempt,
            "state": self.state,
            "reason": self.reason or "",
            "due_at": self.due_at or message.due_at,
            "handed_at": None if self.is_settled else self.handed_at or message.handed_at,
            "sent_at": self.sent_at,
            "next_channel_at": self.next_channel_at,
            "gateway_reference": self.gateway_reference,
        }

    def row_to_release(self) -> dict[str, Any]:
        """Return the same for a claim that is given back: it is known by the end of its lease."""
        return self.row() | {"lease_until": self.message.lease_until}


def accepted(parcel: Parcel, acceptance: Acceptance, *, now: datetime) -> Outcome:
    """The gateway has it."""
    return Outcome(
        parcel.message,
        MessageState.SENT,
        tried=AttemptOutcome.ACCEPTED,
        gateway_reference=_storable(acceptance.gateway_reference)[:80],
        channel=parcel.channel,
        handed_at=parcel.handed_at,
        sent_at=now,
        next_channel_at=now + parcel.unread_after if parcel.unread_after else None,
        has_receipts=parcel.traits.has_receipts,
    )


def _storable(said: str) -> str:
    """Return what a gateway said without what a column cannot hold (NUL, half a character)."""
    return "".join(letter for letter in said if letter.isprintable())


def never_seen(parcel: Parcel, *, now: datetime) -> Outcome:
    """The gateway was asked and never had it: the message is due again, with all its checks."""
    return Outcome(
        parcel.message,
        MessageState.QUEUED,
        Reason.RETRY,
        due_at=now,
        tried=AttemptOutcome.FAILED,
        detail="asked: the gateway never saw it",
        channel=parcel.channel,
        handed_at=parcel.handed_at,
    )


def untouched(message: Message) -> Outcome:
    """Nothing was tried with it; an earlier doubt about it stays."""
    had_doubt = message.handed_at is not None
    return Outcome(
        message,
        MessageState.QUEUED,
        is_settled=not had_doubt,
        is_untouched=True,
    )


def held_back(parcel: Parcel, hold: Hold) -> Outcome:
    """Its gateway takes nothing now, or others are before it: nothing was tried."""
    outcome = untouched(parcel.message)
    return replace(outcome, reason=hold.reason, due_at=hold.until, channel=parcel.channel)


def failed(parcel: Parcel, error: TransportError, *, now: datetime) -> Outcome:
    """The send failed, for certain or perhaps; decide between another try, the end and a person."""
    message = parcel.message
    # Who refuses to be asked, or was not asked, has not said that it never had the message.
    was_handed = message.handed_at is not None
    says_nothing = was_handed and (parcel.must_ask or error.before_asking)
    is_refused = error.permanent and not error.uncertain and not says_nothing
    in_doubt = error.uncertain or (was_handed and not is_refused)
    is_in_vain = parcel.traits.is_blind or (error.permanent and error.before_asking)
    base = Outcome(
        message,
        MessageState.QUEUED,
        tried=AttemptOutcome.UNKNOWN if error.uncertain else AttemptOutcome.FAILED,
        detail=str(error)[:200],
        channel=parcel.channel,
        handed_at=parcel.handed_at,
        has_receipts=parcel.traits.has_receipts,
    )
    if in_doubt and (is_in_vain or message.tries >= MAX_ATTEMPTS):
        return replace(base, state=MessageState.UNKNOWN, reason=Reason.OUTCOME_UNKNOWN)
    if is_refused:
        base = replace(base, tried=AttemptOutcome.REFUSED)
        return _failed_for_certain(base, Reason.GATEWAY_REFUSED, now)
    if message.tries >= MAX_ATTEMPTS:
        return _failed_for_certain(base, Reason.GAVE_UP, now)
    return replace(
        base,
        reason=Reason.RETRY,
        due_at=now + _delay(message, error.retry_after),
        is_settled=not in_doubt,
    )


def _failed_for_certain(base: Outcome, reason: Reason, now: datetime) -> Outcome:
    """It ends on this channel; what follows on the next one is due at once."""
    return replace(base, state=MessageState.FAILED, reason=reason, next_channel_at=now)


def poisoned(message: Message, error: Exception, *, now: datetime) -> Outcome:
    """It could not even be put into words: try again later, then set it aside.

    Where a gateway may have it already it is left to a person, never sent again as if it had not.
    """
    # Only the kind of error: its text may quote what must not be logged.
    base = Outcome(
        message,
        MessageState.PARKED if message.handed_at is None else MessageState.UNKNOWN,
        Reason.POISON,
        tried=AttemptOutcome.FAILED,
        detail=type(error).__name__,
        is_settled=message.handed_at is None,
    )
    if message.tries >= MAX_ATTEMPTS:
        return base
    due_at = now + _delay(message, None)
    return replace(base, state=MessageState.QUEUED, due_at=due_at)


def _delay(message: Message, asked: timedelta | None) -> timedelta:
    return retry_delay(message.tries, chance=chance(), asked=asked)
