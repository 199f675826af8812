"""What an answer by SMS stopped is shown to its owner, who lets it come again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from citizens.models import ContactPoint
from notifications.enums import Channel, Priority
from notifications.models import Message, Preference
from notifications.services import opt_out, record_inbound
from portal.common import clock
from portal.common.crypto import unseal_json
from tests.notifications.gateways import ScriptedGateway, drain
from tests.web.scene import PHONE, Scene, stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def zero(scene: Scene) -> ContactPoint:
    """The number from which somebody answered `0`."""
    record_inbound(channel=Channel.SMS, key="k", sender=PHONE, body="0", now=clock.now())
    return ContactPoint.objects.get(party=scene.lan.party)


def test_the_page_names_the_number_and_the_way_back(scene: Scene, zero: ContactPoint) -> None:
    shown = scene.client.get("/my/choices/").content.decode()

    assert "050•••0001" in shown
    assert "+84" not in shown


def ask(scene: Scene, zero: ContactPoint) -> str:
    """Ask for a code and return where it is typed."""
    answer = scene.client.post("/my/choices/resume/", {"number": str(zero.public_id)})
    return str(answer["Location"])


def newest_code() -> str:
    """Return the code as it stands sealed in the newest message."""
    message = Message.objects.filter(topic="number_code").latest("pk")
    assert message.secret_params_enc is not None
    opened = unseal_json(
        message.secret_params_enc,
        table="notifications_message",
        column="secret_params_enc",
        identity=message.public_id.bytes,
    )
    return str(opened["secret"])


def is_used(point: ContactPoint) -> bool:
    point.refresh_from_db()
    return point.verified_at is not None and point.refused_at is None


def test_whoever_holds_the_number_reads_a_code_and_uses_it_again(
    scene: Scene, zero: ContactPoint
) -> None:
    page = ask(scene, zero)

    message = Message.objects.get(topic="number_code")
    assert (message.contact_point, message.priority) == (zero, Priority.CODE)
    assert not is_used(zero), "the signed-in person's word is not enough"
    assert "050•••0001" in scene.client.get(page).content.decode()
    assert scene.client.post(page, {"code": f" {newest_code()} "}).status_code == 302
    assert is_used(zero)


def test_a_code_is_sent_and_wiped(scene: Scene, zero: ContactPoint) -> None:
    ask(scene, zero)
    code = newest_code()
    phone = ScriptedGateway(lambda _reference: None)

    drain(phone)

    ((address, body, _reference),) = [sent for sent in phone.sent if code in sent[1]]
    assert address == PHONE
    assert len(body) <= 160
    assert Message.objects.get(topic="number_code").secret_params_enc is None


def test_a_wrong_code_uses_nothing_and_five_end_it(scene: Scene, zero: ContactPoint) -> None:
    page = ask(scene, zero)
    code = newest_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    answers = [scene.client.post(page, {"code": wrong}).status_code for _try in range(5)]

    assert answers == [422] * 5
    assert scene.client.post(page, {"code": code}).status_code == 422
    assert not is_used(zero)


def test_an_old_code_and_one_before_the_newest_use_nothing(
    scene: Scene, zero: ContactPoint
) -> None:
    page = ask(scene, zero)
    first = newest_code()
    ask(scene, zero)
    second = newest_code()
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert scene.client.post(page, {"code": second}).status_code == 422

    assert first == second or scene.client.post(page, {"code": first}).status_code == 422
    assert not is_used(zero)


def test_a_number_gets_three_codes_a_day_whoever_asks(scene: Scene, zero: ContactPoint) -> None:
    for _time in range(3):
        ask(scene, zero)

    assert ask(scene, zero) == "/my/choices/"
    assert Message.objects.filter(topic="number_code").count() == 3


def test_nobody_else_opens_the_page(scene: Scene, zero: ContactPoint) -> None:
    page = ask(scene, zero)
    _citizen, client = stranger()

    assert client.get(page).status_code == 404
    assert client.post(page, {"code": newest_code()}).status_code == 404
    assert not is_used(zero)


def test_nobody_else_does(scene: Scene, zero: ContactPoint) -> None:
    _citizen, client = stranger()

    client.post("/my/choices/resume/", {"number": str(zero.public_id)})

    zero.refresh_from_db()
    assert zero.verified_at is None


def test_a_number_that_was_never_verified_is_not_taken_into_use(scene: Scene) -> None:
    ContactPoint.objects.update(verified_at=None)
    point = ContactPoint.objects.get(party=scene.lan.party)

    scene.client.post("/my/choices/resume/", {"number": str(point.public_id)})

    point.refresh_from_db()
    assert point.verified_at is None


def test_a_service_stopped_by_an_answer_comes_again(scene: Scene) -> None:
    opt_out(party=scene.lan.party, topic="credential_expiring")

    page = scene.client.get("/my/choices/")
    asked = page.context["offers"]
    answers = dict.fromkeys(asked.fields, "yes")
    scene.client.post("/my/choices/offers/", answers)

    assert asked["credential_expiring"].initial == "no"
    assert not Preference.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"number": "x"}])
def test_nonsense_does_nothing(scene: Scene, posted: dict[str, str]) -> None:
    assert scene.client.post("/my/choices/resume/", posted).status_code == 404


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert client.post("/my/choices/resume/")["Location"].startswith("/accounts/login/")
