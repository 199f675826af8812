"""By when procedures had to be published, and when they were: taken in line by line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value

from portal.reporting.quality.models import Publication
from portal.reporting.selectors.settled import Months
from portal.reporting.services.read_table import (
    Cells,
    Loaded,
    WrongCellError,
    day_in,
    read_table,
)

COLUMNS = ("procedure", "name", "decision", "due_on", "published_on")
_NEEDED = frozenset({"procedure", "decision", "due_on"})
_LONGEST = {"procedure": 20, "name": 400, "decision": 60}


def load_publications(lines: Iterable[str], *, source: str) -> Loaded:
    """Read a CSV with the headings `COLUMNS`; without `published_on` it is not published yet.

    A line about a procedure and decision that are known replaces it. TableError where headings are
    missing or unknown; wrong lines are named, the others kept.
    """
    table = read_table(lines, columns=COLUMNS, needed=_NEEDED, read=partial(_read, source=source))
    last_of_each = {(row.procedure, row.decision): row for row in table.rows}
    Publication.objects.bulk_create(
        last_of_each.values(),
        update_conflicts=True,
        unique_fields=["procedure", "decision"],
        update_fields=["name", "due_on", "published_on", "source"],
    )
    return table.loaded


def published_in_time(*, months: Months) -> QuerySet[Any, Any]:
    """Ask how many procedures due in the months were published until their day, of how many.

    One row with "published_on_time" and both counts, to be asked together with others.
    Of a period that runs count those that were due, and those published before their day.
    """
    rows = Publication.objects.filter(due_on__range=(months.first, months.last))
    counted = rows.filter(Q(due_on__lte=months.until) | Q(published_on__isnull=False))
    in_time = Q(published_on__lte=F("due_on"))
    named = counted.order_by().values_list(Value("published_on_time"))
    return named.annotate(part=Count("pk", filter=in_time), whole=Count("pk"))


def _read(cells: Cells, *, source: str) -> Publication:
    for name, most in _LONGEST.items():
        if len(cells[name]) > most or (name in _NEEDED and not cells[name]):
            raise WrongCellError(name, f"cần từ 1 đến {most} ký tự / 1 to {most} letters")
    return Publication(
        procedure=cells["procedure"],
        name=cells["name"],
        decision=cells["decision"],
        due_on=day_in(cells, "due_on"),
        published_on=day_in(cells, "published_on") if cells["published_on"] else None,
        source=source,
    )
