"""How the outbox stands, by state and age and cause: for the people who look after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from notifications.enums import MessageState
from notifications.models import Message
from notifications.models.messages import FOR_A_PERSON

# How long ago the hour of a message came: below each of these, and above the last.
AGES = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
DUE, SENDING, ORPHANED = "due", "sending", "orphaned"
MOST_CAUSES = 40


@dataclass(frozen=True)
class Heap:
    """Messages in one state, by how long ago their hour came; `oldest` is the first hour."""

    key: str
    total: int
    by_age: Sequence[int]
    oldest: datetime | None


@dataclass(frozen=True)
class Cause:
    """Messages that share state, topic, channel and reason; `oldest` is the first of their hours.

    Any of `topic`, `channel` and `reason` may be empty.
    """

    state: str
    topic: str
    topic_name: str
    channel: str
    reason: str
    total: int
    oldest: datetime


def heaps(now: datetime) -> list[Heap]:
    """Return what is due, being sent, left by a sender that died, and left to a person.

    Empty heaps are among them. A failed message is left to a person for as long as it is kept.
    """
    due = _heap(DUE, Message.objects.due(now), now)
    held = Message.objects.filter(state=MessageState.SENDING)
    sending = _heap(SENDING, held.exclude(lease_until__lt=now), now)
    orphaned = _heap(ORPHANED, held.filter(lease_until__lt=now), now)
    rows: dict[str, dict[str, Any]] = {
        row["state"]: dict(row)
        for row in Message.objects.filter(state__in=FOR_A_PERSON)
        .values("state")
        .annotate(**_sums(now))
    }
    left = [_read(state.value, rows.get(state.value, {})) for state in FOR_A_PERSON]
    return [due, sending, orphaned, *left]


def causes(states: Sequence[MessageState]) -> list[Cause]:
    """Return the messages in these states by cause, the largest first, at most MOST_CAUSES."""
    rows = (
        Message.objects.filter(state__in=states)
        .values_list("state", "topic_id", "topic__name_vi", "channel", "reason")
        .annotate(total=Count("*"), oldest=Min("due_at"))
        .order_by("-total")[:MOST_CAUSES]
    )
    return [
        Cause(state, topic, name, channel or "", reason, total, oldest)
        for state, topic, name, channel, reason, total, oldest in rows
    ]


def due_causes(now: datetime) -> list[Cause]:
    """Return what is due by topic, the most numerous first."""
    rows = (
        Message.objects.due(now)
        .order_by()
        .values_list("topic_id", "topic__name_vi")
        .annotate(total=Count("*"), oldest=Min("due_at"))
        .order_by("-total")[:MOST_CAUSES]
    )
    return [
        Cause(MessageState.QUEUED.value, topic, name, "", "", total, oldest)
        for topic, name, total, oldest in rows
    ]


def _heap(key: str, rows: QuerySet[Message], now: datetime) -> Heap:
    return _read(key, rows.order_by().aggregate(**_sums(now)))


def _sums(now: datetime) -> dict[str, Count | Min]:
    """Return the counts of one query; each `younger` holds the younger ones too."""
    sums: dict[str, Count | Min] = {"total": Count("*"), "oldest": Min("due_at")}
    for number, age in enumerate(AGES):
        sums[f"younger_{number}"] = Count("pk", filter=Q(due_at__gt=now - age))
    return sums


def _read(key: str, row: Mapping[str, Any]) -> Heap:
    total = row.get("total", 0)
    younger = [0, *(row.get(f"younger_{number}", 0) for number in range(len(AGES))), total]
    by_age = [after - before for before, after in pairwise(younger)]
    return Heap(key, total, by_age, row.get("oldest"))
