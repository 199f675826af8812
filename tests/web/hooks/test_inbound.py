"""`/inbound/sms/`: who may speak there, and that a message is heard once (F18, F19, F46)."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from notifications.models import InboundMessage, Reply
from notifications.rules.signatures import calling_key, path_token, signed_headers
from portal.common import clock

ADDRESS = "/inbound/sms/"
NUMBER = "0905 000 111"
SMS = {"from": NUMBER, "to": "8044", "text": "Đồng ý", "id": "abc-1"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday(friday: time_machine.Traveller) -> None:
    """The clock stands on Friday."""


def post(document: Any, *, late: int = 0, secret: str = "", address: str = ADDRESS) -> Any:
    body = json.dumps(document).encode()
    timestamp = int(clock.now().timestamp()) - late
    key = secret or calling_key(settings.RECEIPT_SECRET, address=address)
    headers = signed_headers(body, secret=key, timestamp=timestamp)
    client = Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type="application/json", headers=headers)


def secret_address(channel: str = "sms") -> str:
    token = path_token(settings.RECEIPT_SECRET, channel=channel)
    return reverse("web:inbound_sms_secret", args=[token])


def test_a_signed_message_is_kept_sealed_and_left_in_the_mailbox() -> None:
    answer = post(SMS)

    assert (answer.status_code, answer.content) == (200, b"")
    row = InboundMessage.objects.get()
    assert (row.sender, row.body, row.key) == ("+84905000111", "Đồng ý", "abc-1")
    assert Reply.objects.get().word == "accept"


@pytest.mark.parametrize("encoding", ["query", "form", "json"])
def test_a_gateway_that_cannot_sign_knows_its_address(client: Client, encoding: str) -> None:
    address = secret_address()
    if encoding == "query":
        answer = client.get(address, SMS)
    elif encoding == "form":
        answer = client.post(address, SMS)
    else:
        answer = client.post(address, json.dumps(SMS), content_type="application/json")

    assert (answer.status_code, answer.content) == (200, b"")
    assert InboundMessage.objects.get().body == "Đồng ý"


@pytest.mark.parametrize(
    "send",
    [
        lambda: post(SMS, secret="guessed" * 6),
        lambda: post(SMS, late=301),
        lambda: post(SMS, late=-301),
        lambda: Client().post(ADDRESS, SMS),
        lambda: Client().get(secret_address("zalo"), SMS),
        lambda: Client().get(reverse("web:inbound_sms_secret", args=["0" * 40]), SMS),
    ],
    ids=["forged", "old", "of tomorrow", "unsigned", "another channel's", "guessed"],
)
def test_nobody_else_is_heard(send: Any) -> None:
    assert send().status_code == 401
    assert not InboundMessage.objects.exists()


def test_a_replayed_call_changes_nothing() -> None:
    post(SMS)
    post(SMS)

    assert (InboundMessage.objects.count(), Reply.objects.count()) == (1, 1)


def test_without_a_number_of_the_gateway_the_time_tells_messages_apart() -> None:
    for minute in ("09:00", "09:00", "09:05"):
        post({"from": NUMBER, "text": "1", "time": f"2026-11-20 {minute}"})

    assert InboundMessage.objects.count() == 2


@pytest.mark.parametrize("document", [{}, {"from": "abc"}, [], "x", {"from": ["1"], "text": 5}])
def test_what_is_no_message_is_refused(document: Any) -> None:
    assert post(document).status_code == 400
    assert not InboundMessage.objects.exists()


def test_no_log_holds_number_or_words(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    caplog.set_level(logging.DEBUG)

    client.get(secret_address(), SMS | {"text": "tôi ở 12 Trần Phú"})

    assert "Trần Phú" not in caplog.text
    assert "0905" not in caplog.text
    assert "+84905000111" not in caplog.text


def test_the_same_word_of_a_later_day_is_another_message(friday: time_machine.Traveller) -> None:
    bare = {"from": NUMBER, "text": "0"}

    post(bare)
    post(bare)
    assert InboundMessage.objects.count() == 1
    friday.shift(timedelta(days=7))
    post(bare)
    assert InboundMessage.objects.count() == 2


def test_a_number_that_no_database_holds_is_no_failure() -> None:
    assert post(SMS | {"id": "a\x00b"}).status_code == 200
    assert InboundMessage.objects.get().key == "ab"
