"""The queue at the counters: a counter is taken, the next number called, somebody given a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import Official
from dossiers.models import CounterSeat, ServiceGroup, Ticket, TicketHall
from dossiers.selectors.tickets import (
    Timer,
    filed_with,
    hall_of,
    lines_of,
    longest_wait,
    minutes_ahead,
    seat_of,
    ticket_of,
    timer_of,
    waiting_tickets,
)
from dossiers.services.book_appointment import book_appointment
from dossiers.services.call_ticket import call_again, call_next, note_absent, sit_down, stand_up
from dossiers.services.serve_ticket import finish_ticket, start_ticket, transfer_ticket
from dossiers.services.take_ticket import confirm_arrival, take_ticket
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.counter_matter import official_of
from portal.office.roles import Desk
from portal.office.standing import standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
MOST_SHOWN = 30
_TONE_ICONS = {"late": "timer_off", "soon": "hourglass_bottom", "on_time": "schedule"}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of the queue, each behind the door that `guarded` puts in front."""
    return [
        path("tickets/", guarded(show_queue), name="office_tickets"),
        path("tickets/press/", guarded(press), name="office_tickets_press"),
        path("tickets/<uuid:public_id>/slip/", guarded(slip), name="office_ticket_slip"),
    ]


@dataclass(frozen=True)
class AtHand:
    """What an official needs of the queue while they work: their counter, number and the line.

    `timer` is of the number at the counter, `longest` of whoever waits longest.
    """

    hall: TicketHall
    seat: CounterSeat | None
    ticket: Ticket | None
    timer: Timer | None
    waiting: int
    longest: Timer

    @property
    def icon(self) -> str:
        """The sign of the time that runs at the counter."""
        return _TONE_ICONS[self.timer.tone] if self.timer else ""

    @property
    def longest_icon(self) -> str:
        """The sign of the longest wait."""
        return _TONE_ICONS[self.longest.tone]


def at_hand(official: Official) -> AtHand | None:
    """Return the queue beside the work; None at an agency where nobody draws numbers."""
    hall, now = hall_of(agency=official.agency), clock.now()
    if hall is None:
        return None
    day = clock.civil_date(now)
    ticket = ticket_of(official=official, day=day)
    return AtHand(
        hall=hall,
        seat=seat_of(official=official, day=day),
        ticket=ticket,
        timer=timer_of(ticket=ticket, now=now) if ticket else None,
        waiting=waiting_tickets(hall=hall, day=day).count(),
        longest=longest_wait(hall=hall, day=day, now=now),
    )


def _at_desk(request: HttpRequest) -> Official:
    official = official_of(request)
    if official is None or not standing_of(request).edits(Desk.TICKETS):
        raise PermissionDenied
    return official


@require_safe
def show_queue(request: HttpRequest) -> HttpResponse:
    """Show who waits at the official's own agency: numbers, never names.

    With the number that is served, what was filed with it: that is a look at whose it is.
    """
    official = _at_desk(request)
    queue, day, now = at_hand(official), clock.today(), clock.now()
    context: dict[str, Any] = {
        "title": _("Queue at the counters"),
        "agency": official.agency,
        "queue": queue,
        "back": "tickets",
        "may_set": standing_of(request).edits(Desk.WAITING_ROOM),
    }
    if queue is not None:
        filed = filed_with(ticket=queue.ticket) if queue.ticket else []
        log_people_shown(
            request,
            people=[dossier.owner_id for dossier in filed],
            fields=("dossier_code", "procedure", "status"),
            purpose=ViewPurpose.COUNTER,
        )
        waiting = list(waiting_tickets(hall=queue.hall, day=day)[:MOST_SHOWN])
        context |= {
            "filed": filed,
            "lines": lines_of(hall=queue.hall, day=day),
            "rows": [(one, timer_of(ticket=one, now=now)) for one in waiting],
            "left_out": queue.waiting - len(waiting),
            "seats": CounterSeat.objects.filter(hall=queue.hall, day=day)
            .select_related("official__user")
            .order_by("number"),
            "day": day,
        }
    whole = admin.site.each_context(request) | context
    return render(request, "office/tickets.html", whole)


