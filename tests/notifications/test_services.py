"""Queueing, taking back, wishes, and what others read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import Party
from notifications.enums import MessageState
from notifications.models import DemoDelivery, Message
from notifications.rules.wording import grouped
from notifications.selectors import (
    demo_messages,
    demo_phones,
    inbox_of,
    letters_of,
    oldest_due_at,
    opted_out_parties,
)
from notifications.services import enqueue, mark_read, opt_out, set_preference, withdraw_thread
from portal.common import clock
from portal.common.errors import RefusedError
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.notifications import MessageFactory, reachable, reminder_params


def queue(recipient: Party, **changes: Any) -> Message | None:
    given: dict[str, Any] = {
        "topic": "credential_expiring",
        "recipient": recipient,
        "params": reminder_params(),
        "dedupe_key": "rule:1:60",
        "due_at": clock.now(),
        "thread_key": "suggestion:1",
    }
    return enqueue(**given | changes)


def test_a_message_is_queued_once(texts: None) -> None:
    party = reachable()

    first, second = queue(party), queue(party)

    assert first is not None
    assert second is None
    message = Message.objects.get()
    assert (message.state, message.priority, message.channel) == (MessageState.QUEUED, 9, None)
    assert len(message.short_code) == 8


@pytest.mark.parametrize(
    "params",
    [
        {},
        reminder_params(personal_id="999190000001"),
        {"paper": "Giấy phép"},
    ],
)
def test_other_parameters_than_the_topics_are_refused(texts: None, params: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        queue(reachable(), params=params)

    assert not Message.objects.exists()


def test_secret_parameters_are_not_stored_in_clear(texts: None) -> None:
    params = reminder_params()
    secret = {"paper": params.pop("paper")}

    message = queue(reachable(), params=params, secret_params=secret)

    assert message is not None
    message.refresh_from_db()
    assert "paper" not in message.params
    assert "Giấy phép".encode() not in bytes(message.secret_params_enc or b"")


@pytest.mark.parametrize(
    ("traits", "state", "is_stopped"),
    [
        ({}, MessageState.WITHDRAWN, False),
        ({"state": MessageState.SENDING, "attempt": 1}, MessageState.WITHDRAWN, False),
        ({"being_sent": True}, MessageState.SENDING, True),
        ({"handed_at": clock.now()}, MessageState.QUEUED, True),
        ({"state": MessageState.SENT}, MessageState.SENT, False),
    ],
)
def test_a_thread_is_withdrawn(
    texts: None, traits: dict[str, Any], state: MessageState, is_stopped: bool
) -> None:
    message = MessageFactory(thread_key="suggestion:7", **traits)
    other = MessageFactory(thread_key="suggestion:8")

    count = withdraw_thread(thread_key="suggestion:7")

    message.refresh_from_db()
    other.refresh_from_db()
    assert message.state == state
    assert count == (state == MessageState.WITHDRAWN)
    assert (message.not_after is not None) == is_stopped
    assert (other.state, other.not_after) == (MessageState.QUEUED, None)


def test_a_thread_is_withdrawn_for_one_alone(texts: None) -> None:
    mother, father = reachable(), reachable()
    hers = MessageFactory(thread_key="suggestion:7", recipient=mother)
    his = MessageFactory(thread_key="suggestion:7", recipient=father)

    assert withdraw_thread(thread_key="suggestion:7", recipient=mother) == 1

    hers.refresh_from_db()
    his.refresh_from_db()
    assert (hers.state, his.state) == (MessageState.WITHDRAWN, MessageState.QUEUED)
    assert his.not_after is None


def test_messages_without_a_thread_are_never_withdrawn_together(texts: None) -> None:
    MessageFactory(thread_key="")

    assert withdraw_thread(thread_key="") == 0


def test_a_statutory_notice_cannot_be_stopped(texts: None) -> None:
    with pytest.raises(RefusedError):
        set_preference(party=reachable(), topic="dossier_refused", is_allowed=False)


@pytest.mark.parametrize(
    ("wishes", "is_out"),
    [
        ([], False),
        ([(None, None, False)], True),
        ([("credential_expiring", None, False)], True),
        ([("age_milestone_near", None, False)], False),
        ([(None, "sms", False)], False),
        ([(None, None, False), ("credential_expiring", None, True)], False),
        ([(None, None, True), ("credential_expiring", None, False)], True),
        ([(None, None, False), (None, None, True)], False),
    ],
)
def test_who_opted_out(texts: None, wishes: list[Any], is_out: bool) -> None:
    party = reachable()
    for topic, channel, is_allowed in wishes:
        set_preference(party=party, topic=topic, channel=channel, is_allowed=is_allowed)

    found = Party.objects.filter(pk__in=opted_out_parties("credential_expiring"))

    assert found.exists() == is_out


def test_nobody_is_out_of_a_statutory_topic_by_name(texts: None) -> None:
    opt_out(party=reachable(), topic="age_milestone_near")

    assert not opted_out_parties("dossier_refused").exists()


def test_the_inbox_shows_what_was_said_in_full_words(texts: None) -> None:
    party = reachable()
    said = MessageFactory(recipient=party, state=MessageState.SENT, short_code="23456789")
    failed = MessageFactory(recipient=party, state=MessageState.FAILED, short_code="98765432")
    for state in (MessageState.QUEUED, MessageState.SUPPRESSED, MessageState.WITHDRAWN):
        MessageFactory(recipient=party, state=state)
    MessageFactory(state=MessageState.SENT)

    letters = letters_of(messages=list(inbox_of(party=party)), language="vi")

    assert {letter.public_id for letter in letters} == {said.public_id, failed.public_id}
    assert letters[0].subject.startswith("Giấy phép lái xe: có hạn đến ngày ")
    assert grouped("23456789") in {letter.code for letter in letters}
    assert letters_of(messages=[said], language="en")[0].subject.startswith("Driving licence: ")


def test_a_page_of_letters_takes_the_same_queries_however_long(texts: None) -> None:
    party = reachable()
    counts = []
    for _more in range(2):
        MessageFactory.create_batch(5, recipient=party, state=MessageState.SENT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            letters_of(messages=list(inbox_of(party=party)), language="vi")
        counts.append(len(queries))

    assert counts == [2, 2]


def test_only_the_reader_marks_a_letter_as_read(texts: None) -> None:
    party, stranger = reachable(), CitizenFactory().party
    letter = MessageFactory(recipient=party, state=MessageState.SENT)

    assert not mark_read(party=stranger, public_id=letter.public_id)
    assert mark_read(party=party, public_id=letter.public_id)
    assert not mark_read(party=party, public_id=letter.public_id)


def test_the_demo_phones_show_the_latest_first(db: None) -> None:
    for number, phone in enumerate(["+84500000001", "+84500000002", "+84500000001"]):
        delivery = DemoDelivery.received(
            reference=f"r{number}", address=phone, body=f"tin {number}"
        )
        delivery.recorded_at = clock.now() + timedelta(minutes=number)
        delivery.save()

    phones = demo_phones()

    assert [(p.address, p.message_count) for p in phones] == [
        ("+84500000001", 2),
        ("+84500000002", 1),
    ]
    assert [m.body for m in demo_messages("+84500000001")] == ["tin 2", "tin 0"]


def test_a_demo_phone_shows_every_way_by_which_its_people_are_reached(db: None) -> None:
    party = reachable()
    phone = party.contact_points.get().value
    ContactPointFactory(party=party, channel="email", value="lan@demo.invalid")
    for number, (channel, address) in enumerate(
        [("sms", phone), ("zalo", phone), ("email", "lan@demo.invalid"), ("app", "nobody")]
    ):
        DemoDelivery.received(
            reference=f"r{number}", address=address, body=channel, channel=channel
        ).save()
    ContactPointFactory(party=party, channel="zalo", value=phone)

    phones = {phone.address: phone.message_count for phone in demo_phones()}

    assert phones == {phone: 3, "nobody": 1}
    assert {row.channel for row in demo_messages(phone)} == {"sms", "zalo", "email"}


def test_the_oldest_due_message_is_known(texts: None) -> None:
    now = clock.now()
    MessageFactory(due_at=now + timedelta(hours=1))
    assert oldest_due_at(now) is None

    MessageFactory(due_at=now - timedelta(hours=2))
    MessageFactory(due_at=now - timedelta(hours=1))

    assert oldest_due_at(now) == now - timedelta(hours=2)
