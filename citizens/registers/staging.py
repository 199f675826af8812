"""An extract into a table of the session's: cells read, secrets sealed, mistakes noted.

The table is temporary: it is seen by nobody else, is never dumped, and is gone with the process, so
a killed import leaves no half-read file behind. Rows with a mistake are staged with it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from citizens.registers.cells import BadCell, Birth, Reader
from citizens.registers.formats import Column, Format, Target
from citizens.registers.layout import Place, Row, columns_of, filled_by, finisher_of, places_of
from citizens.registers.limits import most_of
from citizens.registers.reading import Extract, Line
from portal.common.sql import Progress, copy_in

STAGED = "staged"
_WHOLE_ROW = "*"
# Columns of days that may lie ahead; all others tell of what has happened.
_MAY_LIE_AHEAD = frozenset({"expires_on"})


def stage(extract: Extract, declared: Format, *, day: date, progress: Progress) -> int:
    """Copy the whole extract into the table `staged`; return how many rows it has.

    `day` is the civil date up to which something can have happened. `progress` hears the number of
    rows so far. Constant memory.
    """
    columns = columns_of(declared.target)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        declaration = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGED} ({declaration})")
    reader = _Reader(declared, extract.header, day)
    return copy_in(STAGED, reader.names, map(reader.row, extract), progress=progress)


def headings(declared: Format, header: Sequence[str]) -> dict[str, str]:
    """Return the file's heading for each declared column that stands in it."""
    found = ((declared.column_for(heading), heading) for heading in header)
    return {column.name: heading for column, heading in found if column}


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
        columns = {at: declared.column_for(heading) for at, heading in enumerate(header)}
        known = {at: column for at, column in columns.items() if column is not None}
        self.names = filled_by(list(known.values()), declared)
        self.cells = [_cell(at, column, declared.target) for at, column in known.items()]
        self.finish = finisher_of(declared)

    def row(self, line: Line) -> Iterator[Any]:
        """Return the values of one line in the order of `names`."""
        if line.cells is None:
            problem = line.problem
            noted = [[_WHOLE_ROW, problem.code, problem.vi, problem.en]] if problem else []
            return self._broken(line.number, noted)
        # Equal rows of one run have equal numbers; nothing outside the run sees them.
        row: Row = {"line": line.number, "content": hash(line.cells)}
        read, problems = self._read(line.cells, row)
        if problems:
            return self._broken(line.number, problems)
        self.finish(row, read)
        return map(row.get, self.names)

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

    def _broken(self, number: int, problems: list[list[str]]) -> Iterator[Any]:
        noted: Row = {"line": number, "problems": json.dumps(problems, ensure_ascii=False)}
        return map(noted.get, self.names)


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
