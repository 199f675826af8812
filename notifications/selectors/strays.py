"""Receipts that name no message of their channel: kept apart, for operators to look at (F17)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Exists, OuterRef, QuerySet, UUIDField, When
from django.db.models.functions import Cast

from notifications.models import Message, ReceiptInbox

# Only so many of the latest receipts are looked at: a gateway that goes astray does so at once.
_LOOKED_AT = 5000


def stray_receipts(*, before: datetime) -> QuerySet[ReceiptInbox]:
    """Return the latest receipts, come before an instant, that fit no message; newest first.

    What came just now may speak of a message that is still being sent: let it have a few minutes.
    """
    latest = ReceiptInbox.objects.order_by("-pk").values("pk")[:_LOOKED_AT]
    ours = Case(When(reference__regex=r"^[0-9a-f]{32}$", then=Cast("reference", UUIDField())))
    here = Message.objects.filter(channel=OuterRef("channel"))
    theirs = here.exclude(gateway_reference="").filter(gateway_reference=OuterRef("reference"))
    return (
        ReceiptInbox.objects.filter(pk__in=latest, recorded_at__lt=before)
        .annotate(ours=ours)
        .filter(~Exists(here.filter(public_id=OuterRef("ours"))), ~Exists(theirs))
        .order_by("-pk")
    )
