"""Take in the list of services that the national portal has integrated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from django.db import transaction

from portal.reporting.integration.models import IntegratedService
from portal.reporting.services.read_table import (
    Cells,
    Loaded,
    Refused,
    WrongCellError,
    day_in,
    read_rows,
)

COLUMNS = ("code", "name", "integrated_on", "ended_on")
REASONS = frozenset({"line", "column", "reason"})  # of the file of refused lines
_NEEDED = frozenset({"code"})
_SLICE = 1000
_LONGEST_NAME = 300
# d.dddddd; the variant of a province has four more parts (domain.md, codes).
_CODE = re.compile(r"(\d\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.H\d{2})?", re.ASCII)


@transaction.atomic
def load_integrated(lines: Iterable[str], *, source: str) -> Loaded:
    """Read a CSV with the headings `COLUMNS` (days as `day_in` reads them, empty where not known).

    A line about a code that is known replaces it; what is no longer integrated says when it ended.
    The columns of the file of refused lines may be there, so that it can be mended and brought
    again. TableError where headings are missing or unknown, with nothing taken; wrong lines are
    named, the others kept.
    """
    read, taken = partial(_read, source=source), 0
    refused: list[Refused] = []
    some: dict[str, IntegratedService] = {}
    for one in read_rows(lines, columns=COLUMNS, needed=_NEEDED, read=read, ignored=REASONS):
        if isinstance(one, Refused):
            refused.append(one)
            continue
        some[one.code] = one
        taken += 1
        if len(some) == _SLICE:
            _keep(some)
            some = {}
    _keep(some)
    return Loaded(taken, refused)


def _keep(some: Mapping[str, IntegratedService]) -> None:
    IntegratedService.objects.bulk_create(
        some.values(),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "integrated_on", "ended_on", "source"],
    )


def national_code(text: str) -> str | None:
    """Return the national code of what may be a province's variant, None for no such code."""
    found = _CODE.fullmatch(text.strip())
    return found[1] if found else None


def _read(cells: Cells, *, source: str) -> IntegratedService:
    code = national_code(cells["code"])
    if code is None:
        shown = cells["code"][:40]
        words = f"“{shown}” không phải mã kiểu 1.001193 (dạng văn bản) / is no code (as text)"
        raise WrongCellError("code", words)
    if len(cells["name"]) > _LONGEST_NAME or "\x00" in cells["name"]:
        words = f"dài hơn {_LONGEST_NAME} ký tự hoặc có ký tự lạ / is too long or not text"
        raise WrongCellError("name", words)
    begun, ended = _day(cells, "integrated_on"), _day(cells, "ended_on")
    if begun and ended and ended < begun:
        raise WrongCellError("ended_on", "trước ngày tích hợp / before it was integrated")
    return IntegratedService(
        code=code, name=cells["name"], integrated_on=begun, ended_on=ended, source=source
    )


def _day(cells: Cells, name: str) -> date | None:
    return day_in(cells, name) if cells[name] else None
