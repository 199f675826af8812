"""What the demo phones received (`SMS_URL=demo:`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Count, QuerySet, Window

from notifications.models import DemoDelivery


@dataclass(frozen=True)
class DemoPhone:
    """One demo phone with what lies on it."""

    address: str
    message_count: int
    last_at: datetime


def demo_phones(*, limit: int = 200) -> list[DemoPhone]:
    """Phones that received something, the latest first."""
    counted = DemoDelivery.objects.annotate(
        message_count=Window(Count("pk"), partition_by="address_index")
    )
    latest = counted.order_by("address_index", "-recorded_at", "-pk").distinct("address_index")
    rows = sorted(latest, key=attrgetter("recorded_at"), reverse=True)[:limit]
    return [DemoPhone(row.address, row.message_count, row.recorded_at) for row in rows]


def demo_messages(address: str) -> QuerySet[DemoDelivery]:
    """What one demo phone received, the latest first."""
    found = DemoDelivery.objects.filter(address_index=DemoDelivery.index_of(address))
    return found.order_by("-recorded_at", "-pk")
