"""`/inbound/zalo/`, `/inbound/messenger/`: signed, simulated, and never in production."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from dossiers.models import ChatAccount
from notifications.models import InboundMessage
from notifications.rules.signatures import calling_key, path_token, signed_headers
from portal.common import clock
from tests.web.scene import Scene

pytestmark = pytest.mark.django_db
PAYLOAD = {
    "event_name": "user_send_text",
    "sender": {"id": "u1"},
    "message": {"msg_id": "m1", "text": "xin chào"},
}


def post(address: str, *, secret: str = "") -> Any:
    body = json.dumps(PAYLOAD).encode()
    timestamp = int(clock.now().timestamp())
    key = secret or calling_key(configured.RECEIPT_SECRET, address=address)
    headers = signed_headers(body, secret=key, timestamp=timestamp)
    client = Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type="application/json", headers=headers)


def secret_address(platform: str, *, of: str = "") -> str:
    token = path_token(configured.RECEIPT_SECRET, channel=of or platform)
    return reverse("web:inbound_chat_secret", args=[platform, token])


def test_a_signed_call_is_answered_as_simulated() -> None:
    answer = post("/inbound/zalo/")

    assert answer.json()["note"] == "MÔ PHỎNG"
    assert answer.json()["answers"][0]["recipient"] == {"user_id": "u1"}
    assert InboundMessage.objects.get().body == "xin chào"


def test_a_secret_address_is_its_platform_s_alone(client: Client) -> None:
    body = json.dumps(PAYLOAD)
    for address, status in (
        (secret_address("zalo"), 200),
        (secret_address("zalo", of="messenger"), 401),
    ):
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code == status


def test_a_forged_call_is_refused() -> None:
    assert post("/inbound/zalo/", secret="guessed" * 6).status_code == 401
    assert not InboundMessage.objects.exists()


def test_what_is_no_payload_is_refused() -> None:
    assert post("/inbound/messenger/").status_code == 400


def test_production_has_no_simulated_chat(settings: Settings) -> None:
    settings.PORTAL_MODE = "production"

    assert post("/inbound/zalo/").status_code == 404
    assert Client().get("/demo/chat/").status_code == 404


def test_a_code_of_the_page_of_choices_links_the_chat_of_the_trial(scene: Scene) -> None:
    shown = scene.client.post("/my/choices/chat/")
    code = shown.context["code"]

    scene.client.post("/demo/chat/", {"text": code})

    account = ChatAccount.objects.get()
    assert account.citizen == scene.lan
    page = scene.client.get("/my/choices/").content.decode()
    assert str(account.public_id) in page
    scene.client.post(f"/my/choices/chat/{account.public_id}/off/")
    assert not ChatAccount.objects.exists()


def test_the_chat_of_the_trial_shows_both_sides(client: Client) -> None:
    client.post("/demo/chat/", {"text": "xin chào"})

    shown = client.get("/demo/chat/")
    assert [line["is_own"] for line in shown.context["lines"]] == [True, False]
