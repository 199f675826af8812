"""Tables for a spreadsheet, CSV or XLSX: accents whole, no cell taken for a formula (F27)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_BOM = "\ufeff"  # tells Excel that the file is UTF-8
# Numbers and telephone numbers may begin with a sign: -5, +84 912 345 678, -1,5e3, +10%.
_FORMULA = re.compile(
    r"'*[ \u00a0]*(?:[=@\t\r]|[+\-](?!\d[\d .,\u00a0]*(?:[eE][+\-]?\d+)?%?\s*\Z))"
)


def protect(cell: str) -> str:
    """Return the cell with a leading `'` in each part between `;` that would be a formula.

    The parts matter where a spreadsheet takes `;` for the separator of a file written with commas.
    """
    return _each_part(cell, _protected)


def unprotect(cell: str) -> str:
    """Return what `protect` was given."""
    return _each_part(cell, _unprotected)


def _each_part(cell: str, change: Callable[[str], str]) -> str:
    return ";".join(map(change, cell.split(";")))


def _protected(part: str) -> str:
    return "'" + part if _FORMULA.match(part) else part


def _unprotected(part: str) -> str:
    return part[1:] if part.startswith("'") and _FORMULA.match(part) else part


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Return the rows as one text, the first of them the headings."""
    return "".join(csv_lines(rows))


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the same text a row at a time; the first begins with what tells Excel of UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    mark = _BOM
    for row in rows:
        writer.writerow([protect(str(cell)) for cell in row])
        yield mark + text.getvalue()
        text.seek(0)
        text.truncate()
        mark = ""


def workbook(rows: Iterable[Iterable[object]]) -> bytes:
    """Return the rows as XLSX, the first of them the headings: numbers as numbers, all else text.

    Text is marked as text and protected as in a CSV, because workbooks are saved as CSV again.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_in_book(sheet, cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _in_book(sheet: Any, value: object) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", protect(str(value))))
    cell.data_type = "s"
    return cell
