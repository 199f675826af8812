"""The number of a dossier: ``<agency code>-YYYYMMDD-NNNNNNN``, without gaps per agency and day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from citizens.models import Agency
from dossiers.models import CodeCounter


def next_code(*, agency: Agency, day: date) -> str:
    """Return the next number of the agency on the civil date `day` (format: domain.md 1.4).

    Call inside the dossier's transaction, as late as possible: the counter's row stays locked until
    that ends, and goes back when it is rolled back, so that no number is lost or given twice.
    """
    CodeCounter.objects.bulk_create([CodeCounter(agency=agency, day=day)], ignore_conflicts=True)
    counter = CodeCounter.objects.select_for_update(of=("self",)).get(agency=agency, day=day)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{agency.code}-{day:%Y%m%d}-{counter.last:07d}"


def hold_counters(*, agencies: Iterable[Agency], day: date) -> None:
    """Hold the counters of all agencies that one press files at, in one order for every press.

    Whoever files at several agencies in one transaction calls it first: two presses that take the
    agencies' numbers the other way round would else wait for each other in a circle.
    """
    keys = sorted({agency.pk for agency in agencies})
    rows = [CodeCounter(agency_id=key, day=day) for key in keys]
    CodeCounter.objects.bulk_create(rows, ignore_conflicts=True)
    held = CodeCounter.objects.select_for_update(of=("self",)).filter(agency__in=keys, day=day)
    list(held.order_by("agency").values_list("pk"))
