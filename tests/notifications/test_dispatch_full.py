"""A database that takes no writes for a while: full, or read-only (F13).

Nothing is marked as sent that was not, nothing is said twice, and what the gateway answered
meanwhile is kept and written when writing works again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection
from structlog.testing import capture_logs

from notifications.dispatch import Dispatcher
from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.transports.base import Transport
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import QUICK
from tests.shelf import put_texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]

MESSAGES, SECONDS = 12, 1.5
# PostgreSQL's own errors, raised where it raises them: at the write.
FULL, READ_ONLY = "53100", "25006"
_REFUSE = """
CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no write now' USING ERRCODE = '{code}'; END $$;
CREATE TRIGGER refuse_writes BEFORE UPDATE ON notifications_message
FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse_writes();
"""
_AGREE = "DROP FUNCTION IF EXISTS refuse_writes() CASCADE"


def as_owner(sql: str) -> None:
    """Run a statement on a connection of its own, committed at once."""
    database = connection.settings_dict
    with psycopg2.connect(
        dbname=database["NAME"], user=database["USER"], host=database["HOST"]
    ) as other:
        other.cursor().execute(sql)
    other.close()


@pytest.fixture(autouse=True)
def rights(transactional_db: None) -> Iterator[None]:
    put_texts()
    yield
    as_owner(_AGREE)


@contextmanager
def in_a_while(*works: Callable[[], object]) -> Iterator[None]:
    """Do one thing after the other from now on, with pauses; all are done at the end."""

    def work() -> None:
        for one in works:
            time.sleep(SECONDS)
            one()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize("code", [FULL, READ_ONLY], ids=["full", "read-only"])
@pytest.mark.parametrize(
    "when", ["NEW.state = 'sent'", "NEW.state = 'sending'"], ids=["outcomes", "claims"]
)
def test_what_cannot_be_written_is_written_later(code: str, when: str) -> None:
    # Given a gateway that cannot be asked and repeats what it is told twice, so that nothing helps
    MessageFactory.create_batch(MESSAGES)
    gateway = SimulatedGateway(dedup=False, ask=False)
    transports: dict[Channel, Transport] = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    dispatcher = Dispatcher(transports, pace=QUICK)
    as_owner(_REFUSE.format(code=code, when=when))
    marked: list[int] = []

    def look() -> None:
        marked.append(_sent())

    def stop_when_sent() -> None:
        until = time.monotonic() + 20
        while _sent() < MESSAGES and time.monotonic() < until:
            time.sleep(0.05)
        dispatcher.stop()

    # When writing is refused for a while, and works again
    with capture_logs() as logs, in_a_while(look, lambda: as_owner(_AGREE), stop_when_sent):
        dispatcher.run()

    # Then nothing was marked meanwhile, and each was said once and is marked now
    assert marked == [0]
    assert sorted(gateway.delivered.values()) == [1] * MESSAGES
    states = set(Message.objects.values_list("state", "attempt", "handed_at"))
    assert states == {(MessageState.SENT, 1, None)}
    assert not [log for log in logs if log["event"] == "outcome_not_written"]


def _sent() -> int:
    database = connection.settings_dict
    with psycopg2.connect(
        dbname=database["NAME"], user=database["USER"], host=database["HOST"]
    ) as other:
        cursor = other.cursor()
        cursor.execute("SELECT count(*) FROM notifications_message WHERE state = 'sent'")
        (found,) = cursor.fetchone() or (0,)
    other.close()
    return int(found)
