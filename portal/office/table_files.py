"""A list as a file: the same rows as CSV or, with `format=xlsx` in the address, as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from portal.common.downloads import csv_file, xlsx_file

_ASKED = "format"
_WORKBOOK = "xlsx"
_FILES = ("_file", "_export", "_sums", "_errors")


def table_file(request: HttpRequest, name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return the rows, the first of them the headings, under `name` without its ending (ASCII)."""
    if asks_for_workbook(request):
        return xlsx_file(f"{name}.xlsx", rows)
    return csv_file(f"{name}.csv", rows)


def asks_for_workbook(request: HttpRequest) -> bool:
    """Return whether this is the address of a file, and a workbook is wanted."""
    match = request.resolver_match
    is_file = match is not None and str(match.url_name).endswith(_FILES)
    return is_file and request.GET.get(_ASKED) == _WORKBOOK


def listed(desk: ModelAdmin[Any], request: HttpRequest) -> QuerySet[Any]:
    """Return the rows of a table's list as its address filters it; `format` is no filter."""
    asked, query = request.GET, request.GET.copy()
    query.pop(_ASKED, None)
    request.GET = query  # type: ignore[assignment] # a changelist reads the request, nothing else
    try:
        return desk.get_changelist_instance(request).get_queryset(request)
    finally:
        request.GET = asked
