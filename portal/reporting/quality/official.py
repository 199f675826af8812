"""Take in the official points and ranks: one line of a CSV each, wrong ones named."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db.models import QuerySet

from citizens.models import Unit
from portal.common.errors import PortalError
from portal.reporting.quality.definition import definition_on
from portal.reporting.quality.models import OfficialScore

COLUMNS = ("unit", "on", "group", "points", "max_points", "share", "rank", "ranked")
# What the press has told of; a trial shows it.
OFFICIAL_FILE = Path(__file__).parents[1] / "data/official_scores.csv"
_NEEDED = frozenset({"unit", "on"})
_KEPT = ("points", "max_points", "share", "rank", "ranked", "source")


class OfficialScoresError(PortalError):
    """The file as a whole cannot be read: its headings are wrong."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was left out, and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Lines taken (new or replacing the same unit, day and group), and those refused."""

    taken: int
    refused: list[Refused]


class _WrongError(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column, self.reason = column, reason


def official_scores(*, until: date) -> QuerySet[OfficialScore]:
    """Return what was published until a day with its units, newest first, a whole before groups."""
    rows = OfficialScore.objects.filter(on__lte=until).select_related("unit")
    return rows.order_by("-on", "unit__code", "group")


def load_official_scores(lines: Iterable[str], *, source: str) -> Loaded:
    """Read a CSV with the headings `COLUMNS`; `group` is an id of the index, "" the whole.

    A line about a unit, day and group that is known replaces it. OfficialScoresError where headings
    are missing or unknown; wrong lines are named, the others kept.
    """
    reader = csv.DictReader(lines)
    headings = set(reader.fieldnames or ())
    if wrong := sorted(_NEEDED - headings) or sorted(headings - set(COLUMNS)):
        raise OfficialScoresError(
            f"Thiếu cột hoặc cột lạ: {', '.join(wrong)}. Cần: {', '.join(COLUMNS)}. / "
            f"Missing or unknown columns: {', '.join(wrong)}. Wanted: {', '.join(COLUMNS)}."
        )
    good: dict[tuple[int, date, str], OfficialScore] = {}
    refused, taken = [], 0
    for number, row in enumerate(reader, start=2):
        try:
            score = _read({name: (row.get(name) or "").strip() for name in COLUMNS}, source)
        except _WrongError as wrong_cell:
            refused.append(Refused(number, wrong_cell.column, wrong_cell.reason))
        else:
            taken += 1
            good[score.unit_id, score.on, score.group] = score
    OfficialScore.objects.bulk_create(
        good.values(),
        update_conflicts=True,
        unique_fields=["unit", "on", "group"],
        update_fields=_KEPT,
    )
    return Loaded(taken, refused)


def _read(cells: Mapping[str, str], source: str) -> OfficialScore:
    on = _day(cells["on"])
    group, most = _group(cells["group"], on)
    most = _number(cells, "max_points", Decimal(100)) or most
    points = _number(cells, "points", most)
    share = _number(cells, "share", Decimal(100))
    if points is None and share is None:
        raise _WrongError("points", "cần điểm hoặc tỷ lệ / points or a share are wanted")
    rank, ranked = _count(cells, "rank"), _count(cells, "ranked")
    if (rank is None) != (ranked is None) or (rank and ranked and rank > ranked):
        raise _WrongError("rank", "hạng cần kèm tổng số và không vượt quá / a rank of so many")
    return OfficialScore(
        unit=_unit(cells["unit"], on),
        on=on,
        group=group,
        points=points,
        max_points=most,
        share=share,
        rank=rank,
        ranked=ranked,
        source=source,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _WrongError(
            "on", f"“{text}” không phải ngày kiểu 2024-12-23 / is no date like 2024-12-23"
        ) from None


def _unit(code: str, day: date) -> Unit:
    found = Unit.objects.valid_on(day).filter(code=code).first()
    if found is None:
        raise _WrongError(
            "unit", f"không có đơn vị “{code}” ngày {day:%d/%m/%Y} / no such unit on that day"
        )
    return found


def _group(text: str, day: date) -> tuple[str, Decimal]:
    if not text:
        return "", Decimal(100)
    known = {one.id: one.points for one in definition_on(day).groups}
    if text not in known:
        words = f"không có nhóm “{text}” (có: {', '.join(known)}) / no such group of the index"
        raise _WrongError("group", words)
    return text, Decimal(known[text].numerator) / known[text].denominator


def _number(cells: Mapping[str, str], name: str, most: Decimal) -> Decimal | None:
    text = cells[name]
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= most:
        raise _WrongError(name, f"“{text}” không phải số từ 0 đến {most} / no number up to that")
    return number


def _count(cells: Mapping[str, str], name: str) -> int | None:
    text = cells[name]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text)):
        raise _WrongError(name, f"“{text}” không phải số đếm / is no count")
    return int(text)
