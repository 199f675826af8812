"""An extract into a table of the session's: cells read, secrets sealed, mistakes noted.

The table is temporary: it is seen by nobody else, is never dumped, and is gone with the process, so
a killed import leaves no half-read file behind. Rows with a mistake are staged with it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from queue import Queue
from typing import NamedTuple

from django.db import connection

from citizens.registers.cells import BadCell, Birth, Reader
from citizens.registers.columns import PeopleColumns, PlacedCell, Written, can_read
from citizens.registers.forked import in_order
from citizens.registers.formats import Column, Format, Target
from citizens.registers.layout import Place, Row, columns_of, filled_by, finisher_of, places_of
from citizens.registers.limits import most_of
from citizens.registers.pair import ALONE, Sessions
from citizens.registers.reading import Extract, Line
from portal.common.sql import copy_in, line_writer

STAGED = "staged"
Progress = Callable[[int], None]
# A line as it goes to another process: its number, and its cells or what is wrong with it.
_Plain = tuple[int, tuple[str, ...] | None, list[list[str]]]
_WHOLE_ROW = "*"
# A block is so many lines, or fewer that hold so many characters; so many lines are read alone.
_LINES, _CHARACTERS, _ALONE = 1_000, 4 << 20, 20_000
# Between the rows of a block that go to different sessions; no text of PostgreSQL's holds it.
_BETWEEN = b"\0"
_AHEAD = 4  # blocks that may wait for the second session
# Columns of days that may lie ahead; all others tell of what has happened.
_MAY_LIE_AHEAD = frozenset({"expires_on"})


def stage(
    extract: Extract,
    declared: Format,
    *,
    day: date,
    progress: Progress,
    sessions: Sessions = ALONE,
    alone: int = _ALONE,
) -> int:
    """Copy the whole extract into the table `staged`; return how many rows it has.

    `day` is the civil date up to which something can have happened. `progress` hears the number of
    rows so far. Constant memory. Cells behind the first `alone` lines are read by children of this
    process. Rows with the same key are staged in the same one of `sessions`.
    """
    reader = _Reader(declared, extract.header, day, sessions.count)
    sessions.all(partial(_make_table, declared.target))
    blocks = _told(in_order(reader.block, _blocks(extract), alone=alone // _LINES), progress)
    with closing(blocks):
        copy = partial(copy_in, STAGED, reader.columns)
        if sessions.count == 1:
            return copy(blocks)
        return sum(_to_two(sessions, copy, blocks))


def _make_table(target: Target) -> None:
    declaration = ", ".join(f"{name} {kind}" for name, kind in columns_of(target).items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGED} ({declaration})")


def _told(blocks: Generator[bytes, None, None], progress: Progress) -> Generator[bytes, None, None]:
    """Yield the blocks, and tell the number of rows up to each."""
    count = 0
    with closing(blocks):
        for block in blocks:
            count += block.count(b"\n")  # ends each row, and is escaped in a value
            progress(count)
            yield block


def _to_two(
    sessions: Sessions, copy: Callable[[Iterable[bytes]], int], blocks: Iterable[bytes]
) -> list[int]:
    """Copy blocks of two parts each into two sessions at once; return how many rows each took."""
    waiting: Queue[bytes | None] = Queue(_AHEAD)

    def ours() -> Iterator[bytes]:
        for block in blocks:
            part, other = block.split(_BETWEEN)
            waiting.put(other)
            yield part

    def first() -> int:
        try:
            return copy(filter(None, ours()))
        finally:
            waiting.put(None)

    def second() -> int:
        theirs = iter(waiting.get, None)
        try:
            return copy(filter(None, theirs))
        finally:
            for _unwanted in theirs:  # whoever gives them must not wait for ever
                pass

    return sessions.each(first, second)


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
        room -= len("".join(line.raw))
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
    """Turns the lines of one extract into staged rows, in `parts` by their keys."""

    def __init__(self, declared: Format, header: Sequence[str], day: date, parts: int) -> None:
        self.day = day
        self.parts = parts
        found = {at: declared.column_for(heading) for at, heading in enumerate(header)}
        known = {at: column for at, column in found.items() if column is not None}
        kinds = columns_of(declared.target)
        self.columns = {name: kinds[name] for name in filled_by(list(known.values()), declared)}
        self.cells = [_cell(at, column, declared.target) for at, column in known.items()]
        self.finish = finisher_of(declared)
        self.write = line_writer(self.columns)
        placed = [_placed(one, known[one.at].to) for one in self.cells]
        self.people = None
        if declared.target == Target.PERSON and declared.event is None and can_read(placed):
            self.people = PeopleColumns(placed, list(self.columns), day)

    def block(self, lines: Sequence[_Plain]) -> bytes:
        """Return lines as COPY reads them, one part behind the other."""
        parts: list[list[str]] = [[] for _ in range(self.parts)]
        for line, written in zip(lines, self._at_once(lines), strict=True):
            key, text = written or self._alone(*line)
            parts[key[0] % self.parts].append(text)
        return _BETWEEN.join("".join(part).encode() for part in parts)

    def _at_once(self, lines: Sequence[_Plain]) -> Iterator[Written | None]:
        """Yield the rows that need not be read by themselves, None for all others."""
        whole = [(number, cells) for number, cells, _problems in lines if cells is not None]
        if self.people is None or not whole:
            yield from [None] * len(lines)
            return
        rows = iter(self.people.rows(*zip(*whole, strict=True)))
        for _number, cells, _problems in lines:
            yield None if cells is None else next(rows)

    def _alone(
        self, number: int, cells: tuple[str, ...] | None, problems: list[list[str]]
    ) -> Written:
        """Return one row; those without a key go to the first part."""
        row = self._row(number, cells, problems)
        return row.get("key", b"\0"), self.write(row)

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


def _placed(cell: _Cell, to: str) -> PlacedCell:
    return PlacedCell(cell.at, to, cell.read, cell.most, cell.is_required, cell.is_past)


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
