"""The queue at the counters of a unit: who waits, who is called where, how long it will take."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import Greatest, Lead

from citizens.models import Agency, Official
from dossiers.enums import TicketAct, TicketState
from dossiers.models import CounterSeat, Dossier, ServiceGroup, Ticket, TicketEvent, TicketHall
from dossiers.models.tickets import OPEN_AT_COUNTER
from dossiers.turns import SERVE_LIMIT, USUAL_SERVING, WAIT_LIMIT, Waiting, expected_wait

_RECENT = timedelta(days=7)
_SHOWN = 6


def hall_of(*, agency: Agency) -> TicketHall | None:
    """Return the waiting room of an agency, None where nobody draws tickets."""
    return TicketHall.objects.filter(agency=agency).select_related("agency").first()


def hall_shown(*, public_id: UUID) -> TicketHall | None:
    """Return the waiting room that an address names."""
    return TicketHall.objects.filter(public_id=public_id).select_related("agency").first()


def hall_of_kiosk(*, token: str) -> TicketHall | None:
    """Return the waiting room whose kiosk has this secret, None for any other."""
    digest = hashlib.sha256(token.encode()).digest()
    return TicketHall.objects.filter(kiosk_sha256=digest).select_related("agency").first()


def seat_of(*, official: Official, day: date) -> CounterSeat | None:
    """Return where the official sits on `day`."""
    return CounterSeat.objects.filter(official=official, day=day).select_related("hall").first()


def ticket_of(*, official: Official, day: date) -> Ticket | None:
    """Return the ticket that the official has called or serves."""
    mine = Ticket.objects.filter(official=official, day=day, state__in=OPEN_AT_COUNTER)
    return mine.select_related("group", "hall").first()


def waiting_tickets(*, hall: TicketHall, day: date) -> QuerySet[Ticket]:
    """Return who waits on `day`, the longest first."""
    rows = Ticket.objects.filter(hall=hall, day=day, state=TicketState.WAITING)
    return rows.select_related("group").order_by("turn_at", "pk")


def for_seat(*, seat: CounterSeat) -> QuerySet[Ticket]:
    """Return who waits and may be called to this counter."""
    for_all = Q(for_counter=None)
    if seat.letters:
        for_all &= Q(group__prefix__in=seat.letters)
    rows = waiting_tickets(hall=seat.hall, day=seat.day)
    return rows.filter(for_all | Q(for_counter=seat.number))


def as_waiting(ticket: Ticket, *, now: datetime) -> Waiting:
    """Return the ticket as the rule of turns sees it."""
    is_reserved = ticket.reserved_at is not None and ticket.reserved_at <= now
    return Waiting(
        key=ticket.pk,
        since=ticket.turn_at,
        is_preferred=ticket.has_priority or is_reserved,
        passed=ticket.passed,
        behind=ticket.behind,
        opens_at=ticket.reserved_at,
    )


@dataclass(frozen=True)
class Call:
    """A ticket that was called, and where to; `is_new` while nobody has come yet."""

    ticket: str
    counter: int
    is_new: bool
    times: int


def calls_shown(*, hall: TicketHall, day: date) -> list[Call]:
    """Return who is called or served, the last call first: numbers and counters only."""
    calls = Q(events__act__in=[TicketAct.CALLED, TicketAct.RECALLED])
    rows = Ticket.objects.filter(hall=hall, day=day, state__in=OPEN_AT_COUNTER)
    found = rows.annotate(
        called_at=Max("events__happened_at", filter=calls), times=Count("events", filter=calls)
    )
    return [
        Call(str(one), one.counter or 0, one.state == TicketState.CALLED, one.times)
        for one in found.order_by("-called_at", "-pk")[:_SHOWN]
    ]


@dataclass(frozen=True)
class Line:
    """One group of services: how many wait, and how long somebody who comes now will wait."""

    group: ServiceGroup
    count: int
    minutes: int


def lines_of(*, hall: TicketHall, day: date) -> list[Line]:
    """Return every group with who waits in it, by letter."""
    waits = Q(tickets__day=day, tickets__state=TicketState.WAITING)
    counted = hall.groups.annotate(count=Count("tickets", filter=waits))
    groups = list(counted.order_by("prefix"))  # a count drops the model's own order
    counts = {group.prefix: group.count for group in groups}
    room = _room(hall, day)
    ahead = {letter: sum(counts[other] for other in room.beside(letter)) for letter in counts}
    return [Line(one, one.count, room.minutes(one.prefix, ahead[one.prefix])) for one in groups]


def minutes_ahead(*, ticket: Ticket) -> int:
    """Return how many minutes a waiting ticket will probably wait yet."""
    room = _room(ticket.hall, ticket.day)
    before = waiting_tickets(hall=ticket.hall, day=ticket.day).filter(
        group__prefix__in=room.beside(ticket.group.prefix), turn_at__lt=ticket.turn_at
    )
    ahead = before.filter(has_priority=True) if ticket.has_priority else before
    return room.minutes(ticket.group.prefix, ahead.count())


@dataclass(frozen=True)
class _Room:
    """What tells how long it will take: whom each counter serves, and how long that takes."""

    counters: list[frozenset[str]]
    serving: timedelta

    def beside(self, letter: str) -> frozenset[str]:
        """Return the groups that are called at the same counters, its own among them."""
        return frozenset({letter}).union(*(one for one in self.counters if letter in one))

    def minutes(self, letter: str, ahead: int) -> int:
        """Return the minutes for somebody of the group with so many before them."""
        counters = sum(letter in one for one in self.counters)
        return expected_wait(ahead=ahead, serving=self.serving, counters=counters)


def _room(hall: TicketHall, day: date) -> _Room:
    letters = frozenset(hall.groups.values_list("prefix", flat=True))
    seats = CounterSeat.objects.filter(hall=hall, day=day)
    counters = [frozenset(seat.letters) or letters for seat in seats]
    return _Room(counters, usual_serving(hall=hall, day=day))


def filed_with(*, ticket: Ticket) -> list[Dossier]:
    """Return what was filed while the number was served; of a bundle everything of its press."""
    own = Dossier.objects.filter(counter_visit__ticket=ticket)
    beside = Q(
        bundle_case__in=own.values("bundle_case"), submitted_at__in=own.values("submitted_at")
    )
    found = Dossier.objects.filter(Q(pk__in=own.values("pk")) | beside)
    return list(found.select_related("procedure_version", "competent").order_by("pk"))


def usual_serving(*, hall: TicketHall, day: date) -> timedelta:
    """Return the middle of how long a ticket was served in the last 7 days; 10 minutes at first.

    The waits of a ticket between the counters to which it was sent on are no serving.
    """
    events = TicketEvent.objects.filter(
        ticket__hall=hall, ticket__day__gt=day - _RECENT, ticket__state=TicketState.DONE
    ).annotate(
        next_act=Window(Lead("act"), partition_by="ticket", order_by="pk"),
        next_at=Window(Lead("happened_at"), partition_by="ticket", order_by="pk"),
    )
    ended = events.filter(next_act__in=[TicketAct.FINISHED, TicketAct.TRANSFERRED])
    served: dict[int, timedelta] = {}
    for ticket, act, began, over in ended.values_list("ticket", "act", "happened_at", "next_at"):
        if act == TicketAct.STARTED:
            served[ticket] = served.get(ticket, timedelta()) + (over - began)
    times = sorted(served.values())
    return times[len(times) // 2] if times else USUAL_SERVING


@dataclass(frozen=True)
class Timer:
    """How long a ticket waits, or is served, and whether that is still within the limit."""

    minutes: int
    limit: int
    tone: str


def timer_of(*, ticket: Ticket, now: datetime) -> Timer:
    """Return the time that runs: of a waiting ticket its wait, of a called one its serving.

    A wait begins when the ticket was taken, with an appointment not before the reserved time.
    """
    if ticket.state == TicketState.WAITING:
        return _timer(now - max(ticket.taken_at, ticket.reserved_at or ticket.taken_at), WAIT_LIMIT)
    started = ticket.events.filter(act=TicketAct.STARTED).order_by("-pk").first()
    began = started.happened_at if started and ticket.state != TicketState.CALLED else now
    return _timer(now - began, SERVE_LIMIT)


def longest_wait(*, hall: TicketHall, day: date, now: datetime) -> Timer:
    """Return the time of whoever waits longest, nought when nobody does."""
    began = waiting_tickets(hall=hall, day=day).aggregate(
        first=Min(Greatest("taken_at", F("reserved_at")))
    )["first"]
    return _timer(now - began if began else timedelta(), WAIT_LIMIT)


def _timer(taken: timedelta, limit: timedelta) -> Timer:
    taken = max(taken, timedelta())
    tone = "late" if taken > limit else "soon" if taken > limit * 2 / 3 else "on_time"
    return Timer(int(taken.total_seconds()) // 60, int(limit.total_seconds()) // 60, tone)
