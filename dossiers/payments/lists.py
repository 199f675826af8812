"""Payments of a period as a list, and their sums per day and agency, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from citizens.models import Unit
from dossiers.enums import PaymentState
from dossiers.models import Payment
from portal.common import clock

_TAKEN = (PaymentState.PAID, PaymentState.REFUNDED)


@dataclass(frozen=True)
class DaySum:
    """What one agency took and gave back on a civil day."""

    day: date
    agency: str
    taken_count: int
    taken_vnd: int
    returned_count: int
    returned_vnd: int

    @property
    def net_vnd(self) -> int:
        """What stayed."""
        return self.taken_vnd - self.returned_vnd


def payments_in(*, units: QuerySet[Unit], first: date, last: date) -> QuerySet[Payment]:
    """Return payments of dossiers that the units' agencies decide, asked for or moved from `first`
    to `last` (civil days), newest first.
    """
    within = Q()
    for moment in ("asked_at", "paid_at", "refunded_at"):
        within |= Q(**{f"{moment}__date__range": (first, last)})
    rows = Payment.objects.filter(within, dossier__competent__unit__in=units)
    return rows.select_related("dossier__competent", "dossier__procedure_version").order_by("-pk")


def day_sums(*, units: QuerySet[Unit], first: date, last: date) -> Sequence[DaySum]:
    """Return the sums of a period, newest day first: money counts on the day it came or went.

    A fee that was paid and given back counts on both days, so a day's figure never changes later.
    """
    taken = _sums(units, "paid_at", Q(state__in=_TAKEN), first, last)
    returned = _sums(units, "refunded_at", Q(state=PaymentState.REFUNDED), first, last)
    nothing = (0, 0)
    keys = sorted({*taken, *returned}, key=lambda key: (-key[0].toordinal(), key[1]))
    return [DaySum(*key, *taken.get(key, nothing), *returned.get(key, nothing)) for key in keys]


def _sums(
    units: QuerySet[Unit], moment: str, which: Q, first: date, last: date
) -> dict[tuple[date, str], tuple[int, int]]:
    rows = (
        Payment.objects.filter(which, dossier__competent__unit__in=units)
        .annotate(day=TruncDate(moment, tzinfo=clock.CIVIL_ZONE))
        .filter(day__gte=first, day__lte=last)
        .order_by()
        .values("day", "dossier__competent__name_vi")
        .annotate(count=Count("pk"), total=Sum("amount_vnd"))
    )
    return {
        (row["day"], row["dossier__competent__name_vi"]): (row["count"], row["total"])
        for row in rows
    }
