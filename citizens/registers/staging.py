"""An extract into a table of the session's: cells read, secrets sealed, mistakes noted.

The table is temporary: it is seen by nobody else, is never dumped, and is gone with the process, so
a killed import leaves no half-read file behind. Rows with a mistake are staged with it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db import connection

from citizens.registers.cells import BadCell
from citizens.registers.formats import Column, Format
from citizens.registers.layout import (
    Place,
    Row,
    columns_of,
    event_key_of,
    key_of,
    places_of,
    seal_sensitive,
)
from citizens.registers.reading import Extract, Line
from portal.common.sql import Progress, copy_in

STAGED = "staged"
_WHOLE_ROW = "*"


@dataclass(frozen=True)
class _Cell:
    at: int
    column: Column
    places: list[Place]


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
    rows = (reader.row(line) for line in extract)
    return copy_in(STAGED, list(columns), rows, progress=progress)


def headings(declared: Format, header: Sequence[str]) -> dict[str, str]:
    """Return the file's heading for each declared column that stands in it."""
    found = ((declared.column_for(heading), heading) for heading in header)
    return {column.name: heading for column, heading in found if column}


class _Reader:
    """Turns the lines of one extract into staged rows."""

    def __init__(self, declared: Format, header: Sequence[str], day: date) -> None:
        self.declared, self.day = declared, day
        self.names = list(columns_of(declared.target))
        self.cells = [
            _Cell(at, column, places_of(column, declared))
            for at, column in enumerate(map(declared.column_for, header))
            if column is not None
        ]

    def row(self, line: Line) -> Iterator[Any]:
        """Return the values of one line in the order of the staged columns."""
        if line.cells is None:
            problem = line.problem
            noted = [[_WHOLE_ROW, problem.code, problem.vi, problem.en]] if problem else []
            return self._broken(line.number, noted)
        read, row, problems = self._read(line.cells)
        if problems:
            return self._broken(line.number, problems)
        row["line"] = line.number
        row["key"] = key_of(self.declared, read)
        row["content"] = _content(line.cells)
        if self.declared.event is not None:
            row["event_key"] = event_key_of(self.declared, read)
        seal_sensitive(row)
        return map(row.get, self.names)

    def _read(self, cells: Sequence[str]) -> tuple[Row, Row, list[list[str]]]:
        read: Row = {}
        row: Row = {}
        problems: list[list[str]] = []
        for cell in self.cells:
            column, value = cell.column, cells[cell.at]
            try:
                if not value:
                    _refuse_missing(column)
                    continue
                found = read[column.name] = column.read(value)
                if isinstance(found, date) or column.to == "birth":
                    self._refuse_future(found, column)
                for put in cell.places:
                    put(row, found)
            except BadCell as bad:
                problems.append([column.name, bad.code, bad.vi, bad.en])
        return read, row, problems

    def _refuse_future(self, value: Any, column: Column) -> None:
        when = value if isinstance(value, date) else value.day
        if when > self.day and column.name not in {"expires_on"}:
            raise BadCell("date_future", "là ngày trong tương lai", "lies in the future")

    def _broken(self, number: int, problems: list[list[str]]) -> Iterator[Any]:
        noted: Row = {"line": number, "problems": json.dumps(problems, ensure_ascii=False)}
        return map(noted.get, self.names)


def _refuse_missing(column: Column) -> None:
    if column.required:
        raise BadCell("missing", "thiếu giá trị", "a value is missing")


def _content(cells: Sequence[str]) -> int:
    """Return a number that is the same for rows that say the same."""
    digest = blake2b("\x1f".join(cells).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
