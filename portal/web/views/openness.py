"""What the portal publishes of itself: filed anywhere (page and CSV), and its roadmap."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file
from portal.web.access import public
from portal.web.presenters.openness import anywhere, anywhere_rows, stages_of
from procedures.selectors import versions_in_force
from procedures.selectors.roadmap import proactive_services


@public
@require_safe
def filed_anywhere(request: HttpRequest) -> HttpResponse:
    """List the procedures that any one-stop shop of the city receives (NĐ 118/2025/NĐ-CP)."""
    lines = anywhere(versions_in_force(day=clock.today()))
    return render(request, "web/anywhere.html", {"lines": lines, "day": clock.today()})


@public
@require_safe
def filed_anywhere_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same list as CSV."""
    lines = anywhere(versions_in_force(day=clock.today()))
    return csv_file("thu-tuc-phi-dia-gioi.csv", anywhere_rows(lines))


@public
@require_safe
def roadmap(request: HttpRequest) -> HttpResponse:
    """Show the services that tell people by themselves, from the rules and their versions."""
    day = clock.today()
    stages = stages_of(proactive_services(day=day))
    return render(request, "web/roadmap.html", {"stages": stages, "day": day})
