"""Let the receipts of messages decide their state, under the lock of each message's row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, models, transaction

from notifications.enums import MessageState, Reason
from notifications.models import Message, ReceiptInbox
from notifications.rules.facts import READ_OR_NOT
from notifications.rules.receipts import COUNTS, settled, weigh
from notifications.services.note_heard import note_heard
from portal.common import clock

_LOCK = 0x4ECE  # advisory: whoever writes outcomes shares it, early and unknown receipts close it
_WRITTEN = (
    "state", "reason", "handed_at", "sent_at", "delivered_at", "read_at", "next_channel_at",
)  # fmt: skip
_HEX = 32


def share_outcomes() -> None:
    """Say, before a transaction writes outcomes, that it does; any number may at once.

    A receipt that finds no message, or one that is still being sent, waits for them: either it sees
    what they wrote or they see the receipt. Taken before any row is locked.
    """
    _take("pg_advisory_xact_lock_shared")


def close_outcomes() -> None:
    """Wait for the transactions that write outcomes; those that come later see what this stored."""
    _take("pg_advisory_xact_lock")


@transaction.atomic
def apply_receipts(*, references: Iterable[str]) -> int:
    """Settle the messages with these references (ours or the gateway's); return how many changed.

    Only receipts of the channel by which a message went count for it. Costs one indexed query where
    there are none.
    """
    named = {reference for reference in references if reference}
    if not named or not ReceiptInbox.objects.filter(reference__in=named).exists():
        return 0
    messages = list(_named(named).filter(state__in=COUNTS).order_by("pk").select_for_update())
    statuses = _statuses(messages)
    now = clock.now()
    changed = [message for message in messages if _settle(message, statuses, now)]
    Message.objects.bulk_update(changed, _WRITTEN, batch_size=500)
    note_heard(messages=[message.pk for message in changed if message.read_at is not None])
    return len(changed)


def messages_named(references: Iterable[str]) -> dict[tuple[str, str], MessageState]:
    """Return the states of the messages with these references, by channel and by either name."""
    found: dict[tuple[str, str], MessageState] = {}
    for message in _named(set(references)).only("public_id", "gateway_reference", "channel"):
        for reference in _names(message):
            found[message.channel or "", reference] = MessageState(message.state)
    return found


def _take(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])


def _named(references: set[str]) -> models.QuerySet[Message]:
    ours = [UUID(hex=text) for text in references if _is_hex(text)]
    keys = Message.objects.filter(public_id__in=ours).values("pk")
    theirs = Message.objects.exclude(gateway_reference="")
    others = theirs.filter(gateway_reference__in=references).values("pk")
    return Message.objects.filter(pk__in=keys.union(others, all=True))


def _is_hex(text: str) -> bool:
    return len(text) == _HEX and all(char in "0123456789abcdef" for char in text)


def _names(message: Message) -> list[str]:
    return [name for name in (message.reference, message.gateway_reference) if name]


def _statuses(messages: Iterable[Message]) -> Mapping[tuple[str, str], list[str]]:
    """Return what was said about these messages, by channel and reference."""
    names = {name for message in messages for name in _names(message)}
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    rows = ReceiptInbox.objects.filter(reference__in=names)
    for channel, reference, status in rows.values_list("channel", "reference", "status"):
        said[channel, reference].append(status)
    return said


def _settle(message: Message, said: Mapping[tuple[str, str], list[str]], now: datetime) -> bool:
    """Change a message, not yet stored, as its receipts prove; return whether anything changed."""
    heard = [
        status for name in _names(message) for status in said.get((message.channel or "", name), ())
    ]
    evidence = weigh(heard)
    before = MessageState(message.state)
    after = settled(before, evidence)
    is_first_reading = evidence.is_read and message.read_at is None
    if after == before and not is_first_reading:
        return False
    if is_first_reading:
        message.read_at, message.next_channel_at = now, None
    if after != before:
        _enter(message, after, now)
    return True


def _enter(message: Message, state: MessageState, now: datetime) -> None:
    """Put a message into the state that was proved; what is certain now is no longer in doubt."""
    was_sent = message.state == MessageState.SENT
    message.state, message.handed_at = state, None
    if state == MessageState.FAILED:
        message.reason, message.next_channel_at = Reason.NOT_DELIVERED, now
        return
    if message.sent_at is None:
        message.sent_at = now
    if not was_sent:  # it is there after all: another way is needed only where nobody reads it
        message.next_channel_at = _next_channel_at(message)
    message.reason = ""
    if state == MessageState.DELIVERED:
        message.delivered_at = now


def _next_channel_at(message: Message) -> datetime | None:
    """Return when the next channel follows where nobody reads the message, as when it was sent."""
    days = message.topic.next_channel_after_days
    may_lie_unread = message.channel in READ_OR_NOT and message.read_at is None
    if days is None or message.sent_at is None or not may_lie_unread:
        return None
    return message.sent_at + timedelta(days=days)
