"""One message, several channels: what failed or stays unread goes on until it is heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import Party
from notifications.enums import Channel, MessageState, Reason
from notifications.models import Message
from notifications.services.queue_next_channel import queue_next_channel
from notifications.services.watch_gate import is_gate_closed
from notifications.transports.base import TransportError
from portal.common import clock
from tests.factories.citizens import CitizenFactory
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import (
    ALL,
    drain_through,
    make_due,
    person,
    phones,
    raising,
    told,
)

pytestmark = pytest.mark.usefixtures("texts", "noon")
REFUSED = TransportError("not a user", permanent=True)
DAYS = 3


# --------------------------------------------------------------------------------------- failed
@pytest.mark.parametrize(
    ("has", "broken", "reached"),
    [
        (ALL, (), ["app"]),
        (ALL, ("app",), ["app", "zalo"]),
        (ALL, ("app", "zalo"), ["app", "zalo", "sms"]),
        (ALL, ALL, ["app", "zalo", "sms"]),
        (("sms",), (), ["sms"]),  # no app and no Zalo: the SMS at once
        (("zalo", "sms"), ("zalo",), ["zalo", "sms"]),
        (("app",), ("app",), ["app"]),
        ((), (), []),
    ],
)
def test_what_failed_for_certain_goes_on_to_the_next_channel(
    has: tuple[str, ...], broken: tuple[str, ...], reached: list[str]
) -> None:
    first = MessageFactory(recipient=person(*has))
    gateways = phones(**{name: raising(REFUSED) for name in broken})

    drain_through(gateways)

    assert told(gateways) == reached
    chain_of = list(Message.objects.order_by("pk").values_list("channel", "state", "follows"))
    ways = reached or ["inbox"]
    assert [channel for channel, _state, _follows in chain_of] == ways
    assert [follows for _channel, _state, follows in chain_of] == [
        None,
        *[first.pk] * (len(ways) - 1),
    ]
    states = ["failed" if name in broken else "sent" for name in ways]
    assert [state for _channel, state, _follows in chain_of] == states


def test_what_follows_says_the_same_to_the_same_person() -> None:
    first = MessageFactory(
        recipient=person("zalo", "sms"),
        about=CitizenFactory().party,
        thread_key="suggestion:1",
        not_after=clock.now() + timedelta(days=9),
    )

    drain_through(phones(zalo=raising(REFUSED)))

    second = Message.objects.get(follows=first)
    same = ("recipient_id", "about_id", "topic_id", "params", "thread_key", "priority", "not_after")
    assert [getattr(second, name) for name in same] == [getattr(first, name) for name in same]
    assert second.dedupe_key == f"{first.dedupe_key}>zalo"
    assert second.short_code not in ("", first.short_code)
    assert second.public_id != first.public_id


def test_a_message_given_up_goes_on_too() -> None:
    message = MessageFactory(recipient=person("app", "sms"), attempt=7)
    gateways = phones(app=raising(TransportError("500")))

    drain_through(gateways)

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.FAILED, Reason.GAVE_UP)
    assert told(gateways) == ["app", "sms"]


def test_what_is_in_doubt_or_tried_again_goes_nowhere_else() -> None:
    for error in (TransportError("500"), TransportError("cut", uncertain=True)):
        MessageFactory(recipient=person("app", "sms"))
        gateways = phones(app=raising(error))

        drain_through(gateways)

        assert told(gateways) == ["app"]


def test_a_receipt_that_says_failed_sends_it_on() -> None:
    """The state machine of receipts writes that the next channel is due."""
    message = MessageFactory(recipient=person("app", "sms"))
    gateways = phones()
    drain_through(gateways)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED, reason=Reason.NOT_DELIVERED, next_channel_at=clock.now()
    )

    drain_through(gateways)

    assert told(gateways) == ["app", "sms"]


@pytest.mark.parametrize(
    "traits",
    [
        lambda party: {"contact_point": party.contact_points.get(channel="app")},
        lambda _party: {"priority": 0},
        lambda _party: {"secret_params_enc": b"sealed"},
        lambda _party: {"params": {"paper": "without its secrets"}},
    ],
    ids=["named address", "sign-in code", "secrets", "secrets wiped"],
)
def test_what_was_for_one_address_or_one_moment_goes_nowhere_else(
    traits: Callable[[Party], dict[str, Any]],
) -> None:
    party = person("app", "sms")
    MessageFactory(
        recipient=party, state=MessageState.FAILED, channel="app", next_channel_at=clock.now(),
        **traits(party),
    )  # fmt: skip

    assert queue_next_channel(channels=list(Channel)) == 1

    message = Message.objects.get()
    assert message.next_channel_at is None


def test_what_follows_is_queued_once_however_often_it_is_asked() -> None:
    message = MessageFactory(recipient=person("app", "sms"), state="sent", channel="app")
    for _time in range(3):
        Message.objects.filter(pk=message.pk).update(next_channel_at=clock.now())
        queue_next_channel(channels=list(Channel))

    assert Message.objects.filter(follows=message).count() == 1


@pytest.mark.parametrize("length", [120, 118, 20])
def test_a_long_key_has_a_successor_too(length: int) -> None:
    message = MessageFactory(
        recipient=person("app", "sms"), state="sent", channel="app",
        dedupe_key="k" * length, next_channel_at=clock.now(),
    )  # fmt: skip

    queue_next_channel(channels=list(Channel))

    key = Message.objects.get(follows=message).dedupe_key
    assert key.endswith(">app")
    assert len(key) <= 120


def test_a_retry_keeps_its_channel() -> None:
    message = MessageFactory(recipient=person(*ALL))
    gateways = phones(app=raising(TransportError("500")))
    drain_through(gateways)
    gateways[Channel.APP].act = lambda _reference: None
    make_due(message)

    drain_through(gateways)

    message.refresh_from_db()
    assert (message.channel, message.state) == ("app", "sent")
    assert told(gateways) == ["app", "app"]


def test_a_look_takes_the_same_queries_however_many_are_due() -> None:
    is_gate_closed()  # the very first look notes where the database lives
    counts = []
    for size in (2, 12):
        for _number in range(size):
            MessageFactory(
                recipient=person("app", "sms"), state="sent", channel="app",
                next_channel_at=clock.now(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert queue_next_channel(channels=list(Channel)) == size
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 16
