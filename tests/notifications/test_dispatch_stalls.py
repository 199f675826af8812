"""The database answers late or not at all: nothing is lost, and nothing leaves after its lease."""

from __future__ import annotations

import threading
import time

import psycopg2
import pytest
from django.db import connection

from notifications.dispatch import Dispatcher
from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.transports.base import Transport
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from portal.common import clock
from tests.factories.notifications import MessageFactory, reachable
from tests.notifications.gateways import QUICK
from tests.shelf import put_texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]


def test_a_lock_that_is_held_for_long_only_delays(transactional_db: None) -> None:
    """A lock is waited for by its time-out (5 s), given up, and asked for anew (F4)."""
    put_texts()
    for _ in range(20):
        MessageFactory(recipient=reachable(), due_at=clock.now())
    gateway = SimulatedGateway(dedup=False, ask=False)
    transports: dict[Channel, Transport] = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    dispatcher = Dispatcher(transports, pace=QUICK)
    blocker = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        user=connection.settings_dict["USER"],
        host=connection.settings_dict["HOST"],
    )
    blocker.cursor().execute("LOCK TABLE notifications_message IN ACCESS EXCLUSIVE MODE")

    def let_go() -> None:
        time.sleep(6)
        blocker.close()
        until = time.monotonic() + 20
        while sum(gateway.delivered.values()) < 20 and time.monotonic() < until:
            time.sleep(0.05)
        dispatcher.stop()

    thread = threading.Thread(target=let_go)
    thread.start()
    dispatcher.run()
    thread.join()

    assert sorted(gateway.delivered.values()) == [1] * 20
    assert Message.objects.filter(state=MessageState.SENT).count() == 20
