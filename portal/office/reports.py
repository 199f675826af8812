"""The reports of weeks and months, for who leads the unit: a list, and each as PDF and XLSX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.common.downloads import closed_file
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.reporting.reports.enums import Span
from portal.reporting.reports.models import SPANS, Report
from portal.reporting.selectors.definitions import definitions
from portal.reporting.selectors.settled import Tally

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 30
_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    one = "reports/<uuid:public_id>/<str:form>/"
    return [
        path("reports/", guarded(show_reports), name="office_reports"),
        path(one, guarded(report_file), name="office_report_file"),
    ]


@require_safe
def show_reports(request: HttpRequest) -> HttpResponse:
    """List the reports of the units led, newest first, with the share each tells."""
    asked = request.GET.get("span", "")
    span = asked if asked in tuple(Span) else ""
    rows = _reports(request).select_related("unit", "agency").defer("pdf", "xlsx")
    page = Paginator(rows.filter(span=span) if span else rows, PER_PAGE).get_page(
        request.GET.get("page")
    )
    language = "vi" if get_language() == "vi" else "en"
    meant = definitions()["on_time_share"]
    context = {
        "title": _("Reports"),
        "tabs": [("", _("All"), not span)]
        + [(value, word, value == span) for value, word in SPANS],
        "lines": [(row, Tally(**row.figures)) for row in page.object_list],
        "page": page,
        "meant": {
            one: meant[f"{one}_{language}"]
            for one in ("name", "sentence", "numerator", "denominator")
        },
        "is_fullwidth": "1",
    }
    return render(request, "office/reports.html", admin.site.each_context(request) | context)


@require_safe
def report_file(request: HttpRequest, public_id: UUID, form: str) -> HttpResponse:
    """Hand out one of the two files; of another's unit and of no such form there is none."""
    if form not in _TYPES:
        raise Http404
    report = get_object_or_404(_reports(request), public_id=public_id)
    name, data = f"{report.stem}.{form}", bytes(getattr(report, form))
    return closed_file(request, data, name=name, media_type=_TYPES[form])


def _reports(request: HttpRequest) -> QuerySet[Report]:
    standing = standing_of(request)
    if not standing.sees(Desk.REPORTS):
        raise PermissionDenied
    led = standing.units_of(Desk.REPORTS)
    rows = Report.objects.filter(unit__in=led.values("pk"))
    return rows.order_by("-last", "span", "unit__code", "pk")
