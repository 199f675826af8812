"""Name the rows that were not taken: in the database, sealed, and in a file that can be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.db import connection

from citizens.models import Batch, Rejection
from citizens.registers.formats import Format
from citizens.registers.reading import ErrorsFile, Extract, Line, errors_file
from citizens.registers.staging import headings

_AT_ONCE = 5_000
Problem = tuple[int, str, str, str, str]
Progress = Callable[[str, int], None]


def write_rejections(
    declared: Format,
    batch: Batch,
    *,
    extract: Extract,
    errors: Path | None,
    progress: Progress,
) -> None:
    """Store every problem of the session's table `problem` with its row, read anew from `extract`.

    A batch that is not stored (dry run) has its rows written to `errors` only.
    """
    named = headings(declared, extract.header)
    with ExitStack() as stack:
        stack.enter_context(extract)
        file = stack.enter_context(errors_file(errors, extract.header)) if errors else None
        for lines in _chunks(_rejected(extract)):
            if file is not None:
                _add(file, lines, named)
            if not batch._state.adding:
                _store(batch, lines, named)
            progress("rejecting", lines[-1][0].number)


def _rejected(extract: Extract) -> Iterator[tuple[Line, list[Problem]]]:
    """Yield the lines that have problems, with them: both come in the order of lines."""
    noted: dict[int, list[Problem]] = {}

    def numbers() -> Iterator[int]:
        for number, problems in groupby(_problems(), key=itemgetter(0)):
            noted[number] = list(problems)
            yield number

    for line in extract.lines(numbers()):
        yield line, noted.pop(line.number)


def _problems() -> Iterator[Problem]:
    """Yield all problems by line, a few thousand at a time."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT line, col, code, vi, en FROM problem WHERE line IN ("
                " SELECT DISTINCT line FROM problem WHERE line > %s ORDER BY line LIMIT %s)"
                " ORDER BY line, col, code",
                [after, _AT_ONCE],
            )
            rows: list[Problem] = cursor.fetchall()
        if not rows:
            return
        yield from rows
        after = rows[-1][0]


def _chunks(
    lines: Iterable[tuple[Line, list[Problem]]],
) -> Iterator[list[tuple[Line, list[Problem]]]]:
    chunk: list[tuple[Line, list[Problem]]] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _add(
    file: ErrorsFile, lines: Sequence[tuple[Line, list[Problem]]], named: dict[str, str]
) -> None:
    for line, problems in lines:
        for number, column, _code, vi, en in problems:
            file.add(number, named.get(column, column), vi, en, line.raw)


def _store(
    batch: Batch, lines: Sequence[tuple[Line, list[Problem]]], named: dict[str, str]
) -> None:
    rows = [
        Rejection(
            batch=batch,
            line=number,
            column=named.get(column, column)[:80],
            code=code,
            reason_vi=vi[:300],
            reason_en=en[:300],
            row_enc=Rejection.seal_row(batch, number, line.raw) if at == 0 else None,
        )
        for line, problems in lines
        for at, (number, column, code, vi, en) in enumerate(problems)
    ]
    Rejection.objects.bulk_create(rows, ignore_conflicts=True)
