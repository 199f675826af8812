"""Everything that was said about one matter: messages on all channels, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from citizens.models import ContactPoint
from notifications.models import (
    ActedMessage,
    Attempt,
    CallBack,
    InboundMessage,
    Message,
    ReceiptInbox,
    Reply,
)

_LONGEST_CHAIN = 6
MOST_MESSAGES = 200


class Happening(StrEnum):
    """What a line of the timeline tells."""

    QUEUED = "queued"
    FOLLOWED = "followed"
    TRIED = "tried"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    RECEIPT = "receipt"
    ANSWER = "answer"
    UNDERSTOOD = "understood"
    CALL_BACK = "call_back"
    ACT = "act"


@dataclass(frozen=True)
class Moment:
    """One thing that happened; `source` is the row it was read from, `message` the one it is of."""

    at: datetime
    kind: Happening
    message: Message
    source: Attempt | ReceiptInbox | InboundMessage | Reply | CallBack | ActedMessage | Message


def messages_of_matter(
    *, visible: QuerySet[Message], message: Message, people: Sequence[int]
) -> list[Message]:
    """Return all `visible` messages of the message's matter to these people, the oldest first.

    A message without a matter stands with those that followed it on other channels. With digests
    come their members, with members their digest; at most MOST_MESSAGES.
    """
    if message.thread_key:
        mine = Q(thread_key=message.thread_key, recipient__in={*people, message.recipient_id})
    else:
        mine = Q(pk__in=_chain(message))
    found = set(visible.filter(mine).order_by("-pk").values_list("pk", flat=True)[:MOST_MESSAGES])
    digests = visible.filter(members__in=found).values_list("pk", flat=True)
    members = visible.filter(digest=message.pk).values_list("pk", flat=True)
    return list(
        visible.filter(pk__in=found | set(digests) | set(members)).order_by("recorded_at", "pk")
    )


def _chain(message: Message) -> set[int]:
    """Return the keys of a message, of those it follows and of those that follow it."""
    found, edge = {message.pk}, {message.pk}
    for _step in range(_LONGEST_CHAIN):
        rows = Message.objects.filter(Q(follows__in=edge) | Q(followers__in=edge))
        edge = set(rows.values_list("pk", flat=True)) - found
        if not edge:
            break
        found |= edge
    return found


def moments_of(messages: Sequence[Message]) -> list[Moment]:
    """Return what happened with these messages, the earliest first; six queries."""
    by_key = {message.pk: message for message in messages}
    told = [moment for message in messages for moment in _own(message)]
    told += [
        Moment(row.started_at, Happening.TRIED, by_key[row.message_id], row)
        for row in Attempt.objects.filter(message__in=by_key)
    ]
    told += _receipts(messages)
    told += _answers(messages)
    told += [
        Moment(row.recorded_at, Happening.UNDERSTOOD, by_key[row.message_id or 0], row)
        for row in Reply.objects.filter(message__in=by_key)
    ]
    told += [
        Moment(row.recorded_at, Happening.CALL_BACK, by_key[row.message_id or 0], row)
        for row in CallBack.objects.filter(message__in=by_key).select_related("done_by")
    ]
    told += [
        Moment(row.act.recorded_at, Happening.ACT, by_key[row.message_id], row)
        for row in ActedMessage.objects.filter(message__in=by_key).select_related("act__by")
    ]
    return sorted(told, key=lambda moment: moment.at)


def _own(message: Message) -> list[Moment]:
    begun = Happening.QUEUED if message.follows_id is None else Happening.FOLLOWED
    dated = [
        (message.recorded_at, begun),
        (message.sent_at, Happening.SENT),
        (message.delivered_at, Happening.DELIVERED),
        (message.read_at, Happening.READ),
    ]
    return [Moment(at, kind, message, message) for at, kind in dated if at is not None]


def _receipts(messages: Sequence[Message]) -> list[Moment]:
    named: dict[tuple[str, str], Message] = {}
    for message in messages:
        if message.channel:
            named[message.channel, message.reference] = message
            if message.gateway_reference:
                named[message.channel, message.gateway_reference] = message
    references = {reference for _channel, reference in named}
    return [
        Moment(row.recorded_at, Happening.RECEIPT, named[row.channel, row.reference], row)
        for row in ReceiptInbox.objects.filter(reference__in=references)
        if (row.channel, row.reference) in named
    ]


def _answers(messages: Sequence[Message]) -> list[Moment]:
    """Return what came from the addresses of these messages, under the last one sent before it."""
    sent = sorted(
        (message for message in messages if message.address_index and message.sent_at),
        key=lambda message: message.sent_at or message.due_at,
    )
    indexes = {bytes(message.address_index or b"") for message in sent}
    told = []
    for row in InboundMessage.objects.filter(sender_index__in=indexes).order_by("-recorded_at")[
        :MOST_MESSAGES
    ]:
        before = [
            message
            for message in sent
            if bytes(message.address_index or b"") == bytes(row.sender_index)
            and message.sent_at is not None
            and message.sent_at <= row.recorded_at
        ]
        if before:
            told.append(Moment(row.recorded_at, Happening.ANSWER, before[-1], row))
    return told


def addresses_of(messages: Sequence[Message]) -> dict[int, ContactPoint]:
    """Return by message the address it went to, where that still stands; mask it to show it."""
    indexes = {
        bytes(message.address_index): message for message in messages if message.address_index
    }
    points = ContactPoint.objects.filter(
        value_index__in=indexes, channel__in={message.channel for message in messages}
    )
    known = {(point.channel, bytes(point.value_index)): point for point in points}
    found = {
        message.pk: known.get((message.channel or "", bytes(message.address_index or b"")))
        for message in messages
    }
    return {key: point for key, point in found.items() if point is not None}
