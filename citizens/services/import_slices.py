"""Write resolved rows a slice of lines at a time, each in one transaction with all that follows.

Where an import has two sessions, each writes its half of a slice in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import structlog
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F

from citizens.enums import BatchState, DiscrepancyKind, FactTable
from citizens.models import Batch
from citizens.registers.formats import Format
from citizens.registers.pair import Sessions
from citizens.registers.resolving import RESOLVED
from citizens.registers.writing import Slice, Tie, ties_of, write_facts
from citizens.services.open_discrepancies import Found, open_discrepancies

# Large enough for a statement's fixed costs, small enough that nobody waits for its locks.
LINES = 25_000
# What ties rows to each other reads all people for each slice, and holds nobody up: larger ones.
_TIED_AT_ONCE = 10
# Rows that the database may refuse; more of them, and it is not the rows that are wrong.
MOST_REFUSED = 100
Progress = Callable[[str, int], None]
_log = structlog.get_logger(__name__)
_COUNTS = ("created_count", "changed_count", "discrepancy_count")


def apply_slices(
    declared: Format,
    batch: Batch,
    *,
    day: date,
    lines: int,
    sessions: Sessions,
    progress: Progress,
) -> None:
    """Write what is not written yet, then what ties rows to each other.

    A slice has `lines` lines, and a transaction in each session. `progress` hears the last line of
    each. A row that the database refuses is named among the session's problems; the others of its
    slice are kept.
    """
    batch.state = BatchState.APPLYING
    batch.save()
    # Of all lines: what a rejected one disagrees about is a case as well.
    end = max(sessions.all(_last_line))
    beginning = min(sessions.all(partial(_beginning, batch)))
    for part in _slices(batch, lines, after=beginning, end=end):
        sessions.all(partial(_in_transactions, part, partial(_write, declared, batch, day)))
        # A kill before this has the slice written again, which changes nothing.
        batch.progress = max(batch.progress, part.last)
        batch.save(update_fields=["progress"])
        progress("writing", part.last)
    batch.refresh_from_db(fields=_COUNTS)
    large = list(_slices(batch, lines * _TIED_AT_ONCE, after=0, end=end))
    _tie(declared, large, sessions, progress)


def _write(declared: Format, batch: Batch, day: date, part: Slice) -> None:
    written = write_facts(declared, part)
    opened = _open_cases(batch, part, day)
    counted = {
        "created_count": F("created_count") + written.created,
        "changed_count": F("changed_count") + written.changed,
        "discrepancy_count": F("discrepancy_count") + opened,
    }
    # Last: the other session waits from here to the end of this transaction.
    Batch.objects.filter(pk=batch.pk).update(**counted)


def _tie(declared: Format, parts: Sequence[Slice], sessions: Sessions, progress: Progress) -> None:
    """Write the ties of all rows, each kind in one session: the order of lines counts there."""
    ties = ties_of(declared)
    for at, tie in enumerate(ties):
        sessions.hand_over(RESOLVED, tie.columns, to=at)

    def write(tie: Tie, tell: Progress) -> None:
        for part in parts:
            _in_transactions(part, tie.write)
            tell("linking", part.last)

    # One of them tells: the other one may be in a thread of its own.
    tellers: list[Progress] = [progress, lambda _phase, _line: None]
    sessions.each(*(partial(write, tie, tell) for tie, tell in zip(ties, tellers, strict=False)))


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
def _in_transactions(part: Slice, work: Callable[[Slice], None]) -> None:
    """Do `work` on a slice in one transaction; if the database refuses it, on each half of it.

    Halving ends at the row that is refused: no check of ours knows what is wrong with it. After
    MOST_REFUSED of them the error goes up.
    """
    try:
        with transaction.atomic():
            work(part)
    except (DataError, IntegrityError) as error:
        if part.last - part.after == 1:
            if _refuse(part, error) > MOST_REFUSED:
                raise
            return
        middle = (part.after + part.last) // 2
        _in_transactions(replace(part, last=middle), work)
        _in_transactions(replace(part, after=middle), work)


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
def _last_line() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(line), 0) FROM staged")
        return int(cursor.fetchone()[0])


def _slices(batch: Batch, lines: int, *, after: int, end: int) -> Iterator[Slice]:
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
