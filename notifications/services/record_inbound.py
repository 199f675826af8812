"""Keep what somebody wrote to us once, understand it, and obey a stop at once; the rest is news."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from citizens.models import ContactPoint
from notifications.enums import Channel, ReplyWord
from notifications.models import InboundMessage, Message, Reply
from notifications.rules.replies import Answer, understand
from notifications.selectors.answers import parties_at, points_at, told_by_code
from notifications.services.stop_by_reply import stop_by_reply

LONGEST_BODY = 1_000
_STOPS = (ReplyWord.STOP, ReplyWord.WRONG_NUMBER)


@dataclass(frozen=True)
class Heard:
    """What became of a message; `is_new` is False when the same one came before."""

    is_new: bool
    word: ReplyWord | None = None


def key_of(channel: Channel, *told: str) -> str:
    """Return a key for a message whose gateway gives it no number: a digest of what it told."""
    return hashlib.sha256("\x1f".join((channel, *told)).encode()).hexdigest()


@transaction.atomic
def record_inbound(*, channel: Channel, key: str, sender: str, body: str, now: datetime) -> Heard:
    """Store a message under the gateway's `key` and leave a Reply; a second time nothing happens.

    `sender` is an address as contact points hold it (a phone in E.164). Who wants no more messages
    is obeyed here, in the same transaction; everything else waits in the mailbox. A code counts
    only when the message with it went to this very address.
    """
    inbound = keep_inbound(channel=channel, key=key, sender=sender, body=body[:LONGEST_BODY])
    if inbound is None:
        return Heard(is_new=False)
    answer = understand(body[:LONGEST_BODY])
    points = points_at(channel, bytes(inbound.sender_index))
    message = told_by_code(answer.short_code, inbound.sender_index, points)
    # A stop with a code that was not told here stops nothing; a wrong number is one all the same.
    is_foreign = bool(answer.short_code) and message is None and answer.word == ReplyWord.STOP
    if answer.word in _STOPS and not is_foreign:
        stop_by_reply(inbound=inbound, answer=answer, points=points, message=message, now=now)
    _leave(inbound, answer, points, message)
    return Heard(is_new=True, word=answer.word)


def keep_inbound(*, channel: str, key: str, sender: str, body: str) -> InboundMessage | None:
    """Return the message as it was stored, sealed; None where its key was stored before."""
    row = InboundMessage(
        channel=channel,
        key=key.replace("\x00", "")[:80],
        sender_index=ContactPoint.index_of(channel, sender),
        public_id=uuid4(),
    )
    row.seal(sender=sender, body=body[:LONGEST_BODY].replace("\x00", ""))
    InboundMessage.objects.bulk_create([row], ignore_conflicts=True)
    return InboundMessage.objects.filter(public_id=row.public_id).first()


def _leave(
    inbound: InboundMessage,
    answer: Answer,
    points: Sequence[ContactPoint],
    message: Message | None,
) -> None:
    owners = parties_at(points)
    Reply.objects.create(
        message=message,
        party_id=owners[0] if len(owners) == 1 else None,
        inbound=inbound,
        channel=inbound.channel,
        word=answer.word,
        code=answer.dossier_code or answer.short_code,
    )
