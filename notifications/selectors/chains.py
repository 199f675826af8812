"""What a message belongs to: the chain of channels on which it is said, the digest that says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce

from notifications.enums import Reason
from notifications.models import Message


@dataclass
class Chain:
    """The first message and those that follow it: the channel of each, by key."""

    channels: dict[int, str] = field(default_factory=dict)
    is_read: bool = False


@dataclass
class Contents:
    """What a digest still has to say; `is_touched` once the person read or settled any of it."""

    topics: set[str] = field(default_factory=set)
    count: int = 0
    due_on: str | None = None
    is_touched: bool = False
    left_out: set[str] = field(default_factory=set)  # where its members were said before

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the digest's text."""
        return {"count": self.count, "due_on": self.due_on}

    def add(self, topic: str, params: dict[str, Any]) -> None:
        """Count one more matter; the nearest date is kept."""
        due_on = params.get("due_on")
        self.topics.add(topic)
        self.count += 1
        self.due_on = min(filter(None, (self.due_on, due_on)), default=None)


def root_of(message: Message) -> int:
    """Return the key of the first message of the chain."""
    return message.follows_id or message.pk


def chains_of(roots: Collection[int]) -> dict[int, Chain]:
    """Return the chains that begin with these messages."""
    found: defaultdict[int, Chain] = defaultdict(Chain)
    if not roots:
        return found
    rows = Message.objects.filter(Q(pk__in=roots) | Q(follows__in=roots))
    for pk, follows, channel, read_at in rows.values_list("pk", "follows", "channel", "read_at"):
        chain = found[follows or pk]
        chain.channels[pk] = channel or ""
        chain.is_read = chain.is_read or read_at is not None
    return found


def contents_of(digests: Collection[int], *, now: datetime) -> dict[int, Contents]:
    """Return what these digests say at the instant `now`.

    A member that was read, settled or is too late is not counted any more, nor one about somebody
    who has died since.
    """
    found: defaultdict[int, Contents] = defaultdict(Contents)
    if not digests:
        return found
    dead = Q(about__citizen__died_on__isnull=False, topic__about_may_be_deceased=False)
    is_silent = When(dead | Q(not_after__lte=now), then=Value(True))
    members = Message.objects.filter(digest__in=digests).annotate(
        is_silent=Case(is_silent, default=Value(False)),
        heard_at=Coalesce("read_at", "follows__read_at"),
    )
    columns = ("digest", "follows", "topic", "params", "reason", "heard_at", "is_silent")
    rows = list(members.values_list(*columns))
    before = chains_of({follows for _digest, follows, *_rest in rows if follows is not None})
    for digest, follows, topic, params, reason, heard_at, silent in rows:
        contents = found[digest or 0]
        if follows is not None:
            contents.left_out.update(filter(None, before[follows].channels.values()))
        if heard_at is not None or reason == Reason.ACTED:
            contents.is_touched = True
        elif reason == Reason.IN_DIGEST and not silent:
            contents.add(topic, params)
    return found
