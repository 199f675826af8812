"""Answering from a demo phone: only in a trial, by the same way as a real answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from notifications.models import DemoDelivery, InboundMessage, Reply
from portal.web.demo_phones import url_id
from tests.web.scene import PHONE, Scene

pytestmark = pytest.mark.django_db
ADDRESS = "/demo/phones/{}/answer/"


@pytest.fixture
def address(scene: Scene, settings: Settings) -> str:
    settings.SMS_URL = "demo:"
    return ADDRESS.format(url_id(PHONE))


def test_what_is_typed_comes_in_as_from_that_number(address: str, client: Client) -> None:
    answer = client.post(address, {"text": " đồng ý "})

    assert answer.status_code == 302
    row = InboundMessage.objects.get()
    assert (row.sender, row.body) == (PHONE, "đồng ý")
    assert Reply.objects.get().word == "accept"


def test_the_phone_shows_what_was_written_beside_what_came(address: str, client: Client) -> None:
    client.post(address, {"text": "răng rứa"})
    for minutes, body in ((-1, "Mã 7K3M-P9QX"), (1, "Cán bộ sẽ gọi")):
        DemoDelivery.received(reference=body, address=PHONE, body=body).save()
        at = InboundMessage.objects.get().recorded_at + timedelta(minutes=minutes)
        DemoDelivery.objects.filter(reference=body).update(recorded_at=at)

    shown = client.get(address.removesuffix("answer/"))

    said = [(line["is_own"], line["text"]) for line in shown.context["thread"]]
    assert said == [(False, "Cán bộ sẽ gọi"), (True, "răng rứa"), (False, "Mã 7K3M-P9QX")]
    assert '<span class="nowrap">7K3M-P9QX</span>' in shown.content.decode()


def test_outside_a_trial_there_is_no_such_page(
    address: str, client: Client, settings: Settings
) -> None:
    settings.SMS_URL = ""

    assert client.post(address, {"text": "1"}).status_code == 404
    assert not InboundMessage.objects.exists()


def test_nothing_typed_is_nothing_sent(address: str, client: Client) -> None:
    client.post(address, {"text": "  "})

    assert not InboundMessage.objects.exists()


def test_an_unknown_phone_answers_nothing(address: str, client: Client) -> None:
    unknown = ContactPoint.index_of(ContactChannel.SMS, "+84507654321").hex()

    assert client.post(ADDRESS.format(unknown), {"text": "1"}).status_code == 404
