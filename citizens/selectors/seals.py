"""Reads of the log of views: who looked, how long a view waits for its seal, the last seal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Min, QuerySet

from citizens.models import AccessLog, Seal, Unsealed


def looks_at(*, parties: Collection[int]) -> QuerySet[AccessLog]:
    """Return who looked at any of these parties, the latest first, with office and official."""
    shown = AccessLog.objects.filter(subject_ids__overlap=list(parties))
    return shown.select_related("actor__official", "office").order_by("-recorded_at", "-pk")


def oldest_unsealed_at() -> datetime | None:
    """Return since when the oldest view waits for its seal, None when none waits."""
    waiting = AccessLog.objects.filter(pk__in=Unsealed.objects.values("pk"))
    since: datetime | None = waiting.aggregate(since=Min("recorded_at"))["since"]
    return since


def last_sealed_at() -> datetime | None:
    """Return when the last seal was made, None before the first."""
    return Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
