"""What the demo phones received (`SMS_URL=demo:`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from notifications.models import DemoDelivery


@dataclass(frozen=True)
class DemoPhone:
    """One demo phone with what lies on it."""

    address: str
    message_count: int
    last_at: datetime


def demo_phones(*, limit: int = 200) -> list[DemoPhone]:
    """Phones that received something, the latest first."""
    rows = (
        DemoDelivery.objects.values("address")
        .annotate(message_count=Count("pk"), last_at=Max("recorded_at"))
        .order_by("-last_at", "address")[:limit]
    )
    return [DemoPhone(**row) for row in rows]


def demo_messages(address: str) -> QuerySet[DemoDelivery]:
    """What one demo phone received, the latest first."""
    return DemoDelivery.objects.filter(address=address).order_by("-recorded_at", "-pk")
