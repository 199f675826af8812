"""Who was called has come: served, sent on to another counter, finished."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Official
from dossiers.enums import TicketAct, TicketState
from dossiers.models import CounterSeat, ServiceGroup, Ticket
from dossiers.services.take_ticket import lock_hall
from portal.common.errors import RefusedError


@transaction.atomic
def start_ticket(*, ticket: Ticket, official: Official, now: datetime) -> Ticket:
    """Note that the person has come; RefusedError unless the official called this number."""
    row = own_ticket(ticket, official, TicketState.CALLED)
    return note_act(
        row,
        TicketAct.STARTED,
        now=now,
        official=official,
        counter=row.counter,
        state=TicketState.SERVING,
    )


@transaction.atomic
def finish_ticket(*, ticket: Ticket, official: Official, now: datetime) -> Ticket:
    """Note that the person was served; RefusedError unless the official serves this number."""
    row = own_ticket(ticket, official, TicketState.SERVING)
    return note_act(
        row,
        TicketAct.FINISHED,
        now=now,
        official=official,
        counter=row.counter,
        state=TicketState.DONE,
    )


@transaction.atomic
def transfer_ticket(
    *,
    ticket: Ticket,
    official: Official,
    group: ServiceGroup | None = None,
    counter: int | None = None,
    now: datetime,
) -> Ticket:
    """Send the person on to another group of services, or to one counter; the place is kept.

    RefusedError for another hall's group, for the same place, and unless the official has called
    or serves this number.
    """
    # The hall first, as who calls or leaves: nobody is sent to a counter that is left meanwhile.
    lock_hall(ticket.hall)
    row = own_ticket(ticket, official, TicketState.CALLED, TicketState.SERVING)
    group = group or row.group
    if group.hall_id != row.hall_id or (group == row.group and counter in (None, row.counter)):
        raise RefusedError(_("Choose another counter or another group of services."))
    seats = CounterSeat.objects.filter(hall=row.hall, day=row.day)
    if counter is not None and not seats.filter(number=counter).exists():
        raise RefusedError(_("Nobody sits at this counter today."))
    here = row.counter
    row.group = group
    return note_act(
        row,
        TicketAct.TRANSFERRED,
        now=now,
        official=official,
        counter=here,
        state=TicketState.WAITING,
        group=group,
        for_counter=counter,
    )


def own_ticket(ticket: Ticket, official: Official, *states: TicketState) -> Ticket:
    """Return the ticket locked; RefusedError unless it is the official's and in one of `states`."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("group", "hall")
    row = rows.filter(pk=ticket.pk, official=official, state__in=states).first()
    if row is None:
        raise RefusedError(_("This number is not yours any more. Look at the page again."))
    return row


def note_act(
    ticket: Ticket,
    act: TicketAct,
    *,
    now: datetime,
    official: Official,
    counter: int | None,
    **changes: Any,
) -> Ticket:
    """Write what happened, and the ticket as it stands after it; who waits is at no counter."""
    state = changes.get("state", ticket.state)
    is_here = state != TicketState.WAITING
    changes |= {"official": official if is_here else None, "counter": counter if is_here else None}
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=list(changes))
    ticket.events.create(
        act=act, group=ticket.group, counter=counter, official=official, happened_at=now
    )
    return ticket
