"""`/map/services/`: a score of each online service, with its reasons; for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.quality.services import FEWEST, service_scores
from portal.reporting.selectors.settled import first_month
from portal.web.access import public
from portal.web.presenters import enforcement
from portal.web.presenters import service_scores as shown


@public
@require_safe
def services_page(request: HttpRequest) -> HttpResponse:
    """Show the score of each service and what took its points."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    return render(
        request,
        "web/service_scores.html",
        {
            "services": shown.told(service_scores(months=months, day=today)),
            "fewest": FEWEST,
            "period": enforcement.period_told(months),
            "periods": enforcement.periods(months, today, first_month()),
            "query": f"?period={enforcement.value_of(months)}",
        },
    )


@public
@require_safe
def services_file(request: HttpRequest) -> HttpResponse:
    """Hand out every count behind the scores as CSV."""
    today = clock.today()
    months = enforcement.months_of(request.GET.get("period", ""), today)
    lines = shown.cells(service_scores(months=months, day=today))
    return csv_file("chat-luong-dich-vu.csv", lines)
