"""Whose an address is, and what was told to it: what an answer may be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from citizens.enums import PartyKind
from citizens.models import ContactPoint
from notifications.enums import Channel, MessageState, Reason
from notifications.models import InboundMessage, Message

# An answer without a code is about something that was said not longer ago.
REMEMBERED_FOR = timedelta(days=60)
_OWN_CHANNELS = (Channel.APP, Channel.PUSH, Channel.ZALO, Channel.EMAIL)
_SAID = (MessageState.SENT, MessageState.DELIVERED, MessageState.UNKNOWN, MessageState.SENDING)


def points_at(channel: str, address_index: bytes) -> list[ContactPoint]:
    """Return the contact points with this address of parties that live, the verified ones first."""
    alive = Q(
        party__citizen__birth_date__isnull=False,
        party__citizen__died_on__isnull=True,
        party__citizen__survivor__isnull=True,
    )
    rows = ContactPoint.objects.filter(
        alive | ~Q(party__kind=PartyKind.CITIZEN),
        channel=channel,
        value_index=address_index,
        party__isnull=False,
    )
    newest_first = F("verified_at").desc(nulls_last=True)  # PostgreSQL puts NULL first otherwise
    return list(rows.select_related("party").order_by(newest_first, "pk"))


def parties_at(points: Sequence[ContactPoint]) -> list[int]:
    """Return the keys of the parties that an address is known to be of: verified, in order."""
    return sorted({p.party_id for p in points if p.verified_at and p.party_id is not None})


def told_by_code(
    code: str, address_index: bytes | memoryview, points: Sequence[ContactPoint]
) -> Message | None:
    """Return the message with this short code if it went to this address, else None."""
    if not code:
        return None
    return Message.objects.filter(_went_to(address_index, points), short_code=code).first()


def told_to(
    address_index: bytes | memoryview, points: Sequence[ContactPoint], *, now: datetime
) -> QuerySet[Message]:
    """Return what this address was told of lately, also inside a digest, the latest first."""
    since = now - REMEMBERED_FOR
    said = Q(state__in=_SAID) & _went_to(address_index, points)
    gathered = Q(
        _went_to(address_index, points, "digest__"),
        state=MessageState.SUPPRESSED,
        reason=Reason.IN_DIGEST,
        digest__state__in=_SAID,
    )
    rows = Message.objects.filter(said | gathered, recorded_at__gte=since)
    return rows.exclude(thread_key="").order_by("-recorded_at", "-pk")


def _went_to(
    address_index: bytes | memoryview, points: Sequence[ContactPoint], path: str = ""
) -> Q:
    """Return the condition that a message went to an address, or to one of those who have it.

    Where no address was noted it is enough that it went by this channel to one of its owners. An
    address of one person alone answers also what that person was told by the app, Zalo or e-mail:
    people answer where they know how to. `path` leads to the message (``"digest__"``).
    """
    owners = parties_at(points)
    channels = {point.channel for point in points}
    noted = Q(**{f"{path}address_index": bytes(address_index)})
    unnoted = Q(
        **{
            f"{path}address_index__isnull": True,
            f"{path}recipient__in": owners,
            f"{path}channel__in": channels,
        }
    )
    if len(owners) != 1 or any(point.shared for point in points):
        return noted | unnoted
    elsewhere = {f"{path}recipient": owners[0], f"{path}channel__in": _OWN_CHANNELS}
    return noted | unnoted | Q(**elsewhere)


def written_by(address_index: bytes | memoryview, *, since: datetime) -> QuerySet[InboundMessage]:
    """Return what came from an address since an instant, the latest first."""
    rows = InboundMessage.objects.filter(sender_index=bytes(address_index), recorded_at__gte=since)
    return rows.order_by("-recorded_at", "-pk")
