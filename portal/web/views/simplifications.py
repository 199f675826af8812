"""`/map/simplifications/`: what was made simpler, what it saves, and what was measured since."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file
from portal.reporting.selectors.assumptions import assumptions
from portal.reporting.selectors.burdens import FEWEST
from portal.reporting.simplifying.costing import Costed, costed
from portal.reporting.simplifying.models import Simplification
from portal.web.access import public
from portal.web.presenters import burdens as assumed
from portal.web.presenters import simplifications as shown

MOST = 200


@public
@require_safe
def simplifications_page(request: HttpRequest) -> HttpResponse:
    """Show each simplification with its cost before and after, and the assumptions."""
    return render(
        request,
        "web/simplifications.html",
        {
            "simplifications": shown.told(_published()),
            "assumptions": assumed.assumptions_told(assumptions(day=clock.today())),
            "fewest": FEWEST,
        },
    )


@public
@require_safe
def simplifications_file(request: HttpRequest) -> HttpResponse:
    """Hand out every activity before and after as CSV."""
    return csv_file("don-gian-hoa-thu-tuc.csv", shown.cells(_published()))


def _published() -> list[Costed]:
    rows = Simplification.objects.filter(withdrawn_at=None).select_related("procedure")
    return costed(rows[:MOST], today=clock.today())
