"""A report that runs for long keeps all dead rows alive; claims stay quick (F12)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import quantiles

import psycopg2
import pytest
from django.db import connection

from notifications.dispatch import Pace
from notifications.enums import MessageState
from notifications.models import Message
from portal.common import clock
from portal.common.outbox import claim
from tests.factories.notifications import MessageFactory
from tests.shelf import put_texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]

# Ten minutes at fifty a second, each claimed, handed over and written back.
DONE, CLAIMS, EACH = 30_000, 30, 10
_COLUMNS = "topic_id, params, priority, due_at, recipient_id"
_LIVES = (
    "UPDATE notifications_message SET state = 'sending', attempt = 1, lease_until = now()",
    "UPDATE notifications_message SET handed_at = now(), channel = 'sms'",
    "UPDATE notifications_message SET state = 'sent', handed_at = NULL, lease_until = NULL",
)


@pytest.fixture
def report(transactional_db: None) -> Iterator[None]:
    """Somebody else's transaction that began before everything and goes on."""
    database = connection.settings_dict
    other = psycopg2.connect(dbname=database["NAME"], user=database["USER"], host=database["HOST"])
    other.set_session(isolation_level="REPEATABLE READ")
    other.cursor().execute("SELECT count(*) FROM notifications_message")
    yield
    other.close()


def test_claims_are_quick_behind_ten_minutes_of_dead_rows(report: None) -> None:
    put_texts()
    first = MessageFactory()
    _multiply(first, DONE)
    with connection.cursor() as cursor:
        for statement in _LIVES:
            cursor.execute(statement)

    p95 = quantiles(_claims(first), n=20)[-1]
    blocks = _blocks_of_a_claim(first)

    # The figure (50 ms) is for a quiet machine; what a claim reads is the same on a busy one.
    told = f"claim behind {3 * DONE} dead rows: p95 {p95 * 1000:.0f} ms, {blocks} blocks"
    print(told)  # noqa: T201 - the figure
    assert blocks < _blocks_of_all() / 2


def _blocks_of_all() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size('notifications_message') / 8192")
        return int(cursor.fetchone()[0])


def _blocks_of_a_claim(first: Message) -> int:
    """Return how many pages the database touches to find the due messages of one claim."""
    _multiply(first, EACH)
    due = Message.objects.due(clock.now())[: Pace().batch]
    (told,) = json.loads(due.explain(format="json", analyze=True, buffers=True))
    plan = told["Plan"]
    assert plan["Actual Rows"] == EACH
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def _claims(first: Message) -> list[float]:
    """Claim a few new messages at a time, as a dispatcher does; return how long each took."""
    took = []
    for _turn in range(CLAIMS):
        _multiply(first, EACH)
        now = clock.now()
        began = time.perf_counter()
        rows = claim(
            Message.objects.due(now),
            held=MessageState.SENDING,
            until=now + timedelta(minutes=1),
            limit=Pace().batch,
        )
        took.append(time.perf_counter() - began)
        assert len(rows) == EACH
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=MessageState.SENT)
    return took


def _multiply(like: Message, times: int) -> None:
    """Queue the same for so many others; nobody looks at who they are before the claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO notifications_message (dedupe_key, {_COLUMNS})"  # noqa: S608 - our text
            " SELECT gen_random_uuid()::text, topic_id, params, priority, %s, n"
            " FROM notifications_message, generate_series(1, %s) n WHERE id = %s",
            [clock.now(), times, like.pk],
        )
