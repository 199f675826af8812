"""Warnings before a limit on the first page: mine, and those of colleagues whom I cover."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from citizens.models import User
from dossiers.models import ClockAlert
from dossiers.selectors import alerts_for
from dossiers.services import note_seen
from portal.common import clock

_SHOWN = 12


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the address to which the press is sent, behind the door of `guarded`."""
    return [path("alerts/seen/", guarded(seen), name="office_alerts_seen")]


def shown_alerts(request: HttpRequest) -> list[ClockAlert]:
    """Return the unseen warnings, one a dossier, most urgent first; they name no person."""
    found: dict[int, ClockAlert] = {}
    for alert in alerts_for(user=cast(User, request.user), day=clock.today()):
        found.setdefault(alert.dossier_id, alert)
    return list(found.values())[:_SHOWN]


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Note that the official has seen the warnings named; those of others stay as they are."""
    named = {int(key) for key in request.POST.getlist("alert") if key.isdecimal() and len(key) < 19}
    mine = alerts_for(user=cast(User, request.user), day=clock.today())
    dossiers = mine.filter(pk__in=named).values_list("dossier_id", flat=True)
    keys = list(mine.filter(dossier__in=list(dossiers)).values_list("pk", flat=True))
    note_seen(alerts=keys, now=clock.now())
    return redirect("admin:index")
