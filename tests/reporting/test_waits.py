"""Waiting and serving, measured from the events of the tickets; what ended in the same session."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dossiers.enums import FormKind
from dossiers.models import CounterVisit, Dossier, IssuedForm, Ticket
from dossiers.services.book_appointment import book_appointment
from dossiers.services.call_ticket import call_again, call_next, note_absent
from dossiers.services.counter_visits import end_visit, open_visit
from dossiers.services.serve_ticket import finish_ticket, start_ticket, transfer_ticket
from dossiers.services.take_ticket import confirm_arrival
from portal.common import clock
from portal.reporting.selectors.waits import SameSession, Waits, limits_kept, same_session, waits
from tests.dossiers.scene import FRIDAY
from tests.dossiers.ticket_scene import Hall, at_minute, waiting_room
from tests.factories.citizens import CitizenFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.papers import a_document

DAY, DAY_LONG = clock.civil_date(FRIDAY), timedelta(days=1)


@pytest.fixture
def room(db: None) -> Hall:
    return waiting_room()


def serve(room: Hall, ticket: Ticket, called: float, ended: float, counter: int = 1) -> None:
    """Call the ticket, begin at once, finish."""
    official = room.official(counter)
    assert call_next(official=official, now=at_minute(called)) == ticket
    start_ticket(ticket=ticket, official=official, now=at_minute(called))
    finish_ticket(ticket=ticket, official=official, now=at_minute(ended))


def all_of(room: Hall) -> Waits:
    """Return the figures of the hall's Friday."""
    return waits(halls=[room.hall.pk], first=DAY, last=DAY)[0]


def test_median_p90_and_share_by_group_and_hour(room: Hall) -> None:
    for number, (waited, served) in enumerate([(5, 10), (10, 20), (15, 30), (20, 40)], start=1):
        begun = number * 100
        letter = "A" if number < 4 else "B"
        serve(room, room.draw(begun, letter), begun + waited, begun + waited + served, number)
    elsewhere = waiting_room()
    serve(elsewhere, elsewhere.draw(0), 50, 55)

    rows = waits(halls=[room.hall.pk], first=DAY, last=DAY)

    month = DAY.replace(day=1)
    assert limits_kept(first=DAY, last=DAY) == [(month, 3, 5, 4, 5)]  # of both halls
    total, *others = rows
    assert (total.drawn, total.absent) == (4, 0)
    assert (total.waited.median, total.waited.p90) == (12.5 * 60, 18.5 * 60)
    assert (total.served.median, total.served.p90) == (25 * 60, 37 * 60)
    assert (total.waited.share, total.served.share) == (75.0, 75.0)
    groups = {one.group: one.waited.count for one in others if one.group}
    assert groups == {room.group("A").pk: 3, room.group("B").pk: 1}
    hours = [one.hour for one in others if one.hour is not None]
    first = clock.civil_time(at_minute(100)).hour
    assert hours == sorted(hours)
    assert hours[0] == first
    (tomorrow,) = waits(halls=[room.hall.pk], first=DAY + DAY_LONG, last=DAY + DAY_LONG)
    assert tomorrow.drawn == 0


def test_a_missed_call_ends_the_wait_and_a_sending_on_begins_another(room: Hall) -> None:
    one, two = room.official(1), room.official(2, letters="B")
    mine = room.draw(0)
    call_next(official=one, now=at_minute(4))
    call_again(ticket=mine, official=one, now=at_minute(5))
    note_absent(ticket=mine, official=one, now=at_minute(6))
    call_next(official=one, now=at_minute(30))
    start_ticket(ticket=mine, official=one, now=at_minute(31))
    transfer_ticket(ticket=mine, official=one, group=room.group("B"), now=at_minute(36))
    call_next(official=two, now=at_minute(39))
    start_ticket(ticket=mine, official=two, now=at_minute(40))
    finish_ticket(ticket=mine, official=two, now=at_minute(47))

    total = all_of(room)

    assert total.waited.median == (4 + 3) * 60
    assert total.served.median == (5 + 7) * 60


def test_an_appointment_waits_from_its_time_and_never_less_than_nothing(room: Hall) -> None:
    official = room.official(1)
    for minute, called in ((30, 34), (60, 50)):
        booked = book_appointment(
            group=room.group(), starts_at=at_minute(minute), official=official, now=FRIDAY
        )
        ticket = confirm_arrival(hall=room.hall, code=booked.code, now=at_minute(minute - 20))
        call_next(official=official, now=at_minute(called))
        start_ticket(ticket=ticket, official=official, now=at_minute(called))
        finish_ticket(ticket=ticket, official=official, now=at_minute(called + 5))

    total = all_of(room)

    assert (total.waited.median, total.waited.within) == (2 * 60, 2)


def test_who_did_not_come_and_who_waits_are_drawn_only(room: Hall) -> None:
    official = room.official(1)
    gone, _still = room.draw(0), room.draw(1)
    for minute in (2, 3):
        Ticket.objects.filter(pk=gone.pk).update(behind=0)
        call_next(official=official, now=at_minute(minute))
        note_absent(ticket=gone, official=official, now=at_minute(minute))

    total = all_of(room)

    assert (total.drawn, total.absent, total.waited.count, total.served.count) == (2, 1, 1, 0)


@pytest.mark.parametrize(("minute", "finished"), [(19, 1), (21, 0), (None, 0)])
def test_what_ended_in_the_same_session(room: Hall, minute: int | None, finished: int) -> None:
    official, ticket = room.official(1), room.draw(0)
    call_next(official=official, now=at_minute(5))
    ticket.refresh_from_db()
    visit = open_visit(
        official=official, applicant=CitizenFactory(), ticket=ticket, now=at_minute(6)
    )
    dossier: Dossier = DossierFactory()
    if minute is not None:
        issued(dossier, minute)
    end_visit(visit=visit, dossier=dossier, now=at_minute(10))
    assert all_of(room).served.count == 0
    assert same_session(halls=[room.hall.pk], first=DAY, last=DAY) == SameSession(0, 0)

    finish_ticket(ticket=ticket, official=official, now=at_minute(20))

    assert CounterVisit.objects.get().ticket == ticket
    found = same_session(halls=[room.hall.pk], first=DAY, last=DAY)
    assert (found.filed, found.finished, found.share) == (1, finished, 100.0 * finished)
    assert same_session(halls=[], first=DAY, last=DAY).share is None


def issued(dossier: Dossier, minute: int) -> None:
    """Let the signed result of a dossier be there at a minute."""
    IssuedForm.objects.create(
        dossier=dossier,
        kind=FormKind.RESULT,
        form_version="x",
        document=a_document(),
        verify_code="ABCDE",
        issued_at=at_minute(minute),
    )
