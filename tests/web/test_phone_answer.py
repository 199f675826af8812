"""Answering from a demo phone: only in a trial, by the same way as a real answer."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from notifications.models import InboundMessage, Reply
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


def test_the_phone_shows_what_was_sent_from_it(address: str, client: Client) -> None:
    client.post(address, {"text": "răng rứa"})

    assert "răng rứa" in client.get(address.removesuffix("answer/")).content.decode()


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
