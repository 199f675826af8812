"""A table as a file that the browser keeps."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from portal.common.spreadsheets import csv_text


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return the rows, the first of them the headings, as a download under `name` (ASCII)."""
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sealed_paper(name: str, data: bytes, *, keep: bool) -> HttpResponse:
    """Return a PDF that the portal itself made, to look at or, with `keep`, as a download.

    Only for papers of our own making: what somebody sent in is never shown inside a browser.
    """
    response = HttpResponse(data, content_type="application/pdf")
    way = "attachment" if keep else "inline"
    response["Content-Disposition"] = f'{way}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
