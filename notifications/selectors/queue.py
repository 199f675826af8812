"""How the outbox stands: for the operators, /readyz and the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from notifications.models import Message


@dataclass(frozen=True)
class HeldGroup:
    """Queued messages that wait for the same reason; `until` is the first of their hours."""

    reason: str
    message_count: int
    until: datetime


@dataclass(frozen=True)
class DueHeap:
    """What should have left by now: how many, and since when the oldest waits."""

    message_count: int = 0
    since: datetime | None = None


def due_heap(now: datetime) -> DueHeap:
    """Return what is due, in one query."""
    counted = Count("pk")
    return DueHeap(**Message.objects.due(now).aggregate(message_count=counted, since=Min("due_at")))


def oldest_due_at(now: datetime) -> datetime | None:
    """Return since when the oldest due message waits, None when nothing is due."""
    oldest: datetime | None = Message.objects.due(now).aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def held_groups(now: datetime) -> list[HeldGroup]:
    """Return what is queued for later, by reason; an empty reason was planned so from the start."""
    rows = (
        Message.objects.held(now)
        .values("reason")
        .annotate(message_count=Count("pk"), until=Min("due_at"))
        .order_by("until")
    )
    return [HeldGroup(**row) for row in rows]
