"""The rows behind the figures, as the published CSV tells them: no person, no day, no procedure.

Rows that are told alike are held together with their number, so memory follows units, fields and
months, not dossiers; and the file is the same each time, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Sum, Value, When

from portal.common.spreadsheets import csv_lines
from portal.reporting.models import CountedDossier, KeptCount, KeptFigures
from portal.reporting.selectors.settled import OVERDUE, Months, carried

COLUMNS = ("unit", "field", "settled_in", "outcome")
# Lines of the file that are handed out together.
_AT_ONCE = 1_000
_MONTH = Func(F("finished_on"), Value("YYYY-MM"), function="to_char", output_field=CharField())


class Alike(NamedTuple):
    """So many rows (`number`) that are told alike; of what is overdue `settled_in` is empty."""

    unit: str
    field: str
    settled_in: str
    outcome: str
    number: int
    unit_key: int


def source_rows(*, months: Months, field: str = "") -> list[Alike]:
    """Return the rows behind the figures of the months, counted from each dossier's own.

    Settled in them, or overdue at their end; of one field only where it is named. In the order of
    the file: by unit, field, month and outcome, each by its characters' numbers.
    """
    is_settled = Q(finished_on__range=(months.first, months.last))
    rows: QuerySet[Any, Any] = CountedDossier.objects.filter(is_settled | carried(months))
    rows = rows.filter(field=field) if field else rows
    found = rows.annotate(
        settled_in=Case(When(is_settled, then=_MONTH), default=Value("")),
        told=Case(When(is_settled, then=F("outcome")), default=Value(OVERDUE)),
    ).order_by()
    alike = found.values("unit__code", "field", "settled_in", "told", "unit")
    counted = alike.annotate(Count("pk")).values_list(
        "unit__code", "field", "settled_in", "told", "pk__count", "unit"
    )
    return sorted(Alike(*row) for row in counted)


def kept_rows(kept: KeptFigures) -> list[Alike]:
    """Return the rows of a version of a month as they were, in the order of the file."""
    counts = KeptCount.objects.filter(kept__month=kept.month, kept__version__lte=kept.version)
    sums = counts.order_by().values_list("unit", "unit__code", "field", "outcome")
    left = sums.annotate(whole=Sum("count")).exclude(whole=0)
    return sorted(
        Alike(code, field, "" if told == OVERDUE else f"{kept.month:%Y-%m}", told, count, unit)
        for unit, code, field, told, count in left
    )


def file_of(rows: Iterable[Alike]) -> Iterator[bytes]:
    """Yield the CSV of the rows, one line each, in pieces of at most `_AT_ONCE` lines."""
    rows = list(rows)
    lines = csv_lines([COLUMNS, *(row[:4] for row in rows)])
    yield next(lines).encode()
    for row, text in zip(rows, lines, strict=True):
        line = text.encode()
        for done in range(0, row.number, _AT_ONCE):
            yield line * min(_AT_ONCE, row.number - done)


def digest_of(rows: Iterable[Alike]) -> str:
    """Return the SHA-256 of that CSV, in hex."""
    whole = sha256()
    for piece in file_of(rows):
        whole.update(piece)
    return whole.hexdigest()
