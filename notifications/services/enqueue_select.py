"""The set-based door of the outbox: many messages by one statement, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, F, Value, When

from notifications.enums import MessageState, Priority, Reason
from notifications.models import Message
from notifications.models.messages import FURTHER, UNFINISHED
from portal.common.sql import FromPart, Rows, Statement, insert_select, select, update

COLUMNS = ("recipient", "about", "dedupe_key", "thread_key", "params", "not_after")

# The last message of a thread to somebody, where nobody has ever tried to send it. What came after
# it in the thread has been said instead.
_REQUEUED_SQL = """
UPDATE {messages} AS message SET state = %s, reason = ''
FROM {part} AS part
WHERE message.recipient_id = part.recipient_id AND message.thread_key = part.thread_key
  AND message.params @> part.params
  AND message.state = %s AND message.reason = ANY(%s) AND message.attempt = 0
  AND NOT EXISTS (
    SELECT FROM {messages} AS later
    WHERE later.recipient_id = message.recipient_id AND later.thread_key = message.thread_key
      AND later.id > message.id
  )
RETURNING message.id
"""


def enqueue_select(*, rows: Rows, topic: str, priority: Priority, due_at: datetime) -> Statement:
    """Return the statement that queues a message for each of `rows`; it gives back their keys.

    A row holds recipient (party), about (party or NULL), dedupe key, thread key, params (jsonb,
    only what the topic lists) and not_after (instant or NULL), in this order. A row whose dedupe
    key exists is left out: the statement may be run again.
    """
    source = select(rows)
    told = Statement(
        f"SELECT message.*, %s, %s, %s FROM ({source.sql}) AS message",  # noqa: S608 - our own text
        (topic, int(priority), due_at, *source.params),
    )
    return insert_select(
        into=Message,
        columns=(*COLUMNS, "topic", "priority", "due_at"),
        rows=told,
        on_conflict="nothing",
        returning=("id",),
    )


def withdraw_select(*, part: str, reason: str) -> Statement:
    """Return the statement that withdraws what is queued in the threads of a chain's `part`.

    The part has a column `thread_key`. What a sender already holds is not touched: it may be out.
    """
    threads = FromPart(part, "thread_key", Message._meta.get_field("thread_key"))
    queued = Message.objects.filter(state=MessageState.QUEUED, thread_key__in=threads)
    return update(
        queued.exclude(thread_key=""),
        values={"state": MessageState.WITHDRAWN, "reason": reason},
        returning=("id",),
    )


def calm_select(*, part: str, reason: str) -> Statement:
    """Return the statement that keeps what was said in the threads of `part` off further channels.

    For the same part of a chain as `withdraw_select`, which takes what was not said yet. A digest
    does not count such a matter any more.
    """
    threads = FromPart(part, "thread_key", Message._meta.get_field("thread_key"))
    said = Message.objects.filter(FURTHER, thread_key__in=threads).exclude(thread_key="")
    reason_now = Case(When(reason=Reason.IN_DIGEST, then=Value(reason)), default=F("reason"))
    return update(
        said.exclude(state__in=UNFINISHED),
        values={"next_channel_at": None, "reason": reason_now},
        returning=("id",),
    )


def requeue_select(*, part: str, reasons: Sequence[str]) -> Statement:
    """Return the statement that queues again what was withdrawn for `reasons` before it was tried.

    The chain's `part` has the columns `recipient_id`, `thread_key` and `params`: of each thread the
    last message to that person, if it says all that stands in `params` (jsonb) still. It keeps its
    key, so nobody hears it twice; the last check before it leaves is made as for any other.
    """
    sql = _REQUEUED_SQL.format(messages=Message._meta.db_table, part=part)
    return Statement(sql, (MessageState.QUEUED, MessageState.WITHDRAWN, list(reasons)))
