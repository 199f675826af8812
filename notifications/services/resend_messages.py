"""Send again what did not go out, and settle what nobody can tell; at most once to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from citizens.models import User
from notifications.enums import ActKind, Channel, MessageState, Priority, Reason
from notifications.models import Attempt, Message, OperatorAct
from notifications.services.acting import checked_reason, lock, write_act
from notifications.transports.base import Traits
from notifications.transports.registry import open_transports
from portal.common import clock

_CERTAIN = (MessageState.FAILED, MessageState.PARKED)
_ALIVE = frozenset(MessageState) - {
    MessageState.FAILED,
    MessageState.SUPPRESSED,
    MessageState.WITHDRAWN,
    MessageState.PARKED,
}


@dataclass(frozen=True)
class Resent:
    """What came of it: `undecided` are those of which a person must say whether they arrived."""

    act: OperatorAct | None
    queued: int
    undecided: int


@transaction.atomic
def resend_messages(
    *,
    messages: QuerySet[Message],
    scope: Mapping[str, Any],
    reason: str,
    by: User,
    gateways: Mapping[Channel, Traits] | None = None,
) -> Resent:
    """Queue again those of `messages` that failed for certain, were set aside, or are unknown.

    Each keeps its reference, and is checked again before it leaves. One of unknown outcome is
    queued only where its gateway settles it: asks, or takes no reference twice. Left out are
    sign-in codes, and what another channel has taken over. RefusedError without a reason.
    """
    why = checked_reason(reason)
    rows = lock(resendable(messages), state__in=(*_CERTAIN, MessageState.UNKNOWN))
    certain = rows.filter(state__in=_CERTAIN)
    found: dict[int, str] = dict(certain.values_list("pk", "state"))
    now = clock.now()
    Message.objects.filter(pk__in=found).update(handed_at=None, **_queued(now))
    unknown = list(with_handover(rows.filter(state=MessageState.UNKNOWN)))
    settled = _settled_by_gateway(unknown, _traits(gateways), now)
    for row in settled:
        row.handed_at = row.handed_over_at  # type: ignore[attr-defined]
    Message.objects.bulk_update(settled, ["handed_at"], batch_size=1000)
    Message.objects.filter(pk__in=[row.pk for row in settled]).update(**_queued(now))
    found |= {row.pk: row.state for row in settled}
    act = (
        write_act(kind=ActKind.RESEND, reason=why, by=by, scope=scope, found=found)
        if found
        else None
    )
    return Resent(act, len(found), len(unknown) - len(settled))


@transaction.atomic
def settle_unknown(
    *,
    messages: QuerySet[Message],
    has_it: bool,
    scope: Mapping[str, Any],
    reason: str,
    by: User,
) -> OperatorAct | None:
    """Close messages of unknown outcome by a person's word; None when none of them is unknown.

    One that the person has counts as sent. One that they do not have counts as failed: its next
    channel takes it at once where there is one, else it may be sent again. A receipt that comes
    later still counts. RefusedError without a reason.
    """
    why = checked_reason(reason)
    rows = list(with_handover(lock(messages, state=MessageState.UNKNOWN)))
    if not rows:
        return None
    for row in rows:
        row.sent_at = row.handed_over_at if has_it else None  # type: ignore[attr-defined]
    Message.objects.bulk_update(rows, ["sent_at"], batch_size=1000)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.SENT if has_it else MessageState.FAILED,
        reason=Reason.BY_OPERATOR,
        handed_at=None,
        next_channel_at=None if has_it else clock.now(),
    )
    kind = ActKind.HAS_IT if has_it else ActKind.HAS_IT_NOT
    found = {row.pk: MessageState.UNKNOWN.value for row in rows}
    return write_act(kind=kind, reason=why, by=by, scope=scope, found=found)


def resendable(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return those that may be sent again; of an unknown one its gateway decides."""
    # A gateway that took a message and could not deliver it would take its reference for a
    # repetition: such a message goes on by its next channel, never again by this one.
    root = Coalesce(OuterRef("follows"), OuterRef("pk"))
    followed = Message.objects.filter(follows=root, pk__gt=OuterRef("pk"), state__in=_ALIVE)
    return (
        messages.filter(state__in=(*_CERTAIN, MessageState.UNKNOWN))
        .exclude(state=MessageState.FAILED, reason=Reason.NOT_DELIVERED)
        .exclude(priority=Priority.CODE)
        .exclude(Exists(followed))
    )


def with_handover(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Return messages with `handed_over_at`: when a gateway may have got them."""
    last = Attempt.objects.filter(message=OuterRef("pk")).order_by("-number")
    since = Coalesce(F("handed_at"), Subquery(last.values("started_at")[:1]), F("due_at"))
    return rows.annotate(handed_over_at=since)


def _settled_by_gateway(
    rows: Sequence[Message], gateways: Mapping[Channel, Traits], now: datetime
) -> list[Message]:
    """Return those whose gateway can be asked, or takes no reference twice for long enough."""
    settled = []
    for row in rows:
        traits = gateways.get(Channel(row.channel)) if row.channel else None
        window = traits.deduplicates_for if traits else None
        since: datetime = row.handed_over_at  # type: ignore[attr-defined]
        if (traits and traits.can_ask) or (window is not None and now - since < window):
            settled.append(row)
    return settled


def _traits(given: Mapping[Channel, Traits] | None) -> Mapping[Channel, Traits]:
    if given is not None:
        return given
    return {channel: transport.traits for channel, transport in open_transports().items()}


def _queued(now: datetime) -> dict[str, Any]:
    return {
        "state": MessageState.QUEUED,
        "reason": Reason.BY_OPERATOR,
        "due_at": now,
        "forgiven": F("attempt"),
        "next_channel_at": None,
    }
