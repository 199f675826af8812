"""What other systems printed, with the share that their own counts give."""

from __future__ import annotations

from django.db.models import F, QuerySet

from portal.reporting.models import ReportedCount
from portal.reporting.selectors.settled import Months, Tally


def tally_of(row: ReportedCount) -> Tally:
    """Return the counts of a row."""
    return Tally(row.early, row.on_time, row.late, row.overdue)


def reported_rows() -> QuerySet[ReportedCount]:
    """Return all that was reported with its units: with a printed share first, then the newest."""
    rows = ReportedCount.objects.select_related("unit")
    return rows.order_by(F("printed_share").asc(nulls_last=True), "-last", "unit__code", "field")


def reported_tallies(*, months: Months, field: str = "") -> dict[int, Tally]:
    """Return what was reported of each unit (by key) for periods within the months.

    Without a field: what was reported of all fields together, in a row of its own.
    """
    rows = ReportedCount.objects.filter(first__gte=months.first, last__lte=months.last)
    found: dict[int, Tally] = {}
    for row in rows.filter(field=field):
        found[row.unit_id] = found.get(row.unit_id, Tally()) + tally_of(row)
    return found
