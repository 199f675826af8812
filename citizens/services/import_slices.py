"""Write resolved rows a slice of lines at a time, each in one transaction with all that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import structlog
from django.db import DataError, IntegrityError, connection, transaction

from citizens.enums import BatchState, DiscrepancyKind, FactTable
from citizens.models import Batch
from citizens.registers.formats import Format
from citizens.registers.writing import Slice, link_facts, write_facts
from citizens.services.open_discrepancies import Found, open_discrepancies

# Large enough for a statement's fixed costs, small enough that nobody waits for its locks.
LINES = 25_000
# What ties rows to each other reads all people for each slice, and holds nobody up: larger ones.
_TIED_AT_ONCE = 10
# Rows that the database may refuse; more of them, and it is not the rows that are wrong.
MOST_REFUSED = 100
Progress = Callable[[str, int], None]
_log = structlog.get_logger(__name__)
_COUNTS = ("created_count", "changed_count", "discrepancy_count", "progress")


def apply_slices(
    declared: Format, batch: Batch, *, day: date, lines: int, progress: Progress
) -> None:
    """Write what is not written yet, then what ties rows to each other.

    A slice has `lines` lines. `progress` hears the last one of each. A row that the database
    refuses is named among the session's problems; the others of its slice are kept.
    """
    batch.state = BatchState.APPLYING
    batch.save()
    for part in _slices(batch, lines, after=_beginning(batch)):
        _in_transactions(batch, part, lambda some: _write(declared, batch, some, day))
        progress("writing", part.last)
    for part in _slices(batch, lines * _TIED_AT_ONCE, after=0):
        _in_transactions(batch, part, lambda some: link_facts(declared, some))
        progress("linking", part.last)


def _write(declared: Format, batch: Batch, part: Slice, day: date) -> None:
    written = write_facts(declared, part)
    batch.discrepancy_count += _open_cases(batch, part, day)
    batch.created_count += written.created
    batch.changed_count += written.changed
    batch.progress = max(batch.progress, part.last)
    batch.save()


def _beginning(batch: Batch) -> int:
    """Return the line after which to write: the cursor, or before a row that it passed unwritten.

    A row that could not be taken when the cursor passed it can be by now: its person has come.
    What was written is not written twice, for it says nothing new.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(line) FROM resolved WHERE NOT is_stale AND (held_id IS NULL OR is_changed)"
        )
        first = cursor.fetchone()[0]
    return batch.progress if first is None else min(batch.progress, first - 1)


# ---------------------------------------------------------------- what the database refuses
def _in_transactions(batch: Batch, part: Slice, work: Callable[[Slice], None]) -> None:
    """Do `work` on a slice in one transaction; if the database refuses it, on each half of it.

    Halving ends at the row that is refused: no check of ours knows what is wrong with it. After
    MOST_REFUSED of them the error goes up.
    """
    try:
        with transaction.atomic():
            work(part)
    except (DataError, IntegrityError) as error:
        batch.refresh_from_db(fields=_COUNTS)
        if part.last - part.after == 1:
            if _refuse(part, error) > MOST_REFUSED:
                raise
            return
        middle = (part.after + part.last) // 2
        _in_transactions(batch, replace(part, last=middle), work)
        _in_transactions(batch, replace(part, after=middle), work)


def _refuse(part: Slice, error: Exception) -> int:
    """Name a row that the database refused; return how many it refused by now.

    The error's own words hold values: they are not repeated.
    """
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    _log.error("row_refused", batch=part.batch, line=part.last, rule=rule, kind=_kind(error))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM resolved WHERE line = %s", [part.last])
        cursor.execute(
            "INSERT INTO problem VALUES (%s, '*', 'refused_by_database', %s, %s)",
            [
                part.last,
                "cơ sở dữ liệu không nhận dòng này; cần người quản trị xem",
                "the database does not accept this row; an operator must look",
            ],
        )
        cursor.execute("SELECT count(*) FROM problem WHERE code = 'refused_by_database'")
        return int(cursor.fetchone()[0])


def _kind(error: Exception) -> str:
    return type(error.__cause__ or error).__name__


# ------------------------------------------------------------------------------- the slices
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
