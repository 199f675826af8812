"""The first sheet of a workbook as the lines of a CSV, for whoever reads tables of others."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl

from portal.reporting.services.read_table import TableError

MOST_ROWS, _MOST_COLUMNS = 20_000, 40
_MOST_UNPACKED = 64 << 20  # a small file may hold a huge sheet
_SIGNATURE = b"PK\x03\x04"


def lines_of(data: bytes) -> Iterator[str]:
    """Yield the lines of a CSV (UTF-8) or of the first sheet of an XLSX, by what the bytes are.

    Days are written as 2025-01-31. TableError for what is neither, or too large unpacked.
    """
    if data.startswith(_SIGNATURE):
        return _of_workbook(data)
    try:
        return iter(io.StringIO(data.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError:
        raise TableError(
            "Tệp không phải CSV (UTF-8) cũng không phải XLSX. / Neither CSV (UTF-8) nor XLSX."
        ) from None


def _of_workbook(data: bytes) -> Iterator[str]:
    rows = _rows(data)
    if len(rows) > MOST_ROWS:
        raise TableError(f"Tệp có hơn {MOST_ROWS} dòng. / More than {MOST_ROWS} rows.")
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(map(_text, row))
        yield line.getvalue()


def _rows(data: bytes) -> list[tuple[object, ...]]:
    most = {"max_row": MOST_ROWS + 1, "max_col": _MOST_COLUMNS}
    try:
        if _unpacked(data) <= _MOST_UNPACKED:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return _trimmed(list(book.worksheets[0].iter_rows(values_only=True, **most)))
    except Exception as error:
        # What openpyxl raises for a broken workbook is of many kinds: KeyError, ParseError, …
        raise TableError("Không đọc được tệp XLSX. / The workbook cannot be read.") from error
    raise TableError("Tệp quá lớn khi giải nén. / Too large when unpacked.")


def _unpacked(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return sum(part.file_size for part in parts.infolist())


def _trimmed(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return the rows as wide as their headings, without the empty ones at the end."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    heads = rows[0] if rows else ()
    width = max((at for at, cell in enumerate(heads, 1) if cell is not None), default=0)
    return [row[:width] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
