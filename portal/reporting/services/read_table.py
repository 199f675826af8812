"""Figures that others published come as a CSV: wrong lines are named, the good ones beside kept."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from citizens.models import Unit
from portal.common.errors import PortalError

Cells = Mapping[str, str]
Row = TypeVar("Row")


class TableError(PortalError):
    """The file as a whole cannot be read: its headings are wrong."""


class WrongCellError(Exception):
    """A cell that says nothing; the line is left out, for this reason (Vietnamese / English)."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was left out, and why."""

    line: int
    column: str
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Lines taken (new, or in the place of one about the same), and those refused."""

    taken: int
    refused: Sequence[Refused]


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """The good lines in their order, and those refused."""

    rows: list[Row]
    refused: list[Refused]

    @property
    def loaded(self) -> Loaded:
        """What whoever brought the file is told."""
        return Loaded(len(self.rows), self.refused)


def read_table(
    lines: Iterable[str],
    *,
    columns: Sequence[str],
    needed: AbstractSet[str],
    read: Callable[[Cells], Row],
) -> Table[Row]:
    """Read the lines of a CSV whose headings are among `columns`, the `needed` ones all there.

    `read` is given the cells of a line, all columns, without spaces around; it raises
    WrongCellError for what it refuses. TableError where headings are missing or unknown.
    """
    table: Table[Row] = Table([], [])
    for one in read_rows(lines, columns=columns, needed=needed, read=read):
        if isinstance(one, Refused):
            table.refused.append(one)
        else:
            table.rows.append(one)
    return table


def read_rows(
    lines: Iterable[str],
    *,
    columns: Sequence[str],
    needed: AbstractSet[str],
    read: Callable[[Cells], Row],
    ignored: AbstractSet[str] = frozenset(),
) -> Iterator[Row | Refused]:
    """Yield what `read_table` keeps, a line at a time; columns that are `ignored` may be there."""
    try:
        reader = csv.DictReader(lines)
        _check_headings(set(reader.fieldnames or ()) - ignored, columns, needed)
        for number, line in enumerate(reader, start=2):
            cells = {name: (line.get(name) or "").strip() for name in columns}
            try:
                row = read(cells)
            except WrongCellError as cell:
                yield Refused(number, cell.column, cell.reason, tuple(cells.values()))
            else:
                yield row
    except csv.Error as error:
        raise TableError(f"Không đọc được tệp CSV. / The CSV cannot be read: {error}.") from error


def _check_headings(
    headings: AbstractSet[str], columns: Sequence[str], needed: AbstractSet[str]
) -> None:
    if wrong := sorted(needed - headings) or sorted(headings - set(columns)):
        raise TableError(
            f"Thiếu cột hoặc cột lạ: {', '.join(wrong)}. Cần: {', '.join(columns)}. / "
            f"Missing or unknown columns: {', '.join(wrong)}. Wanted: {', '.join(columns)}."
        )


# -------------------------------------------------------------------------------- cells
class Units:
    """Units by code, each code looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, list[Unit]] = {}

    def on(self, code: str, day: date) -> Unit:
        """Return the unit that has the code on `day`."""
        if code not in self._known:
            self._known[code] = list(Unit.objects.filter(code=code))
        for unit in self._known[code]:
            if day in unit.valid:
                return unit
        words = f"không có đơn vị “{code}” ngày {day:%d/%m/%Y} / no such unit on that day"
        raise WrongCellError("unit", words)


def day_in(cells: Cells, name: str) -> date:
    """Return the date in a cell, written as 31/01/2025 or 2025-01-31."""
    text = cells[name]
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in reversed(text.split("/"))))
    except ValueError:
        words = f"“{text}” không phải ngày kiểu 31/01/2025 / is no date like 31/01/2025"
        raise WrongCellError(name, words) from None


def count_in(cells: Cells, name: str, *, digits: int = 8) -> int | None:
    """Return the count in a cell, of so many digits at most; None for an empty one."""
    text = cells[name]
    if text and not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise WrongCellError(name, f"“{text}” không phải số đếm / is no count")
    return int(text) if text else None


def number_in(cells: Cells, name: str, most: Decimal) -> Decimal | None:
    """Return the number in a cell, from 0 to `most`, with point or comma; None for an empty one."""
    text = cells[name]
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= most:
        words = f"“{text}” không phải số từ 0 đến {most} / is no number up to that"
        raise WrongCellError(name, words)
    return number
