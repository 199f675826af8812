"""From the outbox through Kannel itself to a telephone, and back: its reports and its answers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest
import time_machine
from django.conf import settings as project
from django.db import connections
from pytest_django import Settings

from notifications.dispatch import Dispatcher, Pace
from notifications.enums import Channel, MessageState
from notifications.models import InboundMessage, Message, ReceiptInbox
from notifications.rules.signatures import path_token
from notifications.rules.sms import parts
from notifications.transports.registry import open_transports
from portal.common.clock import CIVIL_ZONE
from tests.factories.notifications import MessageFactory, reminder_params
from tests.peers.real_kannel import RealKannel, require_kannel
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db(transaction=True)

MANY, KILLS = 150, 3
BLIND = Pace().blind_batch  # at most so many are on their way to a gateway that cannot be asked
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CIVIL_ZONE)


class LiveServer(Protocol):
    url: str


@pytest.fixture
def kannel(live_server: LiveServer, tmp_path: Path, settings: Settings) -> Iterator[RealKannel]:
    """Kannel as the gateway of this portal, at noon of a working day."""
    require_kannel()
    put_texts()
    token = path_token(project.RECEIPT_SECRET, channel=Channel.SMS)
    inbound = f"{live_server.url}/inbound/sms/{token}/"
    with (
        RealKannel(tmp_path, inbound=inbound) as running,
        time_machine.travel(NOON, tick=True),
    ):
        settings.PUBLIC_URL = live_server.url
        settings.SMS_URL = running.url()
        yield running


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_delivery_reports_close_the_messages(kannel: RealKannel) -> None:
    reminders = MessageFactory.create_batch(10)
    notices = MessageFactory.create_batch(10, dossier=True)

    tally = Dispatcher(open_transports()).run(until_empty=True)

    assert tally == {"sent": 20}
    wait_for(lambda: Message.objects.filter(state=MessageState.DELIVERED).count() == 20)
    came = kannel.arrived(20)
    sent = {message.pk: message.rendered for message in Message.objects.all()}
    assert sorted(one.text for one in came) == sorted(sent.values())
    assert all(one.part_count == parts(one.text) for one in came)
    assert set(sent) == {message.pk for message in (*reminders, *notices)}
    wait_for(lambda: ReceiptInbox.objects.count() == 40)
    assert not Message.objects.exclude(state=MessageState.DELIVERED).exists()


def test_what_a_telephone_answers_reaches_the_portal(kannel: RealKannel) -> None:
    message = MessageFactory()
    phone = message.recipient.contact_points.get().value

    kannel.phone_says(phone, "Để sau nhé")

    wait_for(lambda: InboundMessage.objects.exists())
    heard = InboundMessage.objects.get()
    assert heard.channel == Channel.SMS
    assert heard.body == "Để sau nhé"


@pytest.mark.fault
@pytest.mark.slow
def test_a_kannel_that_dies_loses_and_repeats_nothing(kannel: RealKannel) -> None:
    numbered = [{"vi": f"Giấy phép số {n:03d}", "en": f"Permit {n:03d}"} for n in range(MANY)]
    for paper in numbered:
        MessageFactory(params=reminder_params(paper=paper))
    worker = ThreadPoolExecutor(1).submit(_drain_until_settled)

    for _ in range(KILLS):
        time.sleep(0.4)
        kannel.kill_smsbox()

    worker.result(90)
    ends = Counter(Message.objects.values_list("state", flat=True))
    with suppress(AssertionError):  # a report that the box was carrying when it died is lost
        wait_for(lambda: not Message.objects.filter(state=MessageState.SENT).exists())
    came = Counter(one.text for one in kannel.arrived(0))
    assert set(came.values()) == {1}, "somebody heard it twice"
    taken = (MessageState.SENT, MessageState.DELIVERED)
    told = {one.rendered for one in Message.objects.filter(state__in=taken)}
    # What was on its way when the box died, and never left it, waits for a person.
    doubtful = {one.rendered for one in Message.objects.filter(state=MessageState.UNKNOWN)}
    assert told <= set(came) <= told | doubtful, "what was taken is lost"
    assert len(told | doubtful) == MANY
    assert ends[MessageState.UNKNOWN] <= KILLS * BLIND


def _drain_until_settled() -> None:
    """Dispatch until nothing waits for another try."""
    try:
        waiting = Message.objects.filter(state__in=(MessageState.QUEUED, MessageState.SENDING))
        while waiting.exists():
            Dispatcher(open_transports()).run(until_empty=True)
            time.sleep(0.2)
    finally:
        connections.close_all()
