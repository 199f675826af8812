"""The service-quality index: what we count now, beside what was officially published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from citizens.models import Unit
from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.quality.index import Index, Quality, empty_index, quality
from portal.reporting.quality.official import official_scores
from portal.reporting.selectors.settled import first_month
from portal.reporting.selectors.units import units_counted
from portal.web.access import public
from portal.web.presenters import enforcement
from portal.web.presenters import quality as shown
from portal.web.presenters.overdue import unit_options

_MOST_OFFICIAL = 20


@public
@require_safe
def quality_index(request: HttpRequest) -> HttpResponse:
    """Show the index of the whole or of one unit, with an explanation of each indicator."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    units, chosen = units_counted(day=today), request.GET.get("unit", "")
    found = quality(months=months)
    index = _chosen(found, units, chosen)
    query = f"?period={enforcement.value_of(months)}"
    official = official_scores(until=today)[:_MOST_OFFICIAL]
    return render(
        request,
        "web/quality.html",
        {
            "unit": next((one for one in units if one.code == chosen), None),
            "total": shown.told(index.total),
            "missing": shown.missing_points(index),
            "band": shown.band_name(index.band),
            "groups": shown.groups_of(index),
            "bands": shown.bands_of(found),
            "ranking": shown.ranking(found, units, query, chosen),
            "officials": shown.officials(official, found.definition),
            "period": enforcement.period_told(months),
            "periods": enforcement.periods(months, today, first_month()),
            "units": unit_options(units, chosen),
            "query": query,
        },
    )


@public
@require_safe
def quality_file(request: HttpRequest) -> HttpResponse:
    """Hand out every count behind the index as CSV, of the whole and of each unit."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    found = quality(months=months)
    return csv_file("chi-so-phuc-vu.csv", shown.cells(found, units_counted(day=today)))


def _chosen(found: Quality, units: list[Unit], code: str) -> Index:
    if not code:
        return found.whole
    unit = next((one for one in units if one.code == code), None)
    if unit is None:
        raise Http404
    return found.units.get(unit.pk) or empty_index(found.definition)
