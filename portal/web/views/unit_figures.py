"""One unit's figures: share and counts, fields, months, causes, times, where open dossiers are."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from citizens.models import Unit
from dossiers.enums import DelayKind
from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.selectors.delays import delays_of, late_rows
from portal.reporting.selectors.settled import Months, Tally, by_field, by_month, tallies
from portal.reporting.selectors.unit_work import days_taken, heads_of, open_now, spread_of
from portal.reporting.selectors.units import former_districts, units_counted
from portal.web.access import public
from portal.web.presenters import enforcement as shown
from portal.web.presenters import unit_chart
from portal.web.views.enforcement import asked, query_of


@public
@require_safe
def unit_figures(request: HttpRequest, code: str) -> HttpResponse:
    """Show one unit in a period; where its open dossiers are is told as of now."""
    today = clock.today()
    months, field = asked(request, today)
    unit = _unit(code)
    fields = by_field(months=months, units=[unit.pk])
    whole = shown.total(fields.values())
    context = {
        "unit": unit,
        "group": former_districts().get(shown.group_of(unit), ""),
        "heads": heads_of(unit=unit, day=today),
        "total": whole,
        "told": shown.told(whole),
        "before": tallies(months=months.a_year_before(), unit=unit.pk).get(unit.pk, Tally()),
        "period": shown.period_told(months),
        "until": months.until,
        "fields": sorted(fields.items()),
        "spread": spread_of(days_taken(months=months, unit=unit)),
        "open_now": unit_chart.open_told(open_now(unit=unit)),
        "query": query_of(months, field, is_reported=False),
        "days_query": query_of(months, "", is_reported=False),
    }
    context |= _trend(months, unit) | _delays(months, unit, whole)
    return render(request, "web/map_unit.html", context)


@public
@require_safe
def days_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Hand out how many dossiers the unit settled by days since filing: the times follow."""
    months, _field = asked(request, clock.today())
    days = days_taken(months=months, unit=_unit(code))
    lines = chain([("days", "dossiers")], sorted(days.items()))
    return csv_file(f"so-ngay-{code}.csv", lines)


@public
@require_safe
def late_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Hand out the late dossiers of the unit: causes and the corrected share follow."""
    months, _field = asked(request, clock.today())
    heading = ("dossiers", "days_late", "days_granted", *DelayKind, "in_time_after_all", "alike")
    lines = (
        (one.dossiers, one.days, one.granted, *one.causes, one.excused, int(one.is_alike))
        for one in late_rows(months=months, unit=_unit(code))
    )
    return csv_file(f"tre-han-{code}.csv", chain([heading], lines))


def _unit(code: str) -> Unit:
    found = next((one for one in units_counted(day=clock.today()) if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _trend(months: Months, unit: Unit) -> dict[str, Any]:
    """Return the twelve months that end with the last one of a period that has begun."""
    last = min(months.last, max(months.until, months.first))
    first = last.replace(day=1, year=last.year - 1)
    year = Months((first + timedelta(days=31)).replace(day=1), last, months.until)
    trend = by_month(months=year, units=[unit.pk])
    return {"trend": sorted(trend.items()), "chart": unit_chart.chart(trend, year)}


def _delays(months: Months, unit: Unit, whole: Tally) -> dict[str, Any]:
    delays = delays_of(months=months, unit=unit)
    corrected = delays.corrected(whole)
    return {
        "delays": delays,
        "causes": unit_chart.causes_told(delays),
        "corrected": corrected,
        "corrected_share": corrected / whole.counted if whole.counted else None,
    }
