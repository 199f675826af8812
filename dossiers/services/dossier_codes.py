"""The number of a dossier: ``<agency code>-YYYYMMDD-NNNNNNN``, without gaps per agency and day."""

from __future__ import annotations

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
