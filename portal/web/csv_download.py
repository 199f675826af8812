"""A table as a file that a spreadsheet opens: accents whole, nothing in it computed (F27)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_BOM = "\ufeff"  # tells Excel that the file is UTF-8
# What would begin a formula, in a cell and in each part of it that a `;` may split off.
_FORMULA = re.compile(r"(^|[;\n])(?=\s*[=+\-@]|[\t\r])")


def plain(cell: object) -> str:
    """Return a cell as text that no spreadsheet computes; numbers stay as they are."""
    return str(cell) if isinstance(cell, int) else _FORMULA.sub(r"\1'", str(cell))


def csv_download(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return the rows as the file `name`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    response = HttpResponse(_BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
