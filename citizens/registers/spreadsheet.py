"""A table as CSV that a spreadsheet opens: accents whole, no cell taken for a formula (F27)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from citizens.registers.reading.protection import protect

_BOM = "\ufeff"  # tells Excel that the file is UTF-8


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Return the rows, the first of them the headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([protect(str(cell)) for cell in row] for row in rows)
    return _BOM + text.getvalue()
