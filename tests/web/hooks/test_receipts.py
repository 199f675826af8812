"""`/receipts/<channel>/`: who may speak there, and what becomes of others' words (F17, F19)."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from notifications.enums import MessageState
from notifications.models import Message, ReceiptInbox
from notifications.rules.signatures import calling_key, path_token, signature, signed_headers
from portal.common import clock
from tests.factories.notifications import MessageFactory
from tests.shelf import put_texts

ADDRESS = "/receipts/sms/"


@pytest.fixture
def message(db: None, friday: time_machine.Traveller) -> Message:
    """A message that went out by SMS."""
    put_texts()
    made: Message = MessageFactory(state=MessageState.SENT, channel="sms", sent_at=clock.now())
    return made


def post(
    document: Any, *, address: str = ADDRESS, late: int = 0, of: str = "", **changed: str
) -> Any:
    """Call as a gateway does that signs, with the key `of` an address; `changed` is of headers."""
    body = json.dumps(document).encode()
    timestamp = int(clock.now().timestamp()) - late
    key = calling_key(settings.RECEIPT_SECRET, address=of or address)
    headers = signed_headers(body, secret=key, timestamp=timestamp)
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    # No cookie and no token: CSRF is checked, and must not be asked for.
    client = Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type="application/json", headers=headers)


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def secret(channel: str, of: str = "") -> str:
    token = path_token(settings.RECEIPT_SECRET, channel=of or channel)
    return reverse("web:receipts_secret", args=[channel, token])


def test_a_signed_receipt_counts(message: Message) -> None:
    answer = post({"reference": message.reference, "status": "delivered"})

    assert (answer.status_code, answer.json()) == (200, {"received": 1, "new": 1})
    assert state_of(message) == "delivered"


def test_many_come_in_one_call_and_a_repeat_changes_nothing(message: Message) -> None:
    other = MessageFactory(state=MessageState.SENT, channel="sms")
    batch = {
        "receipts": [
            {"reference": message.reference, "status": "delivered", "at": "2026-11-20T02:00:00Z"},
            {"reference": other.reference, "status": "failed", "error": "1050"},
        ]
    }

    first, again = post(batch), post(batch)

    assert (first.json()["new"], again.json()["new"]) == (2, 0)
    assert (state_of(message), state_of(other)) == ("delivered", "failed")


@pytest.mark.parametrize(
    ("late", "headers"),
    [
        (301, {}),
        (-301, {}),
        (0, {"X_Portal_Signature": ""}),
        (0, {"X_Portal_Signature": "0" * 64}),
        (0, {"X_Portal_Signature": "ä"}),
        (0, {"X_Portal_Timestamp": ""}),
        (0, {"X_Portal_Timestamp": "12a"}),
        (0, {"X_Portal_Timestamp": "9" * 400}),
    ],
    ids=["old", "early", "none", "guessed", "odd", "no time", "odd time", "endless time"],
)
def test_what_is_forged_or_stale_is_refused(
    message: Message, late: int, headers: dict[str, str]
) -> None:
    answer = post({"reference": message.reference, "status": "failed"}, late=late, **headers)

    assert (answer.status_code, answer.content) == (401, b"")
    assert (state_of(message), ReceiptInbox.objects.count()) == ("sent", 0)


@pytest.mark.parametrize("of", ["/receipts/app/", "/inbound/sms/"])
def test_the_key_of_another_address_is_refused(message: Message, of: str) -> None:
    answer = post({"reference": message.reference, "status": "failed"}, of=of)

    assert (answer.status_code, state_of(message)) == (401, "sent")


def test_another_body_under_a_good_signature_is_refused(message: Message) -> None:
    stamp = str(int(clock.now().timestamp()))
    key = calling_key(settings.RECEIPT_SECRET, address=ADDRESS)
    other = signature(b'{"reference": "x"}', secret=key, timestamp=stamp)

    answer = post({"reference": message.reference, "status": "failed"}, X_Portal_Signature=other)

    assert (answer.status_code, state_of(message)) == (401, "sent")


def test_a_replay_on_another_channel_is_kept_apart(message: Message) -> None:
    answer = post({"reference": message.reference, "status": "failed"}, address="/receipts/zalo/")

    assert (answer.status_code, state_of(message)) == (200, "sent")
    assert ReceiptInbox.objects.get().channel == "zalo"


def test_what_nobody_knows_is_kept_and_the_sender_learns_nothing(message: Message) -> None:
    known = post({"reference": message.reference, "status": "sent"})
    unknown = post({"reference": "f" * 32, "status": "sent"})

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert ReceiptInbox.objects.filter(reference="f" * 32).exists()


@pytest.mark.parametrize(
    ("document", "status"),
    [({}, 400), ([], 400), ("x", 400), ({"reference": "a"}, 400), ({"x": "y" * 70_000}, 413)],
)
def test_what_is_no_receipt_changes_nothing(message: Message, document: Any, status: int) -> None:
    assert post(document).status_code == status
    assert not ReceiptInbox.objects.exists()


def test_only_channels_with_a_gateway_have_an_address(client: Client, message: Message) -> None:
    assert client.get(ADDRESS).status_code == 405
    assert client.post("/receipts/inbox/").status_code == 404
    assert client.post("/receipts/fax/").status_code == 404


# ------------------------------------------------------------------- gateways that cannot sign
def test_kannel_reports_at_its_secret_address(client: Client, message: Message) -> None:
    said = {"reference": message.reference, "status": "1", "id": "0177", "at": "1700000000"}

    answer = client.get(secret("sms"), said)

    assert (answer.status_code, state_of(message)) == (200, "delivered")


@pytest.mark.parametrize("method", ["get", "post"])
def test_esms_reports_by_either_method(client: Client, message: Message, method: str) -> None:
    Message.objects.update(gateway_reference="esms-1")
    said = {"SMSID": "esms-1", "SendStatus": "5", "SendSuccess": "0", "SendFailed": "1"}

    answer = getattr(client, method)(secret("sms"), said)

    assert (answer.status_code, state_of(message)) == (200, "failed")


def test_zalo_reports_in_json(client: Client, message: Message) -> None:
    Message.objects.update(channel="zalo")
    said = {"event_name": "user_seen_message", "message": {"tracking_id": message.reference}}

    answer = client.post(secret("zalo"), json.dumps(said), content_type="application/json")

    assert (answer.status_code, state_of(message)) == (200, "delivered")
    assert message.read_at is not None


@pytest.mark.parametrize("address", ["guessed", "of another channel"])
def test_a_secret_address_is_of_one_channel(client: Client, message: Message, address: str) -> None:
    wrong = f"{ADDRESS}{'0' * 40}/" if address == "guessed" else secret("sms", of="zalo")

    answer = client.get(wrong, {"reference": message.reference, "status": "2"})

    assert (answer.status_code, state_of(message)) == (401, "sent")
    assert not ReceiptInbox.objects.exists()


def test_what_is_kept_names_no_telephone(client: Client, message: Message) -> None:
    said = {"reference": message.reference, "status": "1", "to": "+84501234567", "text": "Trần"}

    client.get(secret("sms"), said)

    kept = ReceiptInbox.objects.get()
    assert (kept.body, kept.status) == ({}, "delivered")
