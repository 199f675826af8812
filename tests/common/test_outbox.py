"""The lease: claimed once, written back only by its holder."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from notifications.models import Attempt, Message
from portal.common import clock
from portal.common.outbox import append, claim, release, write_back
from tests.factories.citizens import CitizenFactory
from tests.factories.notifications import MessageFactory
from tests.shelf import put_texts

HELD = "sending"


@pytest.fixture
def queue(db: None) -> list[Message]:
    """Five due messages, the first one the oldest."""
    put_texts()
    party, now = CitizenFactory().party, clock.now()
    return [
        MessageFactory(recipient=party, due_at=now - timedelta(minutes=10 - number))
        for number in range(5)
    ]


def take(limit: int) -> list[Message]:
    now = clock.now()
    until = now + timedelta(minutes=1)
    return claim(Message.objects.due(now), held=HELD, until=until, limit=limit)


def test_the_first_rows_are_claimed_once(queue: list[Message]) -> None:
    first, second, third = take(2), take(10), take(10)

    assert {row.pk for row in first} == {row.pk for row in queue[:2]}
    assert {row.pk for row in second} == {row.pk for row in queue[2:]}
    assert third == []
    assert {(row.state, row.attempt) for row in first} == {(HELD, 1)}
    assert all(row.lease_until and row.lease_until > clock.now() for row in first)


def test_nothing_is_claimed_for_no_room(queue: list[Message]) -> None:
    assert take(0) == []


def test_a_claim_is_one_statement(queue: list[Message]) -> None:
    with CaptureQueriesContext(connection) as queries:
        take(5)

    words = [query["sql"].split()[0] for query in queries]
    assert [word for word in words if word not in {"SAVEPOINT", "RELEASE"}] == ["WITH"]


def test_the_holder_writes_and_the_lease_ends(queue: list[Message]) -> None:
    row = take(1)[0]

    written = write_back(
        Message,
        [
            {
                "pk": row.pk,
                "attempt": 1,
                "state": "sent",
                "params": {"a": "ă"},
                "sent_at": row.due_at,
            }
        ],
        held=HELD,
    )

    row.refresh_from_db()
    assert written == {row.pk}
    assert (row.state, row.params, row.sent_at) == ("sent", {"a": "ă"}, row.due_at)
    assert row.lease_until is None


def test_a_lease_can_outlast_a_note(queue: list[Message]) -> None:
    row = take(1)[0]

    note = {"pk": row.pk, "attempt": 1, "channel": "sms"}
    write_back(Message, [note], held=HELD, keep_lease=True)

    row.refresh_from_db()
    assert (row.state, row.channel) == (HELD, "sms")
    assert row.lease_until is not None


@pytest.mark.parametrize(
    "meanwhile",
    [{"attempt": F("attempt") + 1}, {"state": "withdrawn"}, {"state": "queued"}],
    ids=["claimed by another", "withdrawn", "given back"],
)
def test_a_late_writer_changes_nothing(queue: list[Message], meanwhile: dict[str, object]) -> None:
    late, held = take(2)
    Message.objects.filter(pk=late.pk).update(**meanwhile)

    rows = [{"pk": row.pk, "attempt": 1, "state": "sent"} for row in (late, held)]

    assert write_back(Message, rows, held=HELD) == {held.pk}
    assert Message.objects.filter(state="sent").count() == 1


def test_a_released_row_was_never_claimed(queue: list[Message]) -> None:
    row = take(1)[0]

    release(Message, [given_back(row)], held=HELD)

    row.refresh_from_db()
    assert (row.state, row.attempt, row.lease_until) == ("queued", 0, None)


def given_back(row: Message) -> dict[str, object]:
    return {
        "pk": row.pk,
        "attempt": row.attempt,
        "lease_until": row.lease_until,
        "state": "queued",
    }


def test_a_release_that_is_repeated_takes_nothing_from_the_next_holder(
    queue: list[Message],
) -> None:
    """Its first commit came through, the answer to it did not (the database went down)."""
    first = take(1)[0]
    release(Message, [given_back(first)], held=HELD)
    (second,) = take(1)
    assert (second.pk, second.attempt) == (first.pk, first.attempt)

    assert release(Message, [given_back(first)], held=HELD) == set()

    second.refresh_from_db()
    assert (second.state, second.attempt) == (HELD, 1)


def test_writing_nothing_asks_nothing(queue: list[Message]) -> None:
    assert write_back(Message, [], held=HELD) == set()
    assert release(Message, [], held=HELD) == set()


def test_what_is_no_column_is_refused(queue: list[Message]) -> None:
    row = take(1)[0]

    with pytest.raises(TypeError):
        write_back(Message, [{"pk": row.pk, "attempt": 1, "attempts": 1}], held=HELD)
    with pytest.raises(TypeError):
        write_back(Message, [{"pk": row.pk, "attempt": 1, "rendered": object()}], held=HELD)


def test_rows_are_added_once(queue: list[Message]) -> None:
    now = clock.now()
    rows = [
        {
            "message": queue[0].pk,
            "number": number,
            "channel": "sms",
            "outcome": "accepted",
            "detail": "",
            "started_at": now,
        }
        for number in (1, 2)
    ]

    append(Attempt, rows[:1])
    append(Attempt, rows)
    append(Attempt, [])

    found = Attempt.objects.order_by("number").values_list("message", "number", "started_at")
    assert list(found) == [(queue[0].pk, 1, now), (queue[0].pk, 2, now)]
