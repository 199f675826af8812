"""An extract into a table of the session's: cells read, secrets sealed, mistakes noted.

The table is temporary: it is seen by nobody else, is never dumped, and is gone with the process, so
a killed import leaves no half-read file behind. Rows with a mistake are staged with it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import starmap
from typing import NamedTuple

from django.db import connection

from citizens.registers.cells import BadCell, Birth, Reader
from citizens.registers.forked import in_order
from citizens.registers.formats import Column, Format, Target
from citizens.registers.layout import Place, Row, columns_of, filled_by, finisher_of, places_of
from citizens.registers.limits import most_of
from citizens.registers.reading import Extract, Line
from portal.common.sql import Progress, copy_in, line_writer

STAGED = "staged"
# A line as it goes to another process: its number, and its cells or what is wrong with it.
_Plain = tuple[int, tuple[str, ...] | None, list[list[str]]]
_WHOLE_ROW = "*"
# A block is so many lines, or fewer that hold so many characters; so many lines are read alone.
_LINES, _CHARACTERS, _ALONE = 1_000, 4 << 20, 20_000
# Columns of days that may lie ahead; all others tell of what has happened.
_MAY_LIE_AHEAD = frozenset({"expires_on"})


def stage(
    extract: Extract,
    declared: Format,
    *,
    day: date,
    progress: Progress,
    alone: int = _ALONE,
) -> int:
    """Copy the whole extract into the table `staged`; return how many rows it has.

    `day` is the civil date up to which something can have happened. `progress` hears the number of
    rows so far. Constant memory. Cells behind the first `alone` lines are read by children of this
    process.
    """
    columns = columns_of(declared.target)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        declaration = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGED} ({declaration})")
    reader = _Reader(declared, extract.header, day)
    blocks = in_order(reader.block, _blocks(extract), alone=alone // _LINES)
    with closing(blocks):
        return copy_in(STAGED, reader.columns, blocks, progress=progress)


def headings(declared: Format, header: Sequence[str]) -> dict[str, str]:
    """Return the file's heading for each declared column that stands in it."""
    found = ((declared.column_for(heading), heading) for heading in header)
    return {column.name: heading for column, heading in found if column}


def _blocks(extract: Extract) -> Iterator[list[_Plain]]:
    """Yield the lines in blocks of bounded size."""
    block: list[_Plain] = []
    room = _CHARACTERS
    for line in extract:
        block.append(_plain(line))
        room -= sum(map(len, line.raw))
        if len(block) == _LINES or room < 0:
            yield block
            block, room = [], _CHARACTERS
    if block:
        yield block


def _plain(line: Line) -> _Plain:
    problem = line.problem
    noted = [[_WHOLE_ROW, problem.code, problem.vi, problem.en]] if problem else []
    return line.number, line.cells, noted


class _Cell(NamedTuple):
    """How one column of the file is read: kept flat, because it is gone through for every row."""

    at: int
    name: str
    read: Reader
    most: int
    is_required: bool
    is_past: bool
    places: list[Place]


class _Reader:
    """Turns the lines of one extract into staged rows."""

    def __init__(self, declared: Format, header: Sequence[str], day: date) -> None:
        self.day = day
        found = {at: declared.column_for(heading) for at, heading in enumerate(header)}
        known = {at: column for at, column in found.items() if column is not None}
        kinds = columns_of(declared.target)
        self.columns = {name: kinds[name] for name in filled_by(list(known.values()), declared)}
        self.cells = [_cell(at, column, declared.target) for at, column in known.items()]
        self.finish = finisher_of(declared)
        self.write = line_writer(self.columns)

    def block(self, lines: Iterable[_Plain]) -> bytes:
        """Return lines as COPY reads them."""
        return "".join(map(self.write, starmap(self._row, lines))).encode()

    def _row(self, number: int, cells: tuple[str, ...] | None, problems: list[list[str]]) -> Row:
        """Return the values of one line, or what is wrong with it."""
        if cells is None:
            return {"line": number, "problems": problems}
        # Equal rows of one run have equal numbers; nothing outside the run sees them.
        row: Row = {"line": number, "content": hash(cells)}
        read, problems = self._read(cells, row)
        if problems:
            return {"line": number, "problems": problems}
        self.finish(row, read)
        return row

    def _read(self, cells: Sequence[str], row: Row) -> tuple[Row, list[list[str]]]:
        found: Row = {}
        problems: list[list[str]] = []
        for at, name, read, most, is_required, is_past, places in self.cells:
            text = cells[at]
            if not text:
                if is_required:
                    problems.append([name, "missing", "thiếu giá trị", "a value is missing"])
                continue
            if len(text) > most:
                problems.append(_too_long(name, most))
                continue
            try:
                value = found[name] = read(text)
                if is_past:
                    self._refuse_future(value)
            except BadCell as bad:
                problems.append([name, bad.code, bad.vi, bad.en])
                continue
            for put in places:
                put(row, value)
        return found, problems

    def _refuse_future(self, value: date | Birth) -> None:
        if (value.day if isinstance(value, Birth) else value) > self.day:
            raise BadCell("date_future", "là ngày trong tương lai", "lies in the future")


def _too_long(name: str, most: int) -> list[str]:
    return [name, "too_long", f"dài quá {most} ký tự", f"longer than {most} characters"]


def _cell(at: int, column: Column, target: Target) -> _Cell:
    return _Cell(
        at,
        column.name,
        column.read,
        most_of(column, target),
        column.required,
        column.is_day and column.name not in _MAY_LIE_AHEAD,
        places_of(column),
    )
