"""The waiting room: the tablet, the number, and the screen; nobody signs in and nobody is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from dossiers.models import Ticket
from dossiers.services.book_appointment import book_appointment
from dossiers.services.call_ticket import call_again, call_next
from dossiers.services.open_hall import renew_kiosk
from dossiers.services.serve_ticket import start_ticket
from portal.web.views import queue
from tests.dossiers.scene import FRIDAY
from tests.dossiers.ticket_scene import Hall, waiting_room


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room(db: None, moment: time_machine.Traveller) -> Hall:
    return waiting_room()


@pytest.fixture
def kiosk(room: Hall) -> str:
    return f"/kiosk/{renew_kiosk(hall=room.hall)}/"


def test_one_press_draws_a_number_with_the_wait_that_is_to_come(
    client: Client, room: Hall, kiosk: str
) -> None:
    room.draw()
    room.official(1)

    page = client.get(kiosk).content.decode()
    drawn = client.post(kiosk, {"group": "A", "priority": "yes"}, follow=True)

    assert "chờ khoảng 10 phút" in page
    assert "Hộ tịch, chứng thực" in page
    shown = drawn.content.decode()
    assert "A002" in shown
    assert "Ông/bà được ưu tiên" in shown
    assert Ticket.objects.get(number=2).has_priority


def test_the_code_of_an_appointment_is_typed_in(
    client: Client, room: Hall, kiosk: str, moment: time_machine.Traveller
) -> None:
    booked = book_appointment(
        group=room.group("B"),
        starts_at=FRIDAY + timedelta(minutes=30),
        official=room.official(1),
        now=FRIDAY,
    )

    wrong = client.post(kiosk, {"code": "x"})
    moment.shift(timedelta(minutes=20))
    right = client.post(kiosk, {"code": booked.code}, follow=True)

    assert wrong.status_code == 422
    assert "không có lịch hẹn" in wrong.content.decode()
    assert "B001" in right.content.decode()
    assert "hẹn lúc" in right.content.decode()


def test_codes_and_numbers_are_not_tried_without_end(
    client: Client, room: Hall, kiosk: str
) -> None:
    codes = [client.post(kiosk, {"code": "x"}).status_code for _ in range(queue.CODES.most + 1)]
    draws = [client.post(kiosk, {"group": "A"}).status_code for _ in range(queue.DRAWS.most + 1)]

    again = client.post(kiosk, {"code": "x"})

    assert codes == [422] * queue.CODES.most + [429]
    assert int(again["Retry-After"]) > 0
    assert "Vừa có quá nhiều lượt bấm" in again.content.decode()
    assert "Hộ tịch, chứng thực" in again.content.decode(), "the tablet goes on"
    assert draws == [302] * queue.DRAWS.most + [429]


def test_only_the_secret_address_draws(client: Client, room: Hall, kiosk: str) -> None:
    ticket = waiting_room().draw()
    before = Ticket.objects.count()

    assert client.post(f"/kiosk/{'x' * 43}/", {"group": "A"}).status_code == 404
    assert client.post(kiosk, {"group": "Z"}).status_code == 404
    assert client.get(f"{kiosk}{ticket.public_id}/").status_code == 404
    assert Ticket.objects.count() == before


def test_the_screen_calls_large_and_aloud_and_again_only_when_something_is_new(
    client: Client, room: Hall
) -> None:
    official, colleague = room.official(4), room.official(2)
    ticket, other = room.draw(), room.draw()
    screen = f"/queue/{room.hall.public_id}/"
    empty = client.get(screen).content.decode()
    call_next(official=official, now=FRIDAY)
    start_ticket(ticket=ticket, official=official, now=FRIDAY)
    call_next(official=colleague, now=FRIDAY + timedelta(seconds=1))

    shown = client.get(screen)

    page = shown.content.decode()
    assert "Hiện chưa gọi số nào" in empty
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Mời số A002 đến quầy 2." in page
    assert page.index("A002") < page.index("A001")
    assert f'<dl id="lines" class="screen__lines" hx-get="{screen}"' in page
    mark = f"{screen}?seen={shown.context['mark']}"
    assert client.get(mark).status_code == 204
    call_again(ticket=other, official=colleague, now=FRIDAY + timedelta(seconds=9))
    assert client.get(mark).status_code == 200
    assert client.get("/queue/00000000-0000-4000-8000-000000000000/").status_code == 404
