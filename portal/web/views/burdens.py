"""`/map/burdens/`: the step and the paper of each procedure that make people wait most."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.selectors.assumptions import assumptions
from portal.reporting.selectors.burdens import FEWEST, burdens
from portal.reporting.selectors.settled import first_month
from portal.web.access import public
from portal.web.presenters import burdens as shown
from portal.web.presenters import enforcement


@public
@require_safe
def burdens_page(request: HttpRequest) -> HttpResponse:
    """Show each procedure with what hurts most, what would be saved, and the assumptions."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    assumed = assumptions(day=today)
    return render(
        request,
        "web/burdens.html",
        {
            "burdens": shown.told(burdens(months=months), assumed),
            "assumptions": shown.assumptions_told(assumed),
            "fewest": FEWEST,
            "period": enforcement.period_told(months),
            "periods": enforcement.periods(months, today, first_month()),
            "query": f"?period={enforcement.value_of(months)}",
        },
    )


@public
@require_safe
def burdens_file(request: HttpRequest) -> HttpResponse:
    """Hand out every step and paper as CSV, with what would be saved."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    lines = shown.cells(burdens(months=months), assumptions(day=today))
    return csv_file("noi-thu-tuc-gay-cho-doi.csv", lines)
