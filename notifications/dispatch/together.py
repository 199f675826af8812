"""Several reminders to one person that would leave together become one message (F22).

What is due to a person is claimed by one dispatcher. Where another holds some of it this very
moment, what is held here goes back for a second, so that whoever comes first has it all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.dispatch.parcels import Outcome, chance
from notifications.enums import Channel, MessageState, Priority, Reason
from notifications.models import Message
from notifications.policy import Go
from notifications.rules.facts import DIGEST
from notifications.rules.wording import short_code
from notifications.selectors.texts import Shelf
from portal.common.outbox import append, claim, write_back

_SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=0.3), timedelta(seconds=1)


def claim_companions(
    rows: Sequence[Message], *, now: datetime, until: datetime, limit: int
) -> tuple[list[Message], list[Outcome]]:
    """Claim what else is due to the recipients of these reminders.

    Return what came, and those of all rows that must go back for a moment: another dispatcher is
    holding a part of what their recipients should hear at once.
    """
    alone = [row for row in rows if _may_be_bundled(row)]
    recipients = {row.recipient_id for row in alone}
    if not recipients:
        return [], []
    theirs = _bundled_of(recipients)
    # What was put back for a moment is due all the same, or one part would leave without the other.
    is_due = Q(state=MessageState.QUEUED, due_at__lte=now + LONGEST_WAIT)
    due = theirs.filter(is_due)
    more = claim(due, held=MessageState.SENDING, until=until, limit=limit)
    if len(more) == limit:  # more than a batch for them: what is left comes next
        return more, []
    ours = [row.pk for row in (*alone, *more)]
    apart = theirs.filter(is_due | Q(state=MessageState.SENDING)).exclude(pk__in=ours)
    waiting = set(apart.values_list("recipient", flat=True))
    return more, [_put_back(row, now) for row in (*alone, *more) if row.recipient_id in waiting]


def _bundled_of(recipients: set[int | None]) -> QuerySet[Message]:
    reminders = Message.objects.filter(
        recipient__in=recipients, priority=Priority.REMINDER, contact_point=None, handed_at=None
    )
    return reminders.exclude(topic=DIGEST)


def _may_be_bundled(row: Message) -> bool:
    return (
        row.priority == Priority.REMINDER
        and row.recipient_id is not None
        and row.contact_point_id is None
        and row.handed_at is None
        and row.topic_id != DIGEST
    )


def _put_back(row: Message, now: datetime) -> Outcome:
    wait = _SHORTEST_WAIT + (LONGEST_WAIT - _SHORTEST_WAIT) * chance()
    return Outcome(row, MessageState.QUEUED, due_at=now + wait, is_untouched=True)


def bundles(rows: Mapping[int, Message], going: Mapping[int, Go]) -> list[list[Message]]:
    """Return two or more reminders that would go to one person by one way outside the inbox."""
    groups: defaultdict[tuple[Any, ...], list[Message]] = defaultdict(list)
    for pk, go in going.items():
        row = rows[pk]
        if go.channel != Channel.INBOX and go.address and _may_be_bundled(row):
            groups[row.recipient_id, go.channel, go.address.pk].append(row)
    return [group for group in groups.values() if len(group) > 1]


def write_digests(
    groups: Sequence[Sequence[Message]], *, shelf: Shelf, now: datetime
) -> list[Outcome]:
    """Queue a digest for each group and make the group its members, together or not at all.

    Members keep their words and codes: they are letters in the inbox. Return what became of them;
    it is written already.
    """
    if not groups:
        return []
    made = {uuid4(): group for group in groups}
    with transaction.atomic():
        append(Message, [_digest_row(key, group, now) for key, group in made.items()])
        keys = dict(Message.objects.filter(public_id__in=made).values_list("public_id", "pk"))
        members = [
            _member_row(row, keys[public_id], shelf)
            for public_id, group in made.items()
            for row in group
        ]
        ours = write_back(Message, members, held=MessageState.SENDING)
    return [
        Outcome(row, MessageState.SUPPRESSED, Reason.IN_DIGEST)
        for group in groups
        for row in group
        if row.pk in ours
    ]


def _digest_row(public_id: UUID, group: Sequence[Message], now: datetime) -> dict[str, Any]:
    last_days = [row.not_after for row in group]
    due = [row.params["due_on"] for row in group if row.params.get("due_on")]
    return {
        "dedupe_key": f"{DIGEST}:{public_id.hex}",
        "recipient": group[0].recipient_id,
        "topic": DIGEST,
        "params": {"count": len(group), "due_on": min(due, default=None)},
        "priority": Priority.REMINDER,
        "due_at": now,
        "not_after": None if None in last_days else max(filter(None, last_days)),
        "public_id": public_id,
        "short_code": short_code(public_id),
    }


def _member_row(row: Message, digest: int, shelf: Shelf) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "attempt": row.attempt,
        "state": MessageState.SUPPRESSED,
        "reason": Reason.IN_DIGEST,
        "digest": digest,
        "text_version": row.text_version or shelf.newest.get(row.topic_id),
        "short_code": row.short_code or short_code(row.public_id),
    }
