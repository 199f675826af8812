"""Reads of the log's seals: how long a view has waited for one, and when the last was made."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from citizens.models import AccessLog, Seal, Unsealed


def oldest_unsealed_at() -> datetime | None:
    """Return since when the oldest view waits for its seal, None when none waits."""
    waiting = AccessLog.objects.filter(pk__in=Unsealed.objects.values("pk"))
    since: datetime | None = waiting.aggregate(since=Min("recorded_at"))["since"]
    return since


def last_sealed_at() -> datetime | None:
    """Return when the last seal was made, None before the first."""
    return Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
