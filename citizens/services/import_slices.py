"""Write resolved rows a slice of lines at a time, each in one transaction with all that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection, transaction

from citizens.enums import BatchState, DiscrepancyKind, FactTable
from citizens.models import Batch
from citizens.registers.formats import Format
from citizens.registers.writing import Slice, link_facts, write_facts
from citizens.services.open_discrepancies import Found, open_discrepancies

# Large enough for a statement's fixed costs, small enough that nobody waits for its locks.
LINES = 25_000
Progress = Callable[[str, int], None]


def apply_slices(
    declared: Format, batch: Batch, *, day: date, lines: int, progress: Progress
) -> None:
    """Write what follows the batch's cursor (`progress`), then what ties rows to each other.

    A slice has `lines` lines. `progress` hears the last one of each.
    """
    batch.state = BatchState.APPLYING
    batch.save()
    for part in _slices(batch, lines, after=batch.progress):
        with transaction.atomic():
            written = write_facts(declared, part)
            batch.discrepancy_count += _open_cases(batch, part, day)
            batch.created_count += written.created
            batch.changed_count += written.changed
            batch.progress = part.last
            batch.save()
        progress("writing", part.last)
    for part in _slices(batch, lines, after=0):
        with transaction.atomic():
            link_facts(declared, part)
        progress("linking", part.last)


def _slices(batch: Batch, lines: int, *, after: int) -> Iterator[Slice]:
    with connection.cursor() as cursor:
        # Of all lines: what a rejected one disagrees about is a case as well.
        cursor.execute("SELECT coalesce(max(line), 0) FROM staged")
        end = int(cursor.fetchone()[0])
    for first in range(after, end, lines):
        yield Slice(first, min(first + lines, end), batch.pk, batch.as_of)


def _open_cases(batch: Batch, part: Slice, day: date) -> int:
    """Open a case for what the rows of the slice disagree about; return how many were opened."""
    opened = 0
    for rows in _found(part):
        opened += open_discrepancies(rows=rows, day=day, batch=batch)
    return opened


def _found(part: Slice) -> Iterator[list[Found]]:
    """Yield the disagreements of a slice, some thousand at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, kind, tbl, object_id, col, register, other_register, held, stated"
            " FROM found WHERE line > %s AND line <= %s AND subject_id IS NOT NULL ORDER BY line",
            [part.after, part.last],
        )
        while rows := cursor.fetchmany(5_000):
            yield [_of(*row) for row in rows]


def _of(
    subject: int,
    kind: str,
    table: str,
    object_id: int,
    column: str,
    register: str,
    other: str | None,
    held: str | None,
    stated: str | None,
) -> Found:
    return Found(
        subject,
        DiscrepancyKind(kind),
        FactTable(table),
        object_id,
        column,
        register,
        other,
        held or "",
        stated or "",
    )
