"""Feedback from the public page to the desk and back: nobody needs a name, nobody reads others'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.common import clock
from portal.reporting.feedback.models import Feedback
from tests.factories.citizens import CitizenFactory, UnitFactory, UserFactory
from tests.office.places import Place, make_place, signed_in
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db
PAGE, SENT, LOOK = "/map/feedback/", "/map/feedback/sent/", "/map/feedback/look/"
WORDS = "Quầy số 3 đóng cửa lúc 10 giờ."


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-20T09:00:00+07:00", tick=False):
        yield


@pytest.fixture
def here() -> Place:
    put_texts()
    return make_place(UnitFactory(province=True), "Xuân")


def text_of(response: Any) -> str:
    found: str = response.content.decode()
    return found


def code_in(client: Client) -> str:
    code: str = client.session["feedback_code"]["code"]
    return code


def act(row: Feedback, official: Client, **said: str) -> Any:
    address = reverse("admin:office_feedback_act", args=[row.public_id])
    row.refresh_from_db()
    return official.post(address, {"version": str(row.version), **said})


def test_from_the_page_to_the_answer_and_its_rating(client: Client, here: Place) -> None:
    response = client.post(PAGE, {"words": WORDS, "unit": ""})
    assert response["Location"] == SENT
    code = code_in(client)
    assert code in text_of(client.get(SENT))
    row = Feedback.objects.get()
    Feedback.objects.update(unit=here.unit)
    official = signed_in(here.user)

    assert WORDS in text_of(official.get(reverse("admin:office_feedback")))
    act(row, official, act="assigned", agency=here.agency.code)
    act(row, official, act="answered", words="Đã bố trí thêm người.")

    shown = text_of(client.post(LOOK, {"code": code}))
    assert "Đã bố trí thêm người." in shown
    assert 'name="rating"' in shown
    rated = text_of(client.post(LOOK, {"code": code, "rating": "dissatisfied"}))
    assert 'name="rating"' not in rated
    row.refresh_from_db()
    assert row.rating == "dissatisfied"


def test_nothing_is_shown_without_the_right_code(client: Client) -> None:
    client.post(PAGE, {"words": WORDS, "unit": ""})

    for code in ("", "7KQ2-MX4P-D9TA-HV3C", "'; --"):
        response = client.post(LOOK, {"code": code})
        assert response.status_code == 422
        assert WORDS not in text_of(response)
    assert client.get(LOOK).status_code == 200


def test_the_code_is_told_for_a_quarter_of_an_hour(client: Client) -> None:
    client.post(PAGE, {"words": WORDS, "unit": ""})

    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert client.get(SENT)["Location"] == PAGE
    assert Client().get(SENT)["Location"] == PAGE


@pytest.mark.parametrize("sent", [{}, {"words": "  "}, {"words": WORDS, "unit": "99999"}])
def test_what_says_nothing_is_not_taken(client: Client, sent: dict[str, str]) -> None:
    assert client.post(PAGE, sent).status_code == 422
    assert not Feedback.objects.exists()


def test_nobody_sends_without_end(client: Client) -> None:
    answers = [client.post(PAGE, {"words": WORDS, "unit": ""}).status_code for _ in range(11)]

    assert answers == [302] * 10 + [429]
    assert Feedback.objects.count() == 10


def test_with_an_account_ones_own_stand_there_and_no_name_at_the_desk(here: Place) -> None:
    lan = CitizenFactory(full_name="Trần Thị Kín")
    mine, other = (signed_in(UserFactory(citizen=one)) for one in (lan, CitizenFactory()))
    mine.post(PAGE, {"words": WORDS, "unit": ""})
    row = Feedback.objects.get()
    Feedback.objects.update(unit=here.unit)

    assert row.sender is not None
    assert WORDS in text_of(mine.get(PAGE))
    assert WORDS not in text_of(other.get(PAGE))
    assert WORDS not in text_of(Client().get(PAGE))
    at_desk = text_of(
        signed_in(here.user).get(reverse("admin:office_feedback_one", args=[row.public_id]))
    )
    assert WORDS in at_desk
    assert "Trần Thị Kín" not in at_desk


def test_at_a_counter_an_official_writes_it_down(here: Place) -> None:
    official = signed_in(here.user)
    address = reverse("admin:office_feedback_new")

    shown = text_of(official.post(address, {"words": WORDS, "unit": ""}))

    row = Feedback.objects.get()
    assert row.received_by == here.user
    assert row.sender is None
    assert "chỉ hiện lúc này" in shown
    assert official.post(address, {"words": " "}).status_code == 200
    assert Feedback.objects.count() == 1


def test_another_commune_sees_and_does_nothing(here: Place) -> None:
    Client().post(PAGE, {"words": WORDS, "unit": ""})
    Feedback.objects.update(unit=here.unit)
    row = Feedback.objects.get()
    there = signed_in(make_place(here.unit.parent or here.unit, "Thu").user)

    assert WORDS not in text_of(there.get(reverse("admin:office_feedback")))
    page = reverse("admin:office_feedback_one", args=[row.public_id])
    assert there.get(page).status_code == 404
    assert act(row, there, act="assigned", agency=here.agency.code).status_code == 404


def test_the_desk_asks_little_however_much_waits(here: Place) -> None:
    client, official = Client(), signed_in(here.user)
    list_page = reverse("admin:office_feedback")
    counts = []
    for many in (1, 4):
        for _ in range(many):
            client.post(PAGE, {"words": WORDS, "unit": ""})
        Feedback.objects.update(unit=here.unit)
        row = Feedback.objects.first()
        assert row is not None
        for page in (list_page, reverse("admin:office_feedback_one", args=[row.public_id])):
            official.get(page)
            with CaptureQueriesContext(connection) as asked:
                official.get(page)
            counts.append(len(asked.captured_queries))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 20
