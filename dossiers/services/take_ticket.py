"""A number is drawn: at the kiosk, by the receptionist, or by the code of an appointment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dossiers.enums import TicketAct
from dossiers.models import Appointment, ServiceGroup, Ticket, TicketHall
from dossiers.turns import LATE_AFTER
from portal.common import clock
from portal.common.errors import RefusedError


@transaction.atomic
def take_ticket(*, group: ServiceGroup, has_priority: bool, now: datetime) -> Ticket:
    """Return the next number of the hall's day, for a group of services."""
    return _drawn(group, now, has_priority=has_priority)


@transaction.atomic
def confirm_arrival(*, hall: TicketHall, code: str, now: datetime) -> Ticket:
    """Return the ticket of today's appointment with this code: the same one when asked again.

    Whoever comes more than 15 minutes late takes the place of somebody without an appointment.
    RefusedError for a code that is not one of today's.
    """
    lock_hall(hall)
    day = clock.civil_date(now)
    booked = Appointment.objects.filter(hall=hall, day=day, code=code.strip())
    found = booked.select_related("group").first()
    if found is None:
        raise RefusedError(_("There is no appointment with this code today. Please look again."))
    ticket = Ticket.objects.filter(appointment=found).first()
    return ticket or _drawn(found.group, now, appointment=found)


def lock_hall(hall: TicketHall) -> TicketHall:
    """Return the hall's row locked: who draws or calls in it does so one after the other."""
    return TicketHall.objects.select_for_update(of=("self",)).get(pk=hall.pk)


def _drawn(
    group: ServiceGroup,
    now: datetime,
    *,
    has_priority: bool = False,
    appointment: Appointment | None = None,
) -> Ticket:
    hall, day = lock_hall(group.hall), clock.civil_date(now)
    last = Ticket.objects.filter(hall=hall, day=day).aggregate(last=Max("number"))["last"] or 0
    starts_at = appointment.starts_at if appointment else None
    reserved_at = starts_at if starts_at and now <= starts_at + LATE_AFTER else None
    ticket = Ticket.objects.create(
        hall=hall,
        group=group,
        day=day,
        number=last + 1,
        letter=group.prefix,
        has_priority=has_priority,
        appointment=appointment,
        reserved_at=reserved_at,
        taken_at=now,
        turn_at=reserved_at or now,
    )
    ticket.events.create(act=TicketAct.TAKEN, group=group, happened_at=now)
    return ticket