@require_safe
def slip(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a number of today that the receptionist drew, to be printed."""
    official = _at_desk(request)
    mine = Ticket.objects.filter(hall__agency=official.agency, day=clock.today())
    ticket = get_object_or_404(mine.select_related("group", "hall__agency"), public_id=public_id)
    context = {
        "ticket": ticket,
        "minutes": minutes_ahead(ticket=ticket),
        "back": reverse("admin:office_tickets"),
    }
    return render(request, "web/queue_ticket.html", context)


@dataclass(frozen=True)
class _Press:
    """A button of the queue: who pressed it, in which hall, with what."""

    official: Official
    hall: TicketHall
    data: QueryDict
    now: datetime

    def group(self) -> ServiceGroup:
        """Return the group that was chosen; Http404 for none of this hall."""
        return get_object_or_404(self.hall.groups, prefix=self.data.get("group", ""))

    def counter(self, name: str) -> int | None:
        """Return the number of a counter that was typed, None for anything else."""
        typed = self.data.get(name, "")
        return int(typed) if re.fullmatch("[0-9]{1,2}", typed) else None

    def ticket(self) -> Ticket:
        """Return the number at the counter; RefusedError where there is none any more."""
        found = ticket_of(official=self.official, day=clock.civil_date(self.now))
        if found is None or str(found.public_id) != self.data.get("ticket"):
            raise RefusedError(_("This number is not yours any more. Look at the page again."))
        return found


@require_POST
def press(request: HttpRequest) -> HttpResponse:
    """Do what was pressed, and show the page again from which it was."""
    official = _at_desk(request)
    hall = hall_of(agency=official.agency)
    act = _ACTS.get(request.POST.get("do", ""))
    if hall is None or act is None:
        raise Http404
    try:
        told = act(_Press(official, hall, request.POST, clock.now()))
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        if isinstance(told, HttpResponse):
            return told
        if told:
            messages.success(request, told)
    is_counter = request.POST.get("back") == "counter"
    return redirect("admin:office_counter" if is_counter else "admin:office_tickets")


def _sit(press: _Press) -> str:
    seat = sit_down(
        official=press.official,
        hall=press.hall,
        number=press.counter("number") or 0,
        letters=press.data.getlist("letters"),
        now=press.now,
    )
    return _("You serve at counter %(number)s today.") % {"number": seat.number}


def _leave(press: _Press) -> str:
    stand_up(official=press.official, now=press.now)
    return _("You left the counter.")


def _next(press: _Press) -> str:
    shown = press.data.get("ticket", "")
    ticket = call_next(official=press.official, now=press.now, shown=shown)
    if ticket is None:
        return _("Nobody waits for your counter.")
    return _("%(ticket)s is called.") % {"ticket": ticket}


def _again(press: _Press) -> str:
    ticket = call_again(ticket=press.ticket(), official=press.official, now=press.now)
    return _("%(ticket)s is called once more.") % {"ticket": ticket}


def _come(press: _Press) -> str:
    start_ticket(ticket=press.ticket(), official=press.official, now=press.now)
    return ""


def _absent(press: _Press) -> str:
    ticket = note_absent(ticket=press.ticket(), official=press.official, now=press.now)
    if ticket.behind:
        return _("%(ticket)s waits again, behind three others.") % {"ticket": ticket}
    return _("%(ticket)s was called twice and did not come; the number has ended.") % {
        "ticket": ticket
    }


def _done(press: _Press) -> str:
    ticket = finish_ticket(ticket=press.ticket(), official=press.official, now=press.now)
    return _("%(ticket)s is served.") % {"ticket": ticket}


def _send_on(press: _Press) -> str:
    ticket = transfer_ticket(
        ticket=press.ticket(),
        official=press.official,
        group=press.group() if press.data.get("group") else None,
        counter=press.counter("counter"),
        now=press.now,
    )
    return _("%(ticket)s is sent on and keeps its place.") % {"ticket": ticket}


def _draw(press: _Press) -> HttpResponse:
    ticket = take_ticket(
        group=press.group(), has_priority=press.data.get("priority") == "yes", now=press.now
    )
    return redirect("admin:office_ticket_slip", ticket.public_id)


def _arrive(press: _Press) -> HttpResponse:
    code = press.data.get("code", "")
    ticket = confirm_arrival(hall=press.hall, code=code, now=press.now)
    return redirect("admin:office_ticket_slip", ticket.public_id)


def _book(press: _Press) -> str:
    try:
        told = parse_datetime(press.data.get("at", ""))
    except ValueError:
        told = None
    if told is None:
        raise RefusedError(_("Please give the day and the time."))
    starts_at = told.replace(tzinfo=clock.CIVIL_ZONE)
    booked = book_appointment(
        group=press.group(), starts_at=starts_at, official=press.official, now=press.now
    )
    return _("Reserved: %(at)s. The code is %(code)s; it is typed in on arrival.") % {
        "at": f"{starts_at:%H:%M %d/%m/%Y}",
        "code": booked.code,
    }


_ACTS: Mapping[str, Callable[[_Press], str | HttpResponse]] = {
    "sit": _sit,
    "leave": _leave,
    "next": _next,
    "again": _again,
    "come": _come,
    "absent": _absent,
    "done": _done,
    "send_on": _send_on,
    "draw": _draw,
    "arrive": _arrive,
    "book": _book,
}
