"""What was published of a month, version by version: figures, what was corrected, the rows."""

from __future__ import annotations

from datetime import date
from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file, streamed_csv
from portal.reporting.models import KeptFigures
from portal.reporting.selectors.kept import changes, kept_versions, tallies_of
from portal.reporting.selectors.source_rows import file_of, kept_rows
from portal.reporting.selectors.units import former_districts, units_counted
from portal.web.access import public
from portal.web.presenters import enforcement as shown

_ON_A_PAGE = 24
_CHANGES_SHOWN = 200
_EVER = (date(2000, 1, 1), date(2100, 1, 1))


@public
@require_safe
def kept_months(request: HttpRequest) -> HttpResponse:
    """List what was kept of months, the newest first, with the digest of each version's rows."""
    chosen = request.GET.get("period", "")
    months = shown.months_of(chosen, clock.today()) if chosen else None
    first, last = (months.first, months.last) if months else _EVER
    versions = kept_versions(first=first, last=last)
    page = Paginator(versions, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "period": shown.period_told(months) if months else "",
        "query": f"period={shown.value_of(months)}&" if months else "",
    }
    return render(request, "web/map_kept.html", context)


@public
@require_safe
def kept_month(request: HttpRequest, month: date, version: int) -> HttpResponse:
    """Show a version of a month: its figures, and what it changed in the one before it."""
    kept = _kept(month, version)
    tallies = tallies_of(kept_rows(kept))
    differences = [] if version == 1 else list(changes(kept)[: _CHANGES_SHOWN + 1])
    whole = shown.total(tallies.values())
    context = {
        "kept": kept,
        "versions": kept_versions(first=month, last=month),
        "total": whole,
        "told": shown.told(whole),
        "changes": [(one, shown.outcome_told(one.outcome)) for one in differences[:_CHANGES_SHOWN]],
        "are_more": len(differences) > _CHANGES_SHOWN,
        "lines": shown.ranked(
            units_counted(day=kept.until), tallies, {}, former_districts(), f"?period={month:%Y-%m}"
        ),
    }
    return render(request, "web/map_kept_month.html", context)


@public
@require_safe
def figures_file(_request: HttpRequest, month: date, version: int) -> HttpResponseBase:
    """Hand out the counts of a version as CSV."""
    kept = _kept(month, version)
    tallies = tallies_of(kept_rows(kept))
    lines = shown.figures(units_counted(day=kept.until), tallies, kept.digest)
    return csv_file(f"giai-quyet-ho-so-{month:%Y-%m}-v{version}.csv", lines)


@public
@require_safe
def changes_file(_request: HttpRequest, month: date, version: int) -> HttpResponseBase:
    """Hand out by what a version differs from the one before it, as CSV."""
    rows = changes(_kept(month, version)).values_list("unit__code", "field", "outcome", "count")
    lines = chain([("unit", "field", "outcome", "change")], rows)
    return csv_file(f"dinh-chinh-{month:%Y-%m}-v{version}.csv", lines)


@public
@require_safe
def rows_file(_request: HttpRequest, month: date, version: int) -> HttpResponseBase:
    """Hand out the rows of a version as CSV; their SHA-256 is the one that the page names."""
    kept = _kept(month, version)
    name = f"ho-so-duoc-tinh-{month:%Y-%m}-v{version}-{kept.digest[:12]}.csv"
    return streamed_csv(name, file_of(kept_rows(kept)), digest=kept.digest)


def _kept(month: date, version: int) -> KeptFigures:
    found = kept_versions(first=month, last=month).filter(version=version).first()
    if found is None:
        raise Http404
    return found
