"""Take in the official points and ranks: one line of a CSV each, wrong ones named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.db.models import QuerySet

from portal.reporting.quality.definition import definition_on
from portal.reporting.quality.models import OfficialScore
from portal.reporting.services.read_table import (
    Cells,
    Loaded,
    Units,
    WrongCellError,
    count_in,
    day_in,
    number_in,
    read_table,
)

COLUMNS = ("unit", "on", "group", "points", "max_points", "share", "rank", "ranked")
# What the press has told of; a trial shows it.
OFFICIAL_FILE = Path(__file__).parents[1] / "data/official_scores.csv"
_NEEDED = frozenset({"unit", "on"})
_KEPT = ("points", "max_points", "share", "rank", "ranked", "source")


def official_scores(*, until: date) -> QuerySet[OfficialScore]:
    """Return what was published until a day with its units, newest first, a whole before groups."""
    rows = OfficialScore.objects.filter(on__lte=until).select_related("unit")
    return rows.order_by("-on", "unit__code", "group")


def load_official_scores(lines: Iterable[str], *, source: str) -> Loaded:
    """Read a CSV with the headings `COLUMNS`; `group` is an id of the index, "" the whole.

    A line about a unit, day and group that is known replaces it. TableError where headings are
    missing or unknown; wrong lines are named, the others kept.
    """
    read = partial(_read, source=source, units=Units())
    table = read_table(lines, columns=COLUMNS, needed=_NEEDED, read=read)
    last_of_each = {(row.unit_id, row.on, row.group): row for row in table.rows}
    OfficialScore.objects.bulk_create(
        last_of_each.values(),
        update_conflicts=True,
        unique_fields=["unit", "on", "group"],
        update_fields=_KEPT,
    )
    return table.loaded


def _read(cells: Cells, *, source: str, units: Units) -> OfficialScore:
    on = day_in(cells, "on")
    group, most = _group(cells["group"], on)
    most = number_in(cells, "max_points", Decimal(100)) or most
    points = number_in(cells, "points", most)
    share = number_in(cells, "share", Decimal(100))
    if points is None and share is None:
        raise WrongCellError("points", "cần điểm hoặc tỷ lệ / points or a share are wanted")
    return OfficialScore(
        unit=units.on(cells["unit"], on),
        on=on,
        group=group,
        points=points,
        max_points=most,
        share=share,
        source=source,
        **_rank(cells),
    )


def _rank(cells: Cells) -> dict[str, int | None]:
    rank, ranked = (count_in(cells, name, digits=4) for name in ("rank", "ranked"))
    if (rank, ranked) != (None, None) and not 0 < (rank or 0) <= (ranked or 0):
        raise WrongCellError("rank", "hạng cần kèm tổng số và không vượt quá / a rank of so many")
    return {"rank": rank, "ranked": ranked}


def _group(text: str, day: date) -> tuple[str, Decimal]:
    if not text:
        return "", Decimal(100)
    known = {one.id: one.points for one in definition_on(day).groups}
    if text not in known:
        words = f"không có nhóm “{text}” (có: {', '.join(known)}) / no such group of the index"
        raise WrongCellError("group", words)
    return text, Decimal(known[text].numerator) / known[text].denominator
