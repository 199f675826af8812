"""Answer what people wrote back: the mailbox of replies is read here; nothing is filed by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import OperationalError, transaction

from citizens.models import ContactPoint
from dossiers.services.reply_effects import Effect, effect_of
from notifications.enums import ReplyWord
from notifications.models import InboundMessage, Message, Reply
from notifications.selectors.answers import points_at
from notifications.services import ask_call_back, enqueue
from portal.common.sql import take_oldest

log = structlog.get_logger(__name__)

BATCH = 100
NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class Taken:
    """A reply as it stood in the mailbox."""

    message: Message | None
    inbound: InboundMessage
    word: str
    code: str


def answer_replies(*, now: datetime) -> int:
    """Read the mailbox until it is empty and return how many replies were read.

    A batch is one transaction: taking its rows out, what they do, and the messages that answer.
    Several processes may read at once. A reply that breaks its own handling takes only its own
    effect back, and becomes a call-back.
    """
    total = 0
    while read := _read_batch(now):
        total += read
        if read < BATCH:
            break
    return total


@transaction.atomic
def _read_batch(now: datetime) -> int:
    rows = _take()
    inbounds = InboundMessage.objects.in_bulk([row[1] for row in rows])
    messages = Message.objects.select_related("topic").in_bulk([row[0] for row in rows if row[0]])
    for message, inbound, word, code in rows:
        if inbound in inbounds:
            taken = Taken(messages.get(message), inbounds[inbound], word, code)
            _answer_alone(taken, now)
    return len(rows)


def _take() -> list[tuple[int | None, int, str, str]]:
    """Take the oldest replies out of the mailbox."""
    columns = ("message", "inbound", "word", "code")
    return take_oldest(Reply.objects.all(), columns=columns, limit=BATCH)


def _answer_alone(taken: Taken, now: datetime) -> None:
    points = points_at(taken.inbound.channel, bytes(taken.inbound.sender_index))
    try:
        with transaction.atomic():
            _answer(taken, points, now)
    except OperationalError:
        raise
    except Exception as failure:
        # Only the kind of failure: a trace may hold what was written.
        kind = type(failure).__name__
        log.error("reply_not_answered", inbound=taken.inbound.pk, error=kind)  # noqa: TRY400
        ask_call_back(inbound=taken.inbound, points=points, message=None, reason=NOT_ANSWERED)


def _answer(taken: Taken, points: list[ContactPoint], now: datetime) -> None:
    effect = effect_of(
        word=ReplyWord(taken.word),
        code=taken.code,
        message=taken.message,
        inbound=taken.inbound,
        points=points,
        now=now,
    )
    if effect.call_back:
        ask_call_back(
            inbound=taken.inbound,
            points=points,
            message=taken.message,
            reason=effect.call_back,
        )
    _tell(taken, points, effect, now)


def _tell(taken: Taken, points: list[ContactPoint], effect: Effect, now: datetime) -> None:
    """Answer to the very address that wrote; an address that is nobody's gets no answer."""
    if not points or not effect.topic:
        return
    asked_at = effect.point or points[0]
    enqueue(
        topic=effect.topic,
        recipient=asked_at.party,
        contact_point=asked_at,
        params=effect.params,
        dedupe_key=f"reply:{taken.inbound.pk}",
        thread_key=effect.thread_key,
        due_at=now,
    )
