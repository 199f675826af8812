"""What is due to one person is in one hand, however many dispatchers there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import ContactPoint, Party
from notifications.dispatch.desk import Desk
from notifications.dispatch.gateways import Gateways
from notifications.dispatch.parcels import Pace
from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.rules.facts import DIGEST
from notifications.transports.base import Traits
from portal.common import clock
from tests.factories.notifications import MessageFactory, reachable
from tests.notifications.gateways import ScriptedGateway, drain

pytestmark = pytest.mark.usefixtures("texts", "noon")


def remind(party: Party, count: int) -> list[Message]:
    made: list[Message] = MessageFactory.create_batch(count, recipient=party)
    return made


def phone() -> ScriptedGateway:
    return ScriptedGateway(lambda _reference: None)


def desk() -> Desk:
    gateways = {Channel.SMS: Traits(can_ask=True), Channel.INBOX: Traits()}
    return Desk(Gateways(gateways), pace=Pace())


def test_what_another_dispatcher_holds_is_waited_for() -> None:
    """Both claim one reminder of the same person at the same moment: neither sends it alone."""
    party = reachable()
    mine, theirs = remind(party, 2)
    now = clock.now()
    held = {"state": MessageState.SENDING, "attempt": 1, "lease_until": now + timedelta(minutes=1)}
    Message.objects.filter(pk=theirs.pk).update(**held)
    first = desk()

    claimed = first.claim()

    mine.refresh_from_db()
    assert not claimed.rows
    assert first.is_waiting()
    assert (mine.state, mine.attempt) == (MessageState.QUEUED, 0)
    assert timedelta() < mine.due_at - now <= timedelta(seconds=1.5)

    Message.objects.filter(pk=theirs.pk).update(state=MessageState.QUEUED, due_at=mine.due_at)
    again = desk().claim()
    assert not again.rows  # not due for another moment
    with time_machine.travel(now + timedelta(seconds=2)):
        assert {row.pk for row in desk().claim().rows} == {mine.pk, theirs.pk}


def test_a_part_that_is_due_in_a_moment_comes_along() -> None:
    party = reachable()
    one, two = remind(party, 2)
    Message.objects.filter(pk=two.pk).update(due_at=clock.now() + timedelta(seconds=0.5))

    assert {row.pk for row in desk().claim().rows} == {one.pk, two.pk}


def test_a_person_with_more_than_a_batch_is_told_all_the_same() -> None:
    remind(reachable(), 25)
    gateway = phone()

    drain(gateway, pace=Pace(batch=5, slice=5, in_flight=2, write_every=0.01))

    assert len(gateway.sent) == Message.objects.filter(topic=DIGEST).count()
    assert not Message.objects.filter(state__in=("queued", "sending")).exists()


def test_preparing_takes_the_same_queries_however_many_are_bundled() -> None:
    counts = []
    for people in (2, 8):
        for _number in range(people):
            remind(reachable(), 3)
        serving = desk()
        claimed = serving.claim()
        with CaptureQueriesContext(connection) as queries:
            serving.prepare(claimed.rows, deadline=claimed.deadline)
        counts.append(len(queries))
        Message.objects.update(state=MessageState.WITHDRAWN)

    assert counts[0] == counts[1]


def test_old_numbers_are_not_used_for_a_digest_either() -> None:
    party = reachable()
    ContactPoint.objects.filter(party=party).update(verified_at=clock.now() - timedelta(days=366))
    remind(party, 2)

    drain(phone())

    assert set(Message.objects.values_list("channel", "state")) == {("inbox", "sent")}
