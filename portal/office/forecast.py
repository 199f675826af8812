"""The forecast: what a year brings to a unit, whether it can be done, and how sure we are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import UnitKind
from citizens.models import User
from portal.office.forecast_chart import drawn
from portal.office.forecast_view import View, view_of
from portal.office.forecast_words import csv_rows, sentences
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.table_files import table_file
from portal.reporting.services.keep_snapshots import keep_snapshots
from portal.reporting.services.switch_forecast import switch_forecast

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("forecast/", guarded(show_forecast), name="office_forecast"),
        path("forecast/file/", guarded(forecast_file), name="office_forecast_file"),
        path("forecast/switch/", guarded(switch), name="office_forecast_switch"),
    ]


@require_safe
def show_forecast(request: HttpRequest) -> HttpResponse:
    """Show a unit's coming year: a sentence, a chart, the weeks, and what could be levelled."""
    view = _view(request)
    context = {
        "title": _("Forecast"),
        "view": view,
        "sentences": sentences(view),
        "chart": drawn(view),
        "may_switch": may_switch(standing_of(request)),
        "is_fullwidth": "1",
    }
    return render(request, "office/forecast.html", admin.site.each_context(request) | context)


@require_safe
def forecast_file(request: HttpRequest) -> HttpResponse:
    """Hand out the weeks of the page as a file, with what each number is."""
    return table_file(request, "du-bao", csv_rows(_view(request)))


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Switch the model off or on again, for everybody."""
    if not may_switch(standing_of(request)):
        raise PermissionDenied
    is_on = request.POST.get("is_on") == "1"
    if switch_forecast(is_on=is_on, actor=cast(User, request.user)) and is_on:
        keep_snapshots(day=standing_of(request).day)
    said = _("The forecast model is in use.") if is_on else _("The forecast model is switched off.")
    messages.success(request, said)
    return redirect("admin:office_forecast")


def may_switch(standing: Standing) -> bool:
    """Return whether the official may switch the model: it serves the whole province."""
    return standing.units_edited(Desk.FORECAST).filter(kind=UnitKind.PROVINCE).exists()


def _view(request: HttpRequest) -> View:
    standing = standing_of(request)
    if not standing.sees(Desk.FORECAST):
        raise PermissionDenied
    return view_of(standing, unit=request.GET.get("unit", ""), kind=request.GET.get("kind", ""))
