"""The public list of overdue dossiers in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.models import Unit
from dossiers.enums import DelayKind, Status
from dossiers.models.delays import DELAY_KINDS
from dossiers.models.dossiers import STATUSES
from portal.reporting.overdue.published import Published
from portal.web.presenters.enforcement import Option
from portal.web.presenters.language import either

_CAUSES = {DelayKind(kind): word for kind, word in DELAY_KINDS}
_STATUSES = {Status(status): word for status, word in STATUSES}
HEADINGS = (
    "unit", "name", "field", "procedure", "days_from", "days_until", "cause", "status", "stage"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier of the list as it is shown; `procedure` is "" where it is not named."""

    unit: str
    unit_name: str
    field: str
    procedure: str
    days: str
    cause: str
    where: str
    stage: str
    """The stage of the workflow in the catalogue's words, may be ""."""


def line_of(row: Published) -> Line:
    """Return a row in the language of the page."""
    return Line(
        unit=row.unit,
        unit_name=row.unit_name,
        field=row.field,
        procedure=either(row.name_vi, row.name_en),
        days=_days(row.days),
        cause=str(_CAUSES[row.cause]) if row.cause else _("not stated"),
        where=str(_STATUSES[row.status]),
        stage=row.stage,
    )


def _days(days: tuple[int, int | None]) -> str:
    first, last = days
    if last is None:
        return _("more than %(days)s working days") % {"days": first - 1}
    if first == last:
        words = ngettext("%(n)d working day", "%(n)d working days", first)
        return words % {"n": first} if first else _("less than a working day")
    return _("%(first)s to %(last)s working days") % {"first": max(first, 1), "last": last}


def unit_options(units: Sequence[Unit], chosen: str) -> list[Option]:
    """Return all units together, then each."""
    whole = Option("", _("All units"), not chosen)
    return [whole, *(Option(one.code, one.name_vi, one.code == chosen) for one in units)]


def cells(rows: Iterable[Published]) -> Iterator[Sequence[object]]:
    """Yield the list as a table: the same words whatever the language of the page."""
    yield HEADINGS
    for row in rows:
        first, last = row.days
        until = "" if last is None else last
        cause = row.cause or ""
        yield (
            row.unit, row.unit_name, row.field, row.name_vi, first, until, cause,
            row.status.name.lower(), row.stage,
        )  # fmt: skip
