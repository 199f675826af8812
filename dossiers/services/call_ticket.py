"""At a counter: sit down, call the next, call again, note that nobody came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from citizens.models import Official
from dossiers.enums import TicketAct, TicketState
from dossiers.models import CounterSeat, Ticket, TicketHall
from dossiers.selectors.tickets import (
    as_waiting,
    for_seat,
    seat_of,
    ticket_of,
    waiting_tickets,
)
from dossiers.services.serve_ticket import finish_ticket, note_act, own_ticket
from dossiers.services.take_ticket import lock_hall
from dossiers.turns import BEHIND, next_turn
from portal.common import clock
from portal.common.errors import RefusedError


@transaction.atomic
def sit_down(
    *, official: Official, hall: TicketHall, number: int, letters: Sequence[str], now: datetime
) -> CounterSeat:
    """Give the official a counter for today; `letters` are whom they serve, none: everybody.

    RefusedError when a colleague sits there, when the official has called somebody who is not
    finished, or for a counter or a letter that does not exist.
    """
    day = clock.civil_date(now)
    known = set(hall.groups.values_list("prefix", flat=True))
    if hall.agency_id != official.agency_id or not 1 <= number <= 99 or not known >= set(letters):
        raise RefusedError(_("There is no such counter."))
    stand_up(official=official, now=now)
    try:
        with transaction.atomic():
            return CounterSeat.objects.create(
                hall=hall, day=day, number=number, official=official, letters=sorted(set(letters))
            )
    except IntegrityError:
        raise RefusedError(_("A colleague sits at this counter today.")) from None


@transaction.atomic
def stand_up(*, official: Official, now: datetime) -> None:
    """Leave the counter; RefusedError while somebody is called or served there.

    Whoever waited for this counter alone may be called to any other.
    """
    day = clock.civil_date(now)
    seat = seat_of(official=official, day=day)
    if seat is None:
        return
    lock_hall(seat.hall)  # first: a number is called or sent on to this counter before or after
    if ticket_of(official=official, day=day) is not None:
        raise RefusedError(_("Finish with the number that you called first."))
    waiting_tickets(hall=seat.hall, day=day).filter(for_counter=seat.number).update(
        for_counter=None
    )
    seat.delete()


@transaction.atomic
def call_next(*, official: Official, now: datetime, shown: str | None = None) -> Ticket | None:
    """Return who is called to the official's counter by the hall's rule, None when nobody waits.

    Whoever is served there is finished by this press: by a page that shows another number (`shown`,
    empty for none) nobody is. RefusedError then, without a counter, and while the last one called
    has neither come nor been noted as absent. Calls of one hall come one after
    the other, so that no ticket is called twice.
    """
    hall = lock_hall(_seat(official, now).hall)
    seat = _seat(official, now)  # as it is under the lock: the counter may have been left meanwhile
    running = ticket_of(official=official, day=seat.day)
    if shown is not None and shown != (str(running.public_id) if running else ""):
        raise RefusedError(_("This number is not yours any more. Look at the page again."))
    if running is not None:
        if running.state == TicketState.CALLED:
            raise RefusedError(_("First say whether the number that you called has come."))
        finish_ticket(ticket=running, official=official, now=now)
    waiting = for_seat(seat=seat)
    turn = next_turn((as_waiting(one, now=now) for one in waiting), in_a_row=hall.in_a_row, now=now)
    if turn is None:
        return None
    ticket = waiting.get(pk=turn.ticket.key)
    if turn.passed:
        Ticket.objects.filter(pk=turn.passed.key).update(passed=F("passed") + 1)
    _moved_up(waiting, ticket)
    return note_act(
        ticket,
        TicketAct.CALLED,
        now=now,
        official=official,
        counter=seat.number,
        state=TicketState.CALLED,
        behind=0,
    )


@transaction.atomic
def call_again(*, ticket: Ticket, official: Official, now: datetime) -> Ticket:
    """Call the same number once more; RefusedError unless it is called and has not come."""
    row = own_ticket(ticket, official, TicketState.CALLED)
    return note_act(row, TicketAct.RECALLED, now=now, official=official, counter=row.counter)


@transaction.atomic
def note_absent(*, ticket: Ticket, official: Official, now: datetime) -> Ticket:
    """Note that nobody came: the first time back behind three others, the second time it ends."""
    row = own_ticket(ticket, official, TicketState.CALLED)
    counter, is_last = row.counter, row.missed > 0
    return note_act(
        row,
        TicketAct.ENDED if is_last else TicketAct.MISSED,
        now=now,
        official=official,
        counter=counter,
        state=TicketState.ABSENT if is_last else TicketState.WAITING,
        missed=row.missed + 1,
        behind=0 if is_last else BEHIND,
    )


def _moved_up(waiting: QuerySet[Ticket], called: Ticket) -> None:
    """Let those who missed their call come one nearer."""
    others = Ticket.objects.filter(pk__in=waiting.values("pk"), behind__gt=0)
    others.exclude(pk=called.pk).update(behind=F("behind") - 1)


def _seat(official: Official, now: datetime) -> CounterSeat:
    seat = seat_of(official=official, day=clock.civil_date(now))
    if seat is None:
        raise RefusedError(_("First choose your counter."))
    return seat
