"""The public list of dossiers beyond their last day."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.overdue.published import FEWEST, published
from portal.reporting.selectors.settled import fields_counted
from portal.reporting.selectors.units import units_counted
from portal.web.access import public
from portal.web.presenters import overdue as shown
from portal.web.presenters.enforcement import field_options

_ON_A_PAGE = 50


@public
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """List what is unfinished beyond its last day, of all units or one, of all fields or one."""
    today = clock.today()
    asked = _asked(request)
    rows = published(today=today, **asked)
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in asked.items() if value}
    return render(
        request,
        "web/overdue.html",
        {
            "count": len(rows),
            "lines": [shown.line_of(row) for row in page],
            "page": page,
            "today": today,
            "fewest": FEWEST,
            "units": shown.unit_options(units_counted(day=today), asked["unit"]),
            "fields": field_options(fields_counted(), asked["field"]),
            "query": urlencode(kept),
            "paging": f"{urlencode(kept)}&" if kept else "",
        },
    )


@public
@require_safe
def overdue_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same list as CSV."""
    rows = published(today=clock.today(), **_asked(request))
    return csv_file("ho-so-qua-han.csv", shown.cells(rows))


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:200].replace("\x00", "") for name in ("unit", "field")}
