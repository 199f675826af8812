"""One reminder on its whole way: by app, unread, by SMS, delivered, read, and seen by officials."""

from __future__ import annotations

import html
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import ContactChannel, Role
from citizens.models import User
from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.rules.signatures import calling_key, signed_headers
from notifications.rules.sms import is_gsm7
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from tests.factories.citizens import ContactPointFactory, GrantFactory
from tests.journeys.conftest import PHONE, World, deliver
from tests.peers.app import AppPeer
from tests.peers.kannel import KannelPeer

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=CIVIL_ZONE)
APP_ADDRESS = "app-0001"


@pytest.fixture
def morning() -> Any:
    """A Monday; the world of the journey is built on it."""
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


def test_a_reminder_by_app_then_by_sms(
    morning: time_machine.Traveller, world: World, settings: Settings
) -> None:
    # Given somebody who has the app and a telephone
    ContactPointFactory(
        party=world.lan.party,
        channel=ContactChannel.APP,
        value=APP_ADDRESS,
        verified_at=clock.now(),
    )
    with AppPeer() as app, KannelPeer() as kannel:
        settings.APP_URL, settings.SMS_URL = app.url(), kannel.url()

        # When the night's scan has run
        world.scan()

        # Then she hears by the app alone
        first = Message.objects.get(recipient=world.lan.party, channel=Channel.APP)
        [notice] = [told for told in app.requests if told["to"] == APP_ADDRESS]
        assert notice["reference"] == first.reference
        assert not kannel.requests

        # When the app reports that it arrived, and nobody reads it for three days
        assert _report(Channel.APP, first, "delivered") == 200
        assert _state(first) == MessageState.DELIVERED
        morning.shift(timedelta(days=3, hours=1))
        deliver()

        # Then the same goes by SMS, once, in letters that every telephone has
        [sms] = kannel.requests
        assert sms["to"] == PHONE
        assert is_gsm7(sms["text"])
        second = Message.objects.get(follows=first)
        assert sms["binfo"] == second.reference != first.reference

        # And Kannel's reports close it, in whichever order they come
        for status in ("1", "8"):
            address = sms["dlr-url"].replace("%d", status).replace("%I", status)
            assert Client().get(address.removeprefix(project.PUBLIC_URL)).status_code == 200
        assert _state(second) == MessageState.DELIVERED

        # When she opens her inbox
        citizen = _signed_in(world.user)
        inbox = _page(citizen, reverse("web:inbox"))

        # Then there is one letter, not one a channel; opening it ends the matter
        letters = {str(row.public_id) for row in Message.objects.filter(recipient=world.lan.party)}
        assert [one for one in letters if one in inbox] == [str(first.public_id)]
        _page(citizen, reverse("web:letter", args=[first.public_id]))
        first.refresh_from_db()
        assert first.read_at is not None
        morning.shift(timedelta(days=4))
        deliver()
        assert len(kannel.requests) == 1

        # And an official sees both ways on one page, and no number in full
        GrantFactory(official=world.officer.official, unit=world.lan.unit, role=Role.HEAD_OF_UNIT)
        matter = _page(
            _signed_in(world.officer),
            reverse("admin:notifications_message_matter", args=[first.public_id]),
        )
        assert "Ứng dụng di động" in matter
        assert "SMS" in matter
        assert matter.count("Đã tới máy") == 2
        assert PHONE not in matter
        assert PHONE[3:] not in matter


def _report(channel: Channel, message: Message, status: str) -> int:
    """Report as the app does, signed; return what the portal answered."""
    body = json.dumps({"reference": message.reference, "status": status}).encode()
    now = int(clock.now().timestamp())
    key = calling_key(project.RECEIPT_SECRET, address=f"/receipts/{channel}/")
    headers = signed_headers(body, secret=key, timestamp=now)
    answer = Client().post(
        f"/receipts/{channel}/", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def _state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())
