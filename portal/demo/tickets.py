"""The waiting room of Hải Châu ward: the last working days, and a queue that stands there now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from citizens.models import Official
from citizens.selectors import working_calendar
from dossiers.enums import TicketState
from dossiers.models import Ticket, TicketHall
from dossiers.selectors.tickets import ticket_of
from dossiers.services.book_appointment import book_appointment
from dossiers.services.call_ticket import call_next, note_absent, sit_down
from dossiers.services.open_hall import open_hall
from dossiers.services.serve_ticket import finish_ticket, start_ticket
from dossiers.services.take_ticket import take_ticket
from portal.common import clock

_AT = ("tiepnhan.phuong", "canbo.phuong")
_DAYS, _LAST_DRAWN, _NOW = 6, 96, 74
# Minutes after the doors open at which numbers are drawn, what for, and how long they take.
_COMES = (0, 1, 3, 6, 11, 15, 18, 20, 26, 33, 37, 41, 44, 52, 58, 60, 63, 66, 69, 71, 72)
_LETTERS, _TAKES = "ABADAECABDA", (5, 8, 4, 12, 7, 9, 31, 6, 5)
_ELDERS, _ABSENT = (3, 7, 8, 14, 18), 5  # by the order in which they come


def fill_waiting_room(on: date) -> int:
    """Let people be served on the days before `on` and wait on it; return how many came."""
    officials = [Official.objects.get(user__username=name) for name in _AT]
    hall = open_hall(agency=officials[0].agency)
    calendar = working_calendar()
    for back in range(_DAYS, 0, -1):
        day = calendar.subtract_working_days(on, back)
        doors = datetime.combine(day, time(7, 30 + back), clock.CIVIL_ZONE)
        _serve(hall, officials, doors, until=_LAST_DRAWN + 60)
        _close(officials, doors + timedelta(minutes=_LAST_DRAWN + 90))
    _serve(hall, officials, _doors_today(on), until=_NOW)
    _reserve(hall, officials[0], on)
    return Ticket.objects.filter(hall=hall).count()


def _doors_today(on: date) -> datetime:
    """Return when the doors opened, so that the queue stands there as the demo begins."""
    usual, now = datetime.combine(on, time(8), clock.CIVIL_ZONE), clock.now()
    opened = now - timedelta(minutes=_NOW)
    return opened if clock.civil_date(now) == clock.civil_date(opened) == on else usual


def _serve(hall: TicketHall, officials: list[Official], doors: datetime, *, until: int) -> None:
    """Go through the minutes: who comes draws a number, who is free calls the next."""
    for number, official in enumerate(officials, start=1):
        sit_down(official=official, hall=hall, number=number, letters="", now=doors)
    groups = {group.prefix: group for group in hall.groups.all()}
    free_at = dict.fromkeys(officials, 4)
    for minute in range(until):
        now = doors + timedelta(minutes=minute)
        for order, comes in enumerate(_COMES):
            if comes == minute:
                group = groups[_LETTERS[order % len(_LETTERS)]]
                take_ticket(group=group, has_priority=order in _ELDERS, now=now)
        for official in officials:
            if free_at[official] <= minute:
                taken = _called(official, now)
                free_at[official] = minute + taken if taken else _next_comes(minute) or until


def _next_comes(minute: int) -> int | None:
    return next((comes for comes in _COMES if comes > minute), None)


def _called(official: Official, now: datetime) -> int:
    """Call the next and begin; return after how many minutes the official is free, 0: nobody."""
    ticket = call_next(official=official, now=now)
    if ticket is None:
        return 0
    if ticket.number == _ABSENT:
        note_absent(ticket=ticket, official=official, now=now)
        return 2
    start_ticket(ticket=ticket, official=official, now=now + timedelta(seconds=40))
    return _TAKES[ticket.number % len(_TAKES)]


def _close(officials: list[Official], now: datetime) -> None:
    for official in officials:
        ticket = ticket_of(official=official, day=clock.civil_date(now))
        if ticket is not None and ticket.state == TicketState.SERVING:
            finish_ticket(ticket=ticket, official=official, now=now)


def _reserve(hall: TicketHall, official: Official, on: date) -> None:
    """Keep a time on the next working day for somebody."""
    day = working_calendar().next_working_day(on)
    at = datetime.combine(day, time(9), clock.CIVIL_ZONE)
    now = datetime.combine(on, time(8), clock.CIVIL_ZONE)
    book_appointment(group=hall.groups.get(prefix="B"), starts_at=at, official=official, now=now)
