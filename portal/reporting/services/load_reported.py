"""Take in what another system printed: counts by unit and period, one line of a CSV each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from citizens.models import Unit
from portal.common.errors import PortalError
from portal.reporting.models import ReportedCount

COLUMNS = ("unit", "first", "last", "field", "early", "on_time", "late", "overdue", "printed_share")
_NEEDED = frozenset({"unit", "first", "last", "on_time"})
_COUNTS = ("early", "on_time", "late", "overdue")


class ReportedError(PortalError):
    """The file as a whole cannot be read: its headings are wrong."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was left out, and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Lines taken (new or replacing the same unit and period), and those refused."""

    taken: int
    refused: list[Refused]


class _WrongError(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column, self.reason = column, reason


def load_reported(lines: Iterable[str], *, source: str) -> Loaded:
    """Read a CSV with the headings `COLUMNS` (dates as 2025-01-31; a unit by code on that day).

    A line about a unit, period and field that is known replaces it. ReportedError where headings
    are missing or unknown; wrong lines are named, the others kept.
    """
    reader = csv.DictReader(lines)
    headings = set(reader.fieldnames or ())
    if missing := sorted(_NEEDED - headings) or sorted(headings - set(COLUMNS)):
        raise ReportedError(
            f"Thiếu cột hoặc cột lạ: {', '.join(missing)}. Cần: {', '.join(COLUMNS)}. / "
            f"Missing or unknown columns: {', '.join(missing)}. Wanted: {', '.join(COLUMNS)}."
        )
    units = _Units()
    good, refused = [], []
    for number, row in enumerate(reader, start=2):
        try:
            good.append(_read(row, source, units))
        except _WrongError as wrong:
            refused.append(Refused(number, wrong.column, wrong.reason))
    last_of_each = {(row.unit_id, row.first, row.last, row.field): row for row in good}
    ReportedCount.objects.bulk_create(
        last_of_each.values(),
        update_conflicts=True,
        unique_fields=["unit", "first", "last", "field"],
        update_fields=[*_COUNTS, "printed_share", "source"],
    )
    return Loaded(len(good), refused)


class _Units:
    """Units by code, each code looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, list[Unit]] = {}

    def on(self, code: str, day: date) -> Unit | None:
        """Return the unit that has the code on `day`."""
        if code not in self._known:
            self._known[code] = list(Unit.objects.filter(code=code))
        return next((one for one in self._known[code] if day in one.valid), None)


def _read(row: Mapping[str, str | None], source: str, units: _Units) -> ReportedCount:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    first, last = _day(cells, "first"), _day(cells, "last")
    if last < first:
        raise _WrongError("last", "trước ngày đầu / before the first day")
    counts = {name: _count(cells, name) for name in _COUNTS}
    return ReportedCount(
        unit=_unit(units, cells["unit"], last),
        first=first,
        last=last,
        field=cells["field"],
        printed_share=_share(cells["printed_share"]),
        source=source,
        **counts,
    )


def _unit(units: _Units, code: str, day: date) -> Unit:
    unit = units.on(code, day)
    if unit is None:
        raise _WrongError(
            "unit", f"không có đơn vị “{code}” ngày {day:%d/%m/%Y} / no such unit on that day"
        )
    return unit


def _day(cells: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(cells[name])
    except ValueError:
        raise _WrongError(
            name, f"“{cells[name]}” không phải ngày kiểu 2025-01-31 / is no date like 2025-01-31"
        ) from None


def _count(cells: Mapping[str, str], name: str) -> int:
    text = cells[name] or ("" if name in _NEEDED else "0")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise _WrongError(name, f"“{text}” không phải số đếm / is no count")
    return int(text)


def _share(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        share = Decimal(text.replace(",", "."))
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 100:
        raise _WrongError("printed_share", f"“{text}” không phải tỷ lệ % / is no percentage")
    return share
