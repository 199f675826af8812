"""What the demo phones received (channels whose URL is `demo:`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Count, QuerySet, Window

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from notifications.models import DemoDelivery, InboundMessage

MOST_LINES = 2000


@dataclass(frozen=True)
class DemoPhone:
    """One demo phone with what lies on it."""

    address: str
    message_count: int
    last_at: datetime


def demo_phones(*, limit: int = 200) -> list[DemoPhone]:
    """Phones that received something, the latest first.

    What came by app, Zalo, e-mail or browser lies on the phone of the person whose address it is;
    who has no phone stands there with that address.
    """
    counted = DemoDelivery.objects.annotate(
        message_count=Window(Count("pk"), partition_by="address_index")
    )
    latest = counted.order_by("address_index", "-recorded_at", "-pk").distinct("address_index")
    rows = sorted(latest, key=attrgetter("recorded_at"), reverse=True)[:limit]
    phones = _phones_of([row for row in rows if row.channel != ContactChannel.SMS])
    found: dict[str, DemoPhone] = {}
    for row in rows:
        address = phones.get(bytes(row.address_index)) or row.address
        known = found.setdefault(address, DemoPhone(address, 0, row.recorded_at))
        count = known.message_count + row.message_count
        found[address] = DemoPhone(address, count, known.last_at)
    return list(found.values())


def demo_messages(address: str) -> QuerySet[DemoDelivery]:
    """What one demo phone received by any channel, the latest first."""
    own = DemoDelivery.index_of(address)
    people = ContactPoint.objects.filter(channel=ContactChannel.SMS, value_index=own)
    theirs = ContactPoint.objects.filter(party__in=people.values("party"))
    indexes = [own, *map(bytes, theirs.values_list("value_index", flat=True))]
    found = DemoDelivery.objects.filter(address_index__in=indexes)
    return found.order_by("-recorded_at", "-pk")


class Line(NamedTuple):
    """One line of a phone's thread: a DemoDelivery, or an InboundMessage that is its own."""

    at: datetime
    pk: int
    is_own: bool


def thread_of(address: str) -> list[Line]:
    """Return what a phone received and what was written from it, the latest first."""
    came = demo_messages(address).values_list("recorded_at", "pk")[:MOST_LINES]
    went = InboundMessage.objects.filter(
        channel=ContactChannel.SMS, sender_index=DemoDelivery.index_of(address)
    ).order_by("-recorded_at", "-pk")
    own = went.values_list("recorded_at", "pk")[:MOST_LINES]
    lines = [Line(*row, is_own=False) for row in came] + [Line(*row, is_own=True) for row in own]
    return sorted(lines, reverse=True)


def _phones_of(rows: Sequence[DemoDelivery]) -> dict[bytes, str]:
    """Return the phone of whose address each of these is, by that address's index."""
    if not rows:
        return {}
    indexes = [row.address_index for row in rows]
    channels = {row.channel for row in rows}
    points = ContactPoint.objects.filter(channel__in=channels, value_index__in=indexes)
    owner = dict(points.order_by("-pk").values_list("value_index", "party"))
    parties = set(owner.values())
    phones = ContactPoint.objects.filter(channel=ContactChannel.SMS, party__in=parties)
    of_party = {point.party_id: point.value for point in phones.order_by("-pk")}
    return {bytes(index): of_party[party] for index, party in owner.items() if party in of_party}
