"""`/map/goals/`: what the programme set itself, and how far it is; for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.goals.counting import counted, loads, satisfied_by_block
from portal.reporting.selectors.settled import Months, first_month
from portal.web.access import public
from portal.web.presenters import enforcement
from portal.web.presenters import goals as shown


@public
@require_safe
def goals_page(request: HttpRequest) -> HttpResponse:
    """Show each goal with its definition, its counts in a period, and twelve months of it."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    trend = shown.trend_of(months)
    by_month = counted(first=min(months.first, trend.first), last=months.last, today=today)
    until = min(months.last, today)
    return render(
        request,
        "web/goals.html",
        {
            "goals": shown.goals_told(by_month, months, trend),
            "loads": shown.loads_told(loads(until=until)),
            "blocks": shown.blocks_told(satisfied_by_block(until=until)),
            "until": until,
            "period": enforcement.period_told(months),
            "periods": enforcement.periods(months, today, first_month()),
            "query": f"?period={enforcement.value_of(months)}",
        },
    )


@public
@require_safe
def goals_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same counts as CSV, a line a goal and month."""
    today = clock.today()
    months: Months = enforcement.months_of(request.GET.get("period", ""), today)
    trend = shown.trend_of(months)
    by_month = counted(first=min(months.first, trend.first), last=months.last, today=today)
    until = min(months.last, today)
    lines = shown.cells(by_month, loads(until=until), satisfied_by_block(until=until))
    return csv_file("muc-tieu-chuong-trinh.csv", lines)
