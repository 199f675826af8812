"""The queue at the desk: who may call, what is shown of whom, and nothing of another unit."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, Unit
from dossiers.enums import TicketState
from dossiers.models import Appointment, CounterVisit, ServiceGroup, Ticket, TicketHall
from dossiers.services.counter_visits import end_visit
from dossiers.services.open_hall import open_hall
from dossiers.services.take_ticket import take_ticket
from portal.common import clock
from tests.dossiers.scene import FRIDAY
from tests.office.places import Place, make_place, signed_in

QUEUE, PRESS = "/admin/tickets/", "/admin/tickets/press/"
ROOM = "/admin/waiting-room/"


@pytest.fixture
def hall(here: Place) -> TicketHall:
    return open_hall(agency=here.agency)


def draw(hall: TicketHall, *, has_priority: bool = False) -> Ticket:
    """Draw a number for the first group, now."""
    group = hall.groups.get(prefix="A")
    return take_ticket(group=group, has_priority=has_priority, now=clock.now())


def test_an_official_calls_from_the_counter_and_the_person_comes(
    here: Place, hall: TicketHall
) -> None:
    desk = signed_in(here.user)
    first, second = draw(hall), draw(hall)

    desk.post(PRESS, {"do": "sit", "number": "4", "letters": ["A", "B"]})
    called = desk.post(PRESS, {"do": "next", "back": "counter"}, follow=True)

    assert called.redirect_chain[-1][0] == "/admin/counter/"
    page = called.content.decode()
    assert "A001" in page
    assert "Người dân đã đến" in page
    desk.post("/admin/counter/", {"card": here.citizen.pin})
    visit = CounterVisit.objects.get()
    first.refresh_from_db()
    assert (visit.ticket, first.state) == (first, TicketState.SERVING)
    end_visit(visit=visit, dossier=here.dossier, now=clock.now())
    seen = AccessLog.objects.count()
    assert here.dossier.code in desk.get(QUEUE).content.decode()
    assert AccessLog.objects.count() == seen + 1
    desk.post(PRESS, {"do": "next"})  # from a page that shows no number yet
    first.refresh_from_db()
    assert first.state == TicketState.SERVING
    stale = desk.post(PRESS, {"do": "next", "ticket": second.public_id}, follow=True)
    assert "không còn do quầy" in stale.content.decode()
    first.refresh_from_db()
    assert first.state == TicketState.SERVING
    desk.post(PRESS, {"do": "next", "ticket": first.public_id})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.counter) == ("done", "called", 4)
    desk.post(PRESS, {"do": "again", "ticket": second.public_id})
    desk.post(PRESS, {"do": "absent", "ticket": second.public_id})
    second.refresh_from_db()
    assert (second.state, second.behind) == ("waiting", 3)


def test_the_queue_names_nobody_and_so_is_no_look_at_anybody(here: Place, hall: TicketHall) -> None:
    draw(hall, has_priority=True)
    before = AccessLog.objects.count()

    page = signed_in(here.user).get(QUEUE).content.decode()

    assert "A001" in page
    assert "ưu tiên" in page
    assert str(here.citizen) not in page
    assert AccessLog.objects.count() == before


def test_the_wait_is_told_by_colour_and_words(here: Place, hall: TicketHall) -> None:
    with time_machine.travel(FRIDAY, tick=False) as moment:
        draw(hall)
        desk = signed_in(here.user)
        told = []
        for minutes in (3, 9, 5):
            moment.shift(timedelta(minutes=minutes))
            told.append(desk.get(QUEUE).content.decode())

    for page, tone, words in zip(
        told,
        ("on_time", "soon", "late"),
        ("đã chờ 3 phút", "đã chờ 12 phút, sắp đến 15 phút", "đã chờ 17 phút, quá 15 phút"),
        strict=True,
    ):
        assert f"clock--{tone}" in page
        assert words in page


def test_a_receptionist_draws_and_reserves(here: Place, hall: TicketHall) -> None:
    desk = signed_in(here.user)

    slip = desk.post(PRESS, {"do": "draw", "group": "B", "priority": "yes"}, follow=True)
    day = clock.today() + timedelta(days=7 - clock.today().weekday())
    told = desk.post(PRESS, {"do": "book", "group": "A", "at": f"{day}T09:00"}, follow=True)

    assert "B001" in slip.content.decode()
    booked = Appointment.objects.get()
    assert booked.code in told.content.decode()
    assert clock.civil_time(booked.starts_at).hour == 9
    wrong = desk.post(PRESS, {"do": "book", "group": "A", "at": "2026-99-99T09:00"}, follow=True)
    assert "Vui lòng cho biết ngày và giờ" in wrong.content.decode()
    unknown = desk.post(PRESS, {"do": "arrive", "code": "000000x"}, follow=True)
    assert "không có lịch hẹn" in unknown.content.decode()


def test_a_number_is_sent_on(here: Place, hall: TicketHall) -> None:
    desk, ticket = signed_in(here.user), draw(hall)
    desk.post(PRESS, {"do": "sit", "number": "1"})
    desk.post(PRESS, {"do": "next"})
    desk.post(PRESS, {"do": "come", "ticket": ticket.public_id})

    nowhere = {"do": "send_on", "ticket": ticket.public_id, "counter": "9" * 5000}
    assert desk.post(PRESS, nowhere).status_code == 302
    desk.post(PRESS, {"do": "send_on", "ticket": ticket.public_id, "group": "D"})

    ticket.refresh_from_db()
    assert (str(ticket), ticket.group.prefix, ticket.state) == ("A001", "D", "waiting")
    assert desk.post(PRESS, {"do": "nothing"}).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_who_may_call_and_who_may_see_figures(city: Unit, role: Role) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    open_hall(agency=place.agency)
    desk = signed_in(place.user)

    callers = {Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT}
    leaders = {Role.HEAD_OF_UNIT, Role.PROVINCIAL_LEADER, Role.ADMINISTRATOR}
    assert desk.get(QUEUE).status_code == (200 if role in callers else 403)
    assert desk.post(PRESS, {"do": "next"}).status_code == (302 if role in callers else 403)
    assert desk.get(ROOM).status_code == (200 if role in leaders else 403)
    assert desk.get(f"{ROOM}file/").status_code == (200 if role in leaders else 403)
    setters = 200 if role is Role.HEAD_OF_UNIT else 403
    assert desk.post(f"{ROOM}kiosk/").status_code == setters


def test_nothing_of_another_unit_is_shown_or_reached(here: Place, elsewhere: Place) -> None:
    hall, other = open_hall(agency=here.agency), open_hall(agency=elsewhere.agency)
    ServiceGroup.objects.filter(hall=other).update(name_vi=f"Nhóm {elsewhere.mark}")
    foreign = draw(other)
    draw(hall)
    desk = signed_in(here.user)
    desk.post(PRESS, {"do": "sit", "number": "1"})

    for address in (
        QUEUE,
        ROOM,
        f"{ROOM}?hall={other.public_id}",
        f"{ROOM}file/",
        "/admin/counter/",
    ):
        assert elsewhere.mark not in desk.get(address).content.decode(), address
    slip = reverse("admin:office_ticket_slip", args=[foreign.public_id])
    assert desk.get(slip).status_code == 404
    for do in ("next", "come", "done", "absent"):
        desk.post(PRESS, {"do": do, "ticket": foreign.public_id})
    foreign.refresh_from_db()
    assert foreign.state == TicketState.WAITING


def test_the_head_opens_the_room_sets_its_rule_and_gives_the_kiosk_an_address(
    here: Place, client: Client
) -> None:
    desk = signed_in(here.user)
    assert "chưa dùng số thứ tự" in desk.get(QUEUE).content.decode()

    desk.post(f"{ROOM}rule/")
    desk.post(f"{ROOM}rule/", {"in_a_row": "2", "version": "1"})
    stale = desk.post(f"{ROOM}rule/", {"in_a_row": "5", "version": "1"}, follow=True)
    page = desk.post(f"{ROOM}kiosk/").content.decode()

    assert TicketHall.objects.get().in_a_row == 2
    assert "Đồng nghiệp vừa thay đổi" in stale.content.decode()
    found = re.search(r"/kiosk/[\w-]{43}/", page)
    assert found is not None
    assert client.get(found[0]).status_code == 200
    assert found[0] not in desk.get(ROOM).content.decode()
