"""Take in what another system printed: counts by unit and period, one line of a CSV each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from portal.reporting.models import ReportedCount
from portal.reporting.services.read_table import (
    Cells,
    Loaded,
    Units,
    WrongCellError,
    count_in,
    day_in,
    number_in,
    read_table,
)

COLUMNS = ("unit", "first", "last", "field", "early", "on_time", "late", "overdue", "printed_share")
_NEEDED = frozenset({"unit", "first", "last", "on_time"})
_COUNTS = ("early", "on_time", "late", "overdue")


def load_reported(lines: Iterable[str], *, source: str) -> Loaded:
    """Read a CSV with the headings `COLUMNS` (days as `day_in`; a unit by code on that day).

    A line about a unit, period and field that is known replaces it. TableError where headings are
    missing or unknown; wrong lines are named, the others kept.
    """
    read = partial(_read, source=source, units=Units())
    table = read_table(lines, columns=COLUMNS, needed=_NEEDED, read=read)
    last_of_each = {(row.unit_id, row.first, row.last, row.field): row for row in table.rows}
    ReportedCount.objects.bulk_create(
        last_of_each.values(),
        update_conflicts=True,
        unique_fields=["unit", "first", "last", "field"],
        update_fields=[*_COUNTS, "printed_share", "source"],
    )
    return table.loaded


def _read(cells: Cells, *, source: str, units: Units) -> ReportedCount:
    first, last = day_in(cells, "first"), day_in(cells, "last")
    if last < first:
        raise WrongCellError("last", "trước ngày đầu / before the first day")
    if not cells["on_time"]:
        raise WrongCellError("on_time", "cần số đếm / a count is wanted")
    return ReportedCount(
        unit=units.on(cells["unit"], last),
        first=first,
        last=last,
        field=cells["field"],
        printed_share=number_in(cells, "printed_share", Decimal(100)),
        source=source,
        **{name: count_in(cells, name) or 0 for name in _COUNTS},
    )
