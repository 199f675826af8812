"""“Call me back”: on the officials' list once a number, and nobody can have a stranger rung up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notifications.models import CallBack
from notifications.services.request_call_back import MOST_A_DAY, request_call_back
from portal.common import clock
from tests.factories.citizens import CitizenFactory, ContactPointFactory, UnitFactory
from tests.office.places import Place, make_place, signed_in
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db
PAGE = "/call-back/"
NUMBER = "+84905123456"
ASKED = {"phone": "0905 123 456", "hours": "morning", "reason": "asked_dossier", "words": "Chậm"}


@pytest.fixture
def here() -> Place:
    """A commune with an official of every role and a citizen."""
    put_texts()
    return make_place(UnitFactory(province=True), "Xuân")


def test_a_wish_lands_on_the_desk_with_its_hour(client: Client, here: Place) -> None:
    ContactPointFactory(party=here.citizen.party, value=NUMBER, verified_at=clock.now())

    response = client.post(PAGE, ASKED)

    assert response["Location"] == "/call-back/noted/"
    call = CallBack.objects.get(reason="asked_dossier")
    assert (call.party, call.unit) == (here.citizen.party, here.citizen.unit)
    html = signed_in(here.user).get(reverse("admin:office_call_back", args=[call.public_id]))
    for told in ("0905123456", "Xin gọi buổi sáng. Chậm", "Nhờ gọi lại về một hồ sơ"):
        assert told in html.content.decode()
    shown = signed_in(here.user).get(reverse("admin:office_call_backs")).content.decode()
    assert "Ghi trên Cổng, chưa xác minh" in shown
    assert "0905123456" not in shown


def test_a_question_in_the_summary_of_errors_keeps_its_own_mark(client: Client) -> None:
    page = client.post(PAGE, ASKED | {"reason": "", "phone": ""}).content.decode()

    assert "Ông/bà cần hỏi việc gì? Xin chọn" in page
    assert "Số điện thoại của ông/bà: Xin ghi" in page
    assert "?:" not in page.split("<main")[1]


def test_the_answer_does_not_tell_whether_a_number_is_known(client: Client) -> None:
    known = CitizenFactory()
    ContactPointFactory(party=known.party, value=NUMBER, verified_at=clock.now())

    first = client.post(PAGE, ASKED, follow=True)
    other = client.post(PAGE, ASKED | {"phone": "0905 999 999"}, follow=True)

    assert first.redirect_chain == other.redirect_chain
    assert first.status_code == other.status_code == 200


def test_one_wish_stands_at_a_time_and_two_a_day() -> None:
    now = clock.now()

    def ask() -> CallBack | None:
        return request_call_back(phone=NUMBER, reason="asked_other", words="", now=now)

    first = ask()
    assert ask() == first
    for _number in range(MOST_A_DAY):
        CallBack.objects.update(done_at=now)
        last = ask()
    assert last is None
    assert CallBack.objects.count() == MOST_A_DAY
    with time_machine.travel(now + timedelta(hours=25), tick=True):
        assert request_call_back(phone=NUMBER, reason="asked_other", words="", now=clock.now())


def test_number_and_words_are_sealed(client: Client) -> None:
    client.post(PAGE, ASKED)

    row = CallBack.objects.get().inbound
    assert row is not None
    assert row.sender == NUMBER
    assert b"905123456" not in bytes(row.sender_enc)
    assert "Chậm".encode() not in bytes(row.body_enc)


@pytest.mark.parametrize(
    "wrong",
    [{"phone": "12345"}, {"phone": ""}, {"hours": "night"}, {"reason": ""}, {"words": "x" * 201}],
)
def test_what_does_not_fit_is_said_and_kept(client: Client, wrong: dict[str, str]) -> None:
    response = client.post(PAGE, ASKED | wrong)

    assert response.status_code == 422
    assert not CallBack.objects.exists()


def test_one_address_may_not_ask_for_many(client: Client) -> None:
    for number in range(5):
        client.post(PAGE, ASKED | {"phone": f"090512345{number}"})

    response = client.post(PAGE, ASKED | {"phone": "0905123459"})

    assert response.status_code == 429
    assert CallBack.objects.count() == 5
