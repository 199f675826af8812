"""Several reminders of one moment are one message outside the inbox, in it each is a letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from citizens.models import Party
from notifications.dispatch.parcels import Pace
from notifications.enums import Channel, MessageState, Reason
from notifications.models import Message
from notifications.selectors import inbox_of, letters_of
from notifications.services import mark_read, opt_out, set_preference, withdraw_thread
from notifications.transports.base import TransportError
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.notifications import MessageFactory, reachable, reminder_params
from tests.notifications.gateways import ScriptedGateway, drain, drain_through, raising

pytestmark = pytest.mark.usefixtures("texts", "noon")
DIGEST = "digest"


def remind(party: Party, count: int, **traits: Any) -> list[Message]:
    return [
        MessageFactory(recipient=party, thread_key=f"suggestion:{number}", **traits)
        for number in range(count)
    ]


def phone() -> ScriptedGateway:
    return ScriptedGateway(lambda _reference: None)


def states() -> list[tuple[str, str, str]]:
    rows = Message.objects.order_by("pk")
    return list(rows.values_list("topic", "state", "reason"))


MEMBER = ("credential_expiring", "suppressed", "in_digest")


def test_several_reminders_are_one_sms() -> None:
    party = reachable()
    members = remind(party, 3)
    other = MessageFactory()
    gateway = phone()

    drain(gateway)

    assert len(gateway.sent) == 2
    digest = Message.objects.get(topic=DIGEST)
    body = next(body for _to, body, reference in gateway.sent if reference == digest.reference)
    assert body.startswith(
        "Cong chu dong Da Nang: Ong/ba co 3 viec can xem, gan nhat han 22/01/2027."
    )
    assert (digest.recipient_id, digest.state, digest.channel) == (party.pk, "sent", "sms")
    assert digest.part_count == 1
    assert states()[:3] == [MEMBER] * 3
    assert {m.digest_id for m in Message.objects.filter(pk__in=[m.pk for m in members])} == {
        digest.pk
    }
    other.refresh_from_db()
    assert (other.state, other.digest_id) == ("sent", None)


def test_its_date_is_the_nearest_and_its_last_day_the_farthest() -> None:
    party, now = reachable(), clock.now()
    for days in (20, 5, 40):
        due_on = (clock.today() + timedelta(days=days)).isoformat()
        MessageFactory(
            recipient=party,
            params=reminder_params(due_on=due_on),
            not_after=now + timedelta(days=days),
        )

    drain(phone())

    digest = Message.objects.get(topic=DIGEST)
    assert digest.params == {"count": 3, "due_on": (clock.today() + timedelta(days=5)).isoformat()}
    assert digest.not_after == now + timedelta(days=40)


ALONE: dict[str, Callable[[], Any]] = {
    "one person each": lambda: MessageFactory.create_batch(2),
    "statutory notices": lambda: MessageFactory.create_batch(
        2, recipient=reachable(), dossier=True
    ),
    "only the inbox": lambda: MessageFactory.create_batch(2, recipient=CitizenFactory().party),
    "one is due later": lambda: [
        MessageFactory(recipient=party, due_at=clock.now() + timedelta(minutes=minutes))
        for party in [reachable()]
        for minutes in (-1, 5)
    ],
    "one was stopped": lambda: [
        (opt_out(party=party, topic=topic), MessageFactory.create_batch(1, recipient=party))
        for party in [reachable()]
        for topic in ("age_milestone_near",)
    ],
}


@pytest.mark.parametrize("make", ALONE.values(), ids=ALONE)
def test_what_stays_alone(make: Callable[[], Any]) -> None:
    make()

    drain(phone())

    assert not Message.objects.filter(topic=DIGEST).exists()
    assert not Message.objects.filter(digest__isnull=False).exists()


def test_who_stopped_one_topic_is_told_the_rest_alone() -> None:
    party = reachable()
    opt_out(party=party, topic="age_milestone_near")
    MessageFactory(recipient=party, topic_id="age_milestone_near")
    kept = MessageFactory(recipient=party)
    gateway = phone()

    drain(gateway)

    assert [sent[2] for sent in gateway.sent] == [kept.reference]


def test_who_allows_only_some_topics_hears_the_digest_of_these() -> None:
    party = reachable()
    opt_out(party=party)
    set_preference(party=party, topic="credential_expiring", is_allowed=True)
    remind(party, 2)
    gateway = phone()

    drain(gateway)

    assert len(gateway.sent) == 1
    assert Message.objects.get(topic=DIGEST).state == MessageState.SENT


def test_what_is_due_is_gathered_over_batches_and_slices() -> None:
    party, others = reachable(), [reachable() for _number in range(12)]
    for other in others:
        MessageFactory(recipient=party)
        MessageFactory(recipient=other)
    gateway = phone()

    drain(gateway, pace=Pace(batch=12, slice=3, in_flight=2, write_every=0.01))

    assert len(gateway.sent) == 13
    assert Message.objects.get(topic=DIGEST).params["count"] == 12


def test_a_phone_of_several_people_hears_of_the_household() -> None:
    party = reachable(shared=True)
    remind(party, 2)
    gateway = phone()

    drain(gateway)

    assert "Gia dinh ong/ba co mot so viec" in gateway.sent[0][1]


def test_its_members_are_letters_of_their_own() -> None:
    party = reachable()
    members = remind(party, 3, short_code="")
    drain(phone())

    shown = list(inbox_of(party=party))
    letters = letters_of(messages=shown, language="vi")

    assert {row.pk for row in shown} == {member.pk for member in members}
    assert all("Giấy phép lái xe" in letter.body for letter in letters)
    assert len({letter.code for letter in letters}) == 3
    assert all(row.text_version == 1 for row in shown)


# ------------------------------------------------------------------------- waiting and going on
def at_night(noon: time_machine.Traveller) -> None:
    noon.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=CIVIL_ZONE))


def in_the_morning(noon: time_machine.Traveller) -> None:
    noon.move_to(datetime(2026, 11, 24, 7, 0, 1, tzinfo=CIVIL_ZONE))


def held_digest(party: Party) -> list[Message]:
    """Return three members of a digest that waits: its gateway refuses for the moment."""
    members = remind(party, 3)
    drain(ScriptedGateway(raising(TransportError("503", retry_after=timedelta(hours=1)))))
    assert Message.objects.get(topic=DIGEST).state == MessageState.QUEUED
    return members


def read(message: Message) -> None:
    assert message.recipient is not None
    assert mark_read(party=message.recipient, public_id=message.public_id)


SETTLED: dict[str, tuple[Callable[[Message], Any], int]] = {
    "read": (read, 2),
    "acted": (lambda m: withdraw_thread(thread_key=m.thread_key), 2),
    "too late": (lambda m: Message.objects.filter(pk=m.pk).update(not_after=clock.now()), 2),
    "it was about somebody who died": (
        lambda m: Message.objects.filter(pk=m.pk).update(
            about=CitizenFactory(died_on=clock.today()).party
        ),
        2,
    ),
    "nothing": (lambda _m: None, 3),
}


@pytest.mark.parametrize(("settle", "left"), SETTLED.values(), ids=SETTLED)
def test_it_says_what_is_left_when_it_leaves(
    settle: Callable[[Message], Any], left: int, noon: time_machine.Traveller
) -> None:
    members = held_digest(reachable())
    settle(members[0])
    noon.shift(timedelta(hours=1, seconds=1))
    gateway = phone()

    drain(gateway)

    assert f"co {left} viec" in gateway.sent[0][1]


def test_it_is_not_said_when_everything_was_settled(noon: time_machine.Traveller) -> None:
    for member in held_digest(reachable()):
        withdraw_thread(thread_key=member.thread_key)
    noon.shift(timedelta(hours=1, seconds=1))
    gateway = phone()

    drain(gateway)

    digest = Message.objects.get(topic=DIGEST)
    assert not gateway.sent
    assert (digest.state, digest.reason) == (MessageState.SUPPRESSED, Reason.ACTED)


def test_at_night_each_waits_and_in_the_morning_they_leave_together(
    noon: time_machine.Traveller,
) -> None:
    party = reachable()
    remind(party, 2)
    gateway = phone()
    at_night(noon)
    drain(gateway)
    assert {state for _topic, state, _reason in states()} == {"queued"}
    in_the_morning(noon)

    drain(gateway)

    assert len(gateway.sent) == 1


def test_an_unread_digest_goes_on_by_sms(noon: time_machine.Traveller) -> None:
    party = reachable()
    ContactPointFactory(party=party, channel="app", verified_at=clock.now())
    members = remind(party, 3)
    gateways = {Channel.APP: phone(), Channel.SMS: phone()}
    drain_through(gateways)
    assert len(gateways[Channel.APP].sent) == 1
    withdraw_thread(thread_key="suggestion:unrelated")
    noon.shift(timedelta(days=3, seconds=1))

    drain_through(gateways)

    first, second = Message.objects.filter(topic=DIGEST).order_by("pk")
    assert (second.follows_id, second.channel, second.state) == (first.pk, "sms", "sent")
    assert "co 3 viec" in gateways[Channel.SMS].sent[0][1]
    assert list(inbox_of(party=party).order_by("pk")) == members


@pytest.mark.parametrize("heard", ["read", "acted"])
def test_who_opened_or_settled_one_is_not_told_again(
    heard: str, noon: time_machine.Traveller
) -> None:
    party = reachable()
    ContactPointFactory(party=party, channel="app", verified_at=clock.now())
    members = remind(party, 3)
    gateways = {Channel.APP: phone(), Channel.SMS: phone()}
    drain_through(gateways)

    SETTLED[heard][0](members[1])

    noon.shift(timedelta(days=3, seconds=1))
    drain_through(gateways)
    assert not gateways[Channel.SMS].sent
    assert not Message.objects.filter(next_channel_at__isnull=False).exists()


def test_unread_reminders_of_different_days_go_on_as_one_digest(
    noon: time_machine.Traveller,
) -> None:
    party = reachable()
    ContactPointFactory(party=party, channel="app", verified_at=clock.now())
    gateways = {Channel.APP: phone(), Channel.SMS: phone()}
    for number in range(2):
        MessageFactory(recipient=party, thread_key=f"suggestion:{number}")
        drain_through(gateways)
        noon.shift(timedelta(hours=1))
    assert len(gateways[Channel.APP].sent) == 2
    noon.move_to(datetime(2026, 11, 26, 22, 0, tzinfo=CIVIL_ZONE))
    drain_through(gateways)
    noon.move_to(datetime(2026, 11, 27, 7, 0, 1, tzinfo=CIVIL_ZONE))

    drain_through(gateways)

    assert len(gateways[Channel.SMS].sent) == 1
    assert "co 2 viec" in gateways[Channel.SMS].sent[0][1]
    assert inbox_of(party=party).count() == 2
