"""What stays unread goes on to the next channel, until it is heard or settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from citizens.models import ContactPoint
from notifications.enums import Channel, MessageState, Reason
from notifications.models import Gate, Message, Topic
from notifications.selectors import inbox_of
from notifications.services import (
    mark_read,
    note_heard,
    set_preference,
    withdraw_deceased,
    withdraw_thread,
)
from notifications.services.enqueue_select import calm_select
from notifications.transports.base import TransportError
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from portal.common.sql import Statement, With, chain
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import (
    ALL,
    change_recipient,
    drain_through,
    person,
    phones,
    told,
)

pytestmark = pytest.mark.usefixtures("texts", "noon")
REFUSED = TransportError("not a user", permanent=True)
DAYS = 3


def later(noon: time_machine.Traveller, days: float = DAYS) -> None:
    noon.shift(timedelta(days=days, seconds=1))


def test_what_stays_unread_climbs_from_the_app_to_the_sms(noon: time_machine.Traveller) -> None:
    MessageFactory(recipient=person(*ALL))
    gateways = phones()
    seen = []
    for _step in range(5):
        drain_through(gateways)
        seen.append(told(gateways))
        later(noon)

    assert seen == [["app"], ["app", "zalo"], ["app", "zalo", "sms"], *[["app", "zalo", "sms"]] * 2]
    assert not Message.objects.filter(next_channel_at__isnull=False).exists()


@pytest.mark.parametrize(("days", "reached"), [(2.9, ["app"]), (3.0, ["app", "sms"])])
def test_it_waits_for_as_many_days_as_the_topic_says(
    noon: time_machine.Traveller, days: float, reached: list[str]
) -> None:
    MessageFactory(recipient=person("app", "sms"))
    gateways = phones()
    drain_through(gateways)

    later(noon, days)
    drain_through(gateways)

    assert told(gateways) == reached


def test_a_topic_without_days_never_climbs(noon: time_machine.Traveller) -> None:
    Topic.objects.update(next_channel_after_days=None)
    MessageFactory(recipient=person("app", "sms"))
    gateways = phones()
    drain_through(gateways)
    assert not Message.objects.filter(next_channel_at__isnull=False).exists()

    later(noon, 30)
    drain_through(gateways)

    assert told(gateways) == ["app"]


def test_an_sms_waits_for_no_reading() -> None:
    message = MessageFactory(recipient=person("sms"))

    drain_through(phones())

    message.refresh_from_db()
    assert (message.channel, message.next_channel_at) == ("sms", None)


def read(message: Message) -> None:
    assert message.recipient is not None
    assert mark_read(party=message.recipient, public_id=message.public_id)


def end_of_fact(message: Message) -> None:
    threads = Statement("SELECT %s::varchar", (message.thread_key,))
    chain(
        With("threads", threads, ("thread_key",)),
        With("calmed", calm_select(part="threads", reason="fact_ended")),
        final=Statement("SELECT count(*) FROM calmed"),
    ).fetch()


def die(message: Message) -> None:
    change_recipient(message, died_on=clock.today())
    withdraw_deceased(parties=[message.recipient_id or 0])


HEARD: dict[str, Callable[[Message], Any]] = {
    "read": read,
    "a receipt says read": lambda m: note_heard(messages=[m.pk]),
    "acted": lambda m: withdraw_thread(thread_key=m.thread_key),
    "the fact ended": end_of_fact,
    "died": die,
}


@pytest.mark.parametrize("heard", HEARD.values(), ids=HEARD)
def test_what_was_heard_or_settled_does_not_go_on(
    heard: Callable[[Message], Any], noon: time_machine.Traveller
) -> None:
    message = MessageFactory(recipient=person(*ALL), thread_key="suggestion:1")
    other = MessageFactory(recipient=person(*ALL), thread_key="suggestion:2")
    gateways = phones()
    drain_through(gateways)

    heard(message)

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.next_channel_at, message.state) == (None, MessageState.SENT)
    assert other.next_channel_at is not None
    later(noon)
    drain_through(gateways)
    assert told(gateways) == ["app", "app", "zalo"]


def stop(message: Message, *channels: str) -> None:
    assert message.recipient is not None
    for channel in channels:
        set_preference(party=message.recipient, is_allowed=False, channel=Channel(channel))


def verify_numbers(message: Message, verified_at: datetime | None) -> None:
    ContactPoint.objects.filter(party=message.recipient_id).update(verified_at=verified_at)


LAST_CHECKS: dict[str, Callable[[Message], Any]] = {
    "no wish for these channels": lambda m: stop(m, "zalo", "sms"),
    "emigrated": lambda m: change_recipient(m, emigrated_on=clock.today()),
    "numbers are old": lambda m: verify_numbers(m, clock.now() - timedelta(days=364)),
    "numbers are not theirs": lambda m: verify_numbers(m, None),
    "too late": lambda m: Message.objects.filter(pk=m.pk).update(not_after=clock.now()),
}


@pytest.mark.parametrize("change", LAST_CHECKS.values(), ids=LAST_CHECKS)
def test_nothing_follows_where_nobody_would_be_reached(
    change: Callable[[Message], Any], noon: time_machine.Traveller
) -> None:
    message = MessageFactory(recipient=person(*ALL))
    gateways = phones()
    drain_through(gateways)
    change(message)

    later(noon)
    drain_through(gateways)

    assert Message.objects.count() == 1
    assert told(gateways) == ["app"]


def test_what_waits_for_the_morning_is_taken_back_when_it_was_read(
    noon: time_machine.Traveller,
) -> None:
    message = MessageFactory(recipient=person("app", "sms"))
    gateways = phones()
    drain_through(gateways)
    noon.move_to(datetime(2026, 11, 27, 23, 0, tzinfo=CIVIL_ZONE))
    drain_through(gateways)
    second = Message.objects.get(follows=message)
    assert (second.state, second.reason) == (MessageState.QUEUED, Reason.QUIET_HOURS)

    read(message)

    second.refresh_from_db()
    assert (second.state, second.reason) == (MessageState.WITHDRAWN, Reason.ACTED)


def test_the_last_check_looks_whether_it_was_read_meanwhile() -> None:
    message = MessageFactory(
        recipient=person("app", "sms"), state="sent", channel="app", read_at=clock.now()
    )
    second = MessageFactory(recipient=message.recipient, follows=message)

    drain_through(phones())

    second.refresh_from_db()
    assert (second.state, second.reason) == (MessageState.SUPPRESSED, Reason.ACTED)


def test_a_chain_is_one_letter_in_the_inbox(noon: time_machine.Traveller) -> None:
    message = MessageFactory(recipient=person(*ALL))
    gateways = phones()
    for _step in range(3):
        drain_through(gateways)
        later(noon)

    assert Message.objects.count() == 3
    assert list(inbox_of(party=message.recipient)) == [message]


def test_nothing_goes_on_while_the_gate_is_closed(noon: time_machine.Traveller) -> None:
    MessageFactory(recipient=person("app", "sms"))
    gateways = phones()
    drain_through(gateways)
    later(noon)
    Gate.objects.update_or_create(pk=1, defaults={"paused": True})

    drain_through(gateways)

    assert Message.objects.count() == 1
    assert Message.objects.filter(next_channel_at__isnull=False).exists()
