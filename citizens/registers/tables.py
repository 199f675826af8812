"""Read a CSV table whole or refuse it whole, naming every bad cell by line and column.

Reasons are bilingual in one sentence, because whoever loads a file may read either language and the
same text goes to a terminal and to a log.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.common.errors import RefusedError

DATA = Path(__file__).resolve().parent.parent / "data"
HEADER_LINE = 1
MOST_REASONS = 50


class CellError(ValueError):
    """A cell that cannot be used; `vi` and `en` say why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


@dataclass(frozen=True)
class Row:
    """One accepted line of a file; `values` by column, `line` counted from 1 with the header."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


Read = Callable[[str], Any]


def reason(file: str, line: int, column: str, vi: str, en: str) -> str:
    """Return one sentence that names the place and says why, in Vietnamese and English."""
    return f"{file}, dòng {line}, cột {column}: {vi} (line {line}, column {column}: {en})"


def text(value: str) -> str:
    """Accept any text that is not empty."""
    if not value:
        raise CellError("thiếu giá trị", "a value is missing")
    return value


def maybe(read: Read) -> Read:
    """Return a reader that gives None for an empty cell."""
    return lambda value: read(value) if value else None


def decimal(value: str) -> float:
    """Accept a number written with a point."""
    try:
        return float(value)
    except ValueError:
        raise CellError(f"“{value}” không phải là số", f"{value!r} is not a number") from None


def whole_number(value: str) -> int:
    """Accept a whole number without a sign."""
    if value.isdecimal():
        return int(value)
    raise CellError(f"“{value}” không phải là số nguyên", f"{value!r} is not a whole number")


def civil_day(value: str) -> date:
    """Accept a date written 2026-01-31."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise CellError(
            f"“{value}” không phải là ngày (ví dụ đúng: 2026-01-31)",
            f"{value!r} is not a date such as 2026-01-31",
        ) from None


def code(value: str) -> str:
    """Accept a unit's code: three or five digits."""
    if value.isdecimal() and len(value) in {3, 5}:
        return value
    raise CellError(f"“{value}” không phải là mã đơn vị", f"{value!r} is not the code of a unit")


def one_of(choices: Mapping[str, Any]) -> Read:
    """Return a reader that translates a cell by a closed list."""

    def read(value: str) -> Any:
        if value in choices:
            return choices[value]
        listed = ", ".join(choices)
        raise CellError(
            f"“{value}” không thuộc danh sách: {listed}", f"{value!r} is not one of: {listed}"
        )

    return read


def read_table(path: Path, columns: Mapping[str, Read], *, unique: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a UTF-8 CSV file with exactly what `columns` accept.

    RefusedError with every reason (the first fifty) when the file is not there, is not UTF-8, lacks
    a column, has a bad cell, a line of another length, or two rows with the same `unique` cells.
    """
    lines = _lines(path)
    header = lines[0] if lines else []
    missing = [column for column in columns if column not in header]
    if missing:
        raise RefusedError(
            *(
                reason(path.name, HEADER_LINE, name, "thiếu cột", "the column is missing")
                for name in missing
            )
        )
    rows: list[Row] = []
    reasons: list[str] = []
    for line, cells in enumerate(lines[1:], start=HEADER_LINE + 1):
        found, wrong = _row(path.name, line, header, cells, columns)
        reasons += wrong
        if not wrong:
            rows.append(Row(line, found))
    reasons += list(_repeated(path.name, rows, unique))
    if reasons:
        raise RefusedError(*reasons[:MOST_REASONS])
    return rows


def _lines(path: Path) -> list[list[str]]:
    """Return the cells of every line; RefusedError when the file cannot be read as CSV in UTF-8."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[cell.strip() for cell in line] for line in csv.reader(file, strict=True)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(
            reason(path.name, HEADER_LINE, "*", "không đọc được tệp", f"cannot be read: {error}")
        ) from error


def _row(
    file: str, line: int, header: Sequence[str], cells: Sequence[str], columns: Mapping[str, Read]
) -> tuple[dict[str, Any], list[str]]:
    if len(cells) != len(header):
        vi = f"có {len(cells)} ô, cần {len(header)}"
        return {}, [reason(file, line, "*", vi, f"{len(cells)} cells, {len(header)} expected")]
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for name, cell in zip(header, cells, strict=True):
        if name not in columns:
            continue
        try:
            found[name] = columns[name](cell)
        except CellError as error:
            wrong.append(reason(file, line, name, error.vi, error.en))
    return found, wrong


def _repeated(file: str, rows: Iterable[Row], unique: Sequence[str]) -> Iterable[str]:
    """Yield a reason for each row whose `unique` cells stood on an earlier line."""
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in unique)
        if unique and key in first:
            vi, en = f"trùng với dòng {first[key]}", f"repeats line {first[key]}"
            yield reason(file, row.line, unique[0], vi, en)
        first.setdefault(key, row.line)
