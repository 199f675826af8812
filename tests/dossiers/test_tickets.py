"""A queue ticket from the kiosk to the counter: numbers, calls, who is next, who may press."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connections, transaction

from citizens.models import Holiday
from dossiers.enums import TicketAct, TicketState
from dossiers.models import Appointment, Ticket, TicketEvent, TicketHall
from dossiers.selectors.tickets import (
    calls_shown,
    hall_of_kiosk,
    lines_of,
    longest_wait,
    minutes_ahead,
    timer_of,
    usual_serving,
)
from dossiers.services.book_appointment import book_appointment
from dossiers.services.call_ticket import call_again, call_next, note_absent, sit_down, stand_up
from dossiers.services.open_hall import open_hall, renew_kiosk, set_rule
from dossiers.services.serve_ticket import finish_ticket, start_ticket, transfer_ticket
from dossiers.services.take_ticket import confirm_arrival, take_ticket
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from tests.dossiers.scene import FRIDAY
from tests.dossiers.test_concurrency import at_once
from tests.dossiers.ticket_scene import Hall, at_minute, waiting_room
from tests.factories.citizens import OfficialFactory

DAY = clock.civil_date(FRIDAY)


@pytest.fixture
def room(db: None) -> Hall:
    return waiting_room()


def test_numbers_have_no_gap_and_begin_anew_each_day(room: Hall) -> None:
    drawn = [room.draw(letter=letter) for letter in "ABA"]
    with transaction.atomic():
        room.draw()
        transaction.set_rollback(True)
    drawn.append(room.draw(letter="C"))
    tomorrow = take_ticket(group=room.group(), has_priority=False, now=FRIDAY + timedelta(days=1))
    elsewhere = waiting_room().draw()

    assert [str(one) for one in drawn] == ["A001", "B002", "A003", "C004"]
    assert str(tomorrow) == str(elsewhere) == "A001"


def test_a_day_at_the_counter(room: Hall) -> None:
    first, second = room.draw(0), room.draw(1)
    official = room.official(4)

    called = call_next(official=official, now=at_minute(10))
    assert called == first
    with pytest.raises(RefusedError):
        call_next(official=official, now=at_minute(11))
    call_again(ticket=first, official=official, now=at_minute(11))
    start_ticket(ticket=first, official=official, now=at_minute(12))
    assert call_next(official=official, now=at_minute(20)) == second

    first.refresh_from_db()
    assert (first.state, first.counter) == (TicketState.DONE, 4)
    acts = [event.act for event in first.events.all()]
    assert acts == ["taken", "called", "recalled", "started", "finished"]
    (shown,) = calls_shown(hall=room.hall, day=DAY)
    assert (shown.ticket, shown.counter, shown.is_new, shown.times) == ("A002", 4, True, 1)


def test_who_misses_the_call_comes_back_once_behind_three(room: Hall) -> None:
    mine, *others = [room.draw(minute) for minute in range(6)]
    official = room.official(1)
    order = []

    for minute in range(10, 17):
        ticket = call_next(official=official, now=at_minute(minute))
        if ticket is None:
            break
        order.append(ticket)
        if ticket == mine:
            note_absent(ticket=ticket, official=official, now=at_minute(minute))
        else:
            start_ticket(ticket=ticket, official=official, now=at_minute(minute))

    mine.refresh_from_db()
    assert order == [mine, *others[:3], mine, *others[3:]]
    assert mine.state == TicketState.ABSENT
    assert [one.act for one in mine.events.all()][-3:] == ["missed", "called", "ended"]


def test_priority_is_interleaved_by_the_halls_rule(room: Hall) -> None:
    set_rule(hall=room.hall, in_a_row=1, version=1)
    ordinary = [room.draw(0), room.draw(1)]
    preferred = [room.draw(2, has_priority=True), room.draw(3, has_priority=True)]
    official = room.official(1)
    order = []

    for minute in range(4):
        ticket = call_next(official=official, now=at_minute(10 + minute))
        assert ticket is not None
        order.append(start_ticket(ticket=ticket, official=official, now=at_minute(10 + minute)))

    assert order == [preferred[0], ordinary[0], preferred[1], ordinary[1]]


def test_an_official_serves_the_letters_of_their_counter(room: Hall) -> None:
    room.draw(0, "A")
    land = room.draw(1, "B")
    official = room.official(2, letters="B")

    assert call_next(official=official, now=at_minute(5)) == land
    start_ticket(ticket=land, official=official, now=at_minute(5))
    assert call_next(official=official, now=at_minute(6)) is None


def test_sent_on_to_another_counter_the_place_is_kept(room: Hall) -> None:
    mine, other = room.draw(0), room.draw(1, "B")
    one, two, three = room.official(1), room.official(2, letters="B"), room.official(3)
    call_next(official=one, now=at_minute(5))
    start_ticket(ticket=mine, official=one, now=at_minute(5))

    transfer_ticket(ticket=mine, official=one, counter=2, now=at_minute(8))

    assert call_next(official=three, now=at_minute(9)) == other
    assert call_next(official=two, now=at_minute(9)) == mine
    with pytest.raises(RefusedError):
        finish_ticket(ticket=mine, official=one, now=at_minute(10))
    with pytest.raises(RefusedError):
        transfer_ticket(ticket=mine, official=two, counter=9, now=at_minute(10))
    with pytest.raises(RefusedError):
        transfer_ticket(ticket=mine, official=two, counter=2, now=at_minute(10))
    with pytest.raises(RefusedError):
        transfer_ticket(ticket=mine, official=two, group=waiting_room().group(), now=at_minute(10))


def test_who_waited_for_a_counter_that_is_left_is_called_elsewhere(room: Hall) -> None:
    mine = room.draw(0)
    one, two = room.official(1), room.official(2)
    call_next(official=one, now=at_minute(1))
    transfer_ticket(ticket=mine, official=one, counter=2, now=at_minute(2))

    stand_up(official=two, now=at_minute(3))

    assert call_next(official=one, now=at_minute(4)) == mine


def test_a_counter_is_one_officials(room: Hall) -> None:
    official = room.official(1)
    colleague = OfficialFactory(agency=room.hall.agency)
    stranger = OfficialFactory()

    for who, number, letters in (
        (colleague, 1, ""),
        (colleague, 0, ""),
        (colleague, 2, "Z"),
        (stranger, 2, ""),
    ):
        with pytest.raises(RefusedError):
            sit_down(official=who, hall=room.hall, number=number, letters=letters, now=FRIDAY)
    with pytest.raises(RefusedError):
        call_next(official=colleague, now=FRIDAY)
    room.draw()
    call_next(official=official, now=at_minute(1))
    with pytest.raises(RefusedError):
        stand_up(official=official, now=at_minute(1))


def test_an_appointment_has_its_time_and_a_late_one_waits_like_others(room: Hall) -> None:
    official = room.official(1)
    booked = [
        book_appointment(
            group=room.group(), starts_at=at_minute(minute), official=official, now=FRIDAY
        )
        for minute in (30, 31)
    ]
    others = [room.draw(0), room.draw(1)]

    mine = confirm_arrival(hall=room.hall, code=f" {booked[0].code} ", now=at_minute(10))
    again = confirm_arrival(hall=room.hall, code=booked[0].code, now=at_minute(11))
    late = confirm_arrival(hall=room.hall, code=booked[1].code, now=at_minute(47))

    assert mine == again
    assert (mine.reserved_at, late.reserved_at) == (booked[0].starts_at, None)
    first = call_next(official=official, now=at_minute(29))
    assert first == others[0]
    start_ticket(ticket=first, official=official, now=at_minute(29))
    assert call_next(official=official, now=at_minute(30)) == mine
    with pytest.raises(RefusedError):
        confirm_arrival(hall=waiting_room().hall, code=booked[0].code, now=at_minute(10))


def test_a_time_is_kept_once_and_only_while_the_counter_is_open(room: Hall) -> None:
    official = room.official(1)
    Holiday.objects.create(day=DAY + timedelta(days=3), name_vi="Nghỉ")
    times = [at_minute(-1), at_minute(60), FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=99)]
    book_appointment(group=room.group(), starts_at=at_minute(60), official=official, now=FRIDAY)

    for starts_at in times:
        with pytest.raises(RefusedError):
            book_appointment(group=room.group(), starts_at=starts_at, official=official, now=FRIDAY)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("02:00", False),
        ("07:29", False),
        ("07:30", True),
        ("11:29", True),
        ("11:30", False),
        ("13:29", False),
        ("13:30", True),
        ("16:59", True),
        ("17:00", False),
    ],
)
def test_a_time_is_within_the_hours_of_the_counters(at: str, is_open: bool, room: Hall) -> None:
    hour, minute = at.split(":")
    starts_at = (FRIDAY + timedelta(days=3)).replace(hour=int(hour), minute=int(minute))

    with nullcontext() if is_open else pytest.raises(RefusedError):
        book_appointment(
            group=room.group(), starts_at=starts_at, official=room.official(1), now=FRIDAY
        )

    assert Appointment.objects.filter(starts_at=starts_at).exists() is is_open


def test_waits_between_counters_are_no_serving(room: Hall) -> None:
    one, two = room.official(1), room.official(2)
    ticket = room.draw()
    call_next(official=one, now=at_minute(0))
    start_ticket(ticket=ticket, official=one, now=at_minute(0))
    transfer_ticket(ticket=ticket, official=one, counter=2, now=at_minute(4))
    call_next(official=two, now=at_minute(50))
    start_ticket(ticket=ticket, official=two, now=at_minute(51))
    finish_ticket(ticket=ticket, official=two, now=at_minute(54))

    assert usual_serving(hall=room.hall, day=DAY) == timedelta(minutes=7)


def test_times_are_told_with_their_limit(room: Hall) -> None:
    mine, other = room.draw(0), room.draw(1)
    official = room.official(1)

    assert minutes_ahead(ticket=mine) == 0
    assert minutes_ahead(ticket=other) == 10
    line = lines_of(hall=room.hall, day=DAY)[0]
    assert (line.count, line.minutes) == (2, 20)
    assert lines_of(hall=room.hall, day=DAY)[1].minutes == 20
    room.official(2, letters="B")
    assert [one.minutes for one in lines_of(hall=room.hall, day=DAY)] == [20, 10, 20, 20, 20]
    tones = [
        (timer_of(ticket=mine, now=at_minute(minute)).minutes, tone)
        for minute, tone in ((5, "on_time"), (11, "soon"), (16, "late"))
        if timer_of(ticket=mine, now=at_minute(minute)).tone == tone
    ]
    assert tones == [(5, "on_time"), (11, "soon"), (16, "late")]
    assert longest_wait(hall=room.hall, day=DAY, now=at_minute(16)).minutes == 16
    call_next(official=official, now=at_minute(20))
    start_ticket(ticket=mine, official=official, now=at_minute(20))
    mine.refresh_from_db()
    served = timer_of(ticket=mine, now=at_minute(51))
    assert (served.minutes, served.limit, served.tone) == (31, 30, "late")
    finish_ticket(ticket=mine, official=official, now=at_minute(60))
    assert minutes_ahead(ticket=other) == 0
    assert lines_of(hall=room.hall, day=DAY)[0].minutes == 40


def test_the_rule_is_changed_by_one_at_a_time(room: Hall) -> None:
    set_rule(hall=room.hall, in_a_row=5, version=1)

    with pytest.raises(StaleVersionError):
        set_rule(hall=room.hall, in_a_row=2, version=1)
    with pytest.raises(RefusedError):
        set_rule(hall=room.hall, in_a_row=10, version=2)
    assert open_hall(agency=room.hall.agency).in_a_row == 5


def test_a_new_address_of_the_kiosk_ends_the_old_one(room: Hall) -> None:
    old = renew_kiosk(hall=room.hall)
    new = renew_kiosk(hall=room.hall)

    assert hall_of_kiosk(token=old) is None
    assert hall_of_kiosk(token=new) == room.hall


def test_what_happened_to_a_ticket_is_never_changed(room: Hall) -> None:
    room.draw()

    with pytest.raises(ProgrammingError), transaction.atomic():
        TicketEvent.objects.update(happened_at=FRIDAY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault
def test_two_officers_at_once_never_get_the_same_ticket() -> None:
    room = waiting_room()
    officials = [room.official(number) for number in (1, 2, 3, 4)]
    for _round in range(5):
        at_once(*[lambda: room.draw() for _ in range(4)])

        found = at_once(
            *[lambda who=who: call_next(official=who, now=at_minute(1)) for who in officials]
        )

        called = Ticket.objects.filter(state=TicketState.CALLED)
        assert Counter(found) == Counter(called), found
        assert len(set(found)) == len(officials)
        for who in officials:
            ticket = called.get(official=who)
            start_ticket(ticket=ticket, official=who, now=at_minute(2))
            finish_ticket(ticket=ticket, official=who, now=at_minute(3))
    numbers = Ticket.objects.values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, 21))
    assert TicketEvent.objects.filter(act=TicketAct.CALLED).count() == 20
    assert TicketHall.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault
def test_nobody_is_sent_to_a_counter_that_is_left_at_this_moment() -> None:
    room = waiting_room()
    official, colleague = room.official(1), room.official(2)
    ticket = room.draw()
    call_next(official=official, now=at_minute(1))

    def leave() -> None:
        stand_up(official=colleague, now=at_minute(2))
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            transfer_ticket(ticket=ticket, official=official, counter=2, now=at_minute(2))
            leaving = pool.submit(leave)
            assert not wait([leaving], timeout=1).done, "the hall is held until the number is sent"
        leaving.result(timeout=30)

    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING
    assert ticket.for_counter is None, "any other counter may call it"
