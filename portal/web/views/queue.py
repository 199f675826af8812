"""The waiting room: a tablet that gives numbers, the number itself, and the screen that calls.

Nobody is named here. The tablet is known by its secret address, the screen by an open one.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.models import Ticket, TicketHall
from dossiers.selectors.tickets import (
    calls_shown,
    hall_of_kiosk,
    hall_shown,
    lines_of,
    minutes_ahead,
)
from dossiers.services.take_ticket import confirm_arrival, take_ticket
from portal.common import clock
from portal.common.errors import RefusedError
from portal.web.access import public
from portal.web.limits import Limit

DRAWS = Limit("kiosk_draw", most=60, seconds=60)
CODES = Limit("appointment_code", most=30, seconds=600)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """Ask what somebody came for; a POST draws a number, or confirms an arrival by its code."""
    hall = _hall(token)
    if request.method != "POST":
        return _asked(request, hall)
    is_code = "code" in request.POST
    refused = (CODES if is_code else DRAWS).passed(str(hall.pk))
    if refused is not None:
        fault = _("This was pressed very often just now. Please wait a little, or ask an official.")
        page = _asked(request, hall, fault, status=429)
        page["Retry-After"] = refused["Retry-After"]
        return page
    try:
        ticket = _arrived(request, hall) if is_code else _drawn(request, hall)
    except RefusedError as fault:
        return _asked(request, hall, " ".join(fault.reasons), status=422)
    return redirect("web:kiosk_ticket", token, ticket.public_id)


@public
@never_cache
@require_safe
def kiosk_ticket(request: HttpRequest, token: str, public_id: UUID) -> HttpResponse:
    """Show a number of today, with how long it will take."""
    hall = _hall(token)
    mine = Ticket.objects.filter(hall=hall, day=clock.today()).select_related("group")
    ticket = get_object_or_404(mine, public_id=public_id)
    ticket.hall = hall
    context = {
        "ticket": ticket,
        "minutes": minutes_ahead(ticket=ticket),
        "back": reverse("web:kiosk", args=[token]),
    }
    return render(request, "web/queue_ticket.html", context)


@public
@never_cache
@require_safe
def queue_screen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show who is called where; nothing (204) when asked by the screen itself and nothing is new.

    So that whoever listens to the screen hears each call once.
    """
    hall = hall_shown(public_id=public_id)
    if hall is None:
        raise Http404
    calls = calls_shown(hall=hall, day=clock.today())
    mark = sha256(repr(calls).encode()).hexdigest()[:16]
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    lines = lines_of(hall=hall, day=clock.today())
    context = {"hall": hall, "calls": calls, "lines": lines, "mark": mark}
    return render(request, "web/queue_screen.html", context)


def _hall(token: str) -> TicketHall:
    hall = hall_of_kiosk(token=token)
    if hall is None:
        raise Http404
    return hall


def _drawn(request: HttpRequest, hall: TicketHall) -> Ticket:
    group = get_object_or_404(hall.groups, prefix=request.POST.get("group", ""))
    has_priority = request.POST.get("priority") == "yes"
    return take_ticket(group=group, has_priority=has_priority, now=clock.now())


def _arrived(request: HttpRequest, hall: TicketHall) -> Ticket:
    return confirm_arrival(hall=hall, code=request.POST["code"], now=clock.now())


def _asked(
    request: HttpRequest, hall: TicketHall, fault: str = "", status: int = 200
) -> HttpResponse:
    context = {"hall": hall, "lines": lines_of(hall=hall, day=clock.today()), "fault": fault}
    return render(request, "web/queue_kiosk.html", context, status=status)
