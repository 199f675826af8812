"""How finished dossiers were received: satisfaction and what was saved, with definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.office.periods import asked_days
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file
from portal.reporting.selectors.outcomes import Outcome, outcomes, said

_MOST_WORDS = 50


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("outcomes/", guarded(show_outcomes), name="office_outcomes"),
        path("outcomes/file/", guarded(outcomes_file), name="office_outcomes_file"),
    ]


def _asked(request: HttpRequest) -> dict[str, Any]:
    standing = standing_of(request)
    if not standing.sees(Desk.OUTCOMES):
        raise PermissionDenied
    first, last = asked_days(request, standing.day)
    return {"units": standing.units_of(Desk.OUTCOMES), "first": first, "last": last}


@require_safe
def show_outcomes(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period by agency, and what people said in words."""
    asked = _asked(request)
    rows = outcomes(**asked)
    context = {
        "title": _("Satisfaction and savings"),
        "wish": asked,
        "rows": rows,
        "total": _total(rows),
        "said": said(**asked, most=_MOST_WORDS),
        "is_fullwidth": "1",
    }
    return render(request, "office/outcomes.html", admin.site.each_context(request) | context)


@require_safe
def outcomes_file(request: HttpRequest) -> HttpResponse:
    """Hand out numerators and denominators by agency as a file; no words, no dossier."""
    rows = [_cells(row) for row in outcomes(**_asked(request))]
    return table_file(request, "hai-long-va-tiet-kiem", [tuple(map(str, _HEADINGS)), *rows])


def _total(rows: Iterable[Outcome]) -> dict[str, Any]:
    found = list(rows)
    rated = sum(row.rated for row in found)
    satisfied = sum(row.satisfied for row in found)
    return {
        "returned": sum(row.returned for row in found),
        "rated": rated,
        "satisfied": satisfied,
        "share": satisfied / rated if rated else None,
        "trips": sum(row.saved.trips for row in found),
        "fields_known": sum(row.saved.fields_known for row in found),
        "fields": sum(row.saved.fields for row in found),
        "papers": sum(row.saved.papers_known for row in found),
    }


_HEADINGS = (
    gettext_lazy("agency"), gettext_lazy("results handed over"), gettext_lazy("rated"),
    gettext_lazy("satisfied"), gettext_lazy("so so"), gettext_lazy("not satisfied"),
    gettext_lazy("begun by a notice"), gettext_lazy("trips saved: asking"),
    gettext_lazy("trips saved: filing"), gettext_lazy("trips saved: collecting"),
    gettext_lazy("fields filed"), gettext_lazy("fields from registers"),
    gettext_lazy("papers not asked for"),
)  # fmt: skip


def _cells(row: Outcome) -> tuple[object, ...]:
    saved = row.saved
    return (
        row.agency, row.returned, row.rated, row.satisfied, row.neutral, row.dissatisfied,
        saved.told, saved.asking, saved.filing, saved.collecting, saved.fields,
        saved.fields_known, saved.papers_known,
    )  # fmt: skip
