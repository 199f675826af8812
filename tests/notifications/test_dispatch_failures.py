"""The dispatcher in this process: failed sends, and what a dead sender left in doubt."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from notifications.enums import AttemptOutcome, MessageState, Reason
from notifications.rules.timing import MAX_ATTEMPTS, MAX_CLAIMS
from notifications.transports.base import Acceptance, TransportError
from portal.common import clock
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import (
    ScriptedGateway,
    change_recipient,
    drain,
    make_due,
    raising,
)

pytestmark = pytest.mark.usefixtures("texts", "noon")


class UnaskedGateway(ScriptedGateway):
    """A gateway that answers every question with an error."""

    refusal: TransportError

    async def ask(self, reference: str) -> Acceptance | None:
        raise self.refusal


# ----------------------------------------------------------------------------------- failures
FAILURES = [
    # traits, error, state, reason, still in doubt
    ({"can_ask": True}, TransportError("500"), "queued", Reason.RETRY, False),
    ({"can_ask": True}, TransportError("cut", uncertain=True), "queued", Reason.RETRY, True),
    ({"can_ask": True}, TransportError("bad", permanent=True), "failed", "gateway_refused", False),
    ({}, TransportError("500"), "queued", Reason.RETRY, False),
    ({}, TransportError("cut", uncertain=True), "unknown", "outcome_unknown", False),
    ({}, ValueError("a bug"), "unknown", "outcome_unknown", False),
    ({"can_ask": True}, ValueError("a bug"), "queued", Reason.RETRY, True),
]


@pytest.mark.parametrize(("traits", "error", "state", "reason", "in_doubt"), FAILURES)
def test_a_failed_send(
    traits: dict[str, Any], error: Exception, state: str, reason: str, in_doubt: bool
) -> None:
    message = MessageFactory()

    drain(ScriptedGateway(raising(error), **traits))

    message.refresh_from_db()
    assert (message.state, message.reason) == (state, reason)
    assert (message.handed_at is not None) == in_doubt
    assert message.attempts.count() == 1
    if state == "queued":
        assert timedelta(0) < message.due_at - clock.now() <= timedelta(seconds=5)


def test_a_gateway_names_its_own_time() -> None:
    message = MessageFactory()
    error = TransportError("429", retry_after=timedelta(minutes=10))

    drain(ScriptedGateway(raising(error)))

    message.refresh_from_db()
    assert message.due_at - clock.now() > timedelta(minutes=9)


def test_a_silent_gateway_is_left_after_its_time() -> None:
    message = MessageFactory()

    drain(ScriptedGateway(lambda _reference: asyncio.sleep(30), can_ask=True))

    attempt = message.attempts.get()
    assert (attempt.outcome, attempt.detail) == (AttemptOutcome.UNKNOWN, "no answer in time")


def test_after_enough_failures_it_is_given_up() -> None:
    message = MessageFactory()
    gateway = ScriptedGateway(raising(TransportError("500")))

    for _attempt in range(MAX_ATTEMPTS + 2):
        drain(gateway)
        make_due(message)

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.FAILED, Reason.GAVE_UP)
    assert len(gateway.sent) == message.attempts.count() == MAX_ATTEMPTS


def test_a_poison_message_is_set_aside_and_the_others_go() -> None:
    poison = MessageFactory(params={"paper": None})
    others = MessageFactory.create_batch(3)
    gateway = ScriptedGateway(lambda _reference: None)

    for _attempt in range(MAX_ATTEMPTS):
        drain(gateway)
        make_due(poison)

    poison.refresh_from_db()
    assert (poison.state, poison.reason) == (MessageState.PARKED, Reason.POISON)
    assert poison.attempt == MAX_ATTEMPTS
    assert {sent[2] for sent in gateway.sent} == {message.reference for message in others}


def test_a_message_that_kills_its_sender_before_any_gateway_is_set_aside() -> None:
    message = MessageFactory(
        orphaned=True,
        handed_at=None,
        channel=None,
        attempt=MAX_CLAIMS,
        forgiven=MAX_CLAIMS - MAX_ATTEMPTS,
    )

    drain(ScriptedGateway(raising(AssertionError())))

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.PARKED, Reason.GAVE_UP)


# ------------------------------------------------------------------------------------- doubt
@pytest.mark.parametrize(
    ("traits", "was_accepted", "state", "send_count"),
    [
        ({"can_ask": True}, True, "sent", 0),
        ({"can_ask": True}, False, "sent", 1),
        ({"deduplicates_for": timedelta(hours=24)}, True, "sent", 1),
        ({"deduplicates_for": timedelta(seconds=30)}, True, "unknown", 0),
        ({}, False, "unknown", 0),
    ],
)
def test_what_a_dead_sender_left(
    traits: dict[str, Any], was_accepted: bool, state: str, send_count: int
) -> None:
    message = MessageFactory(orphaned=True)
    gateway = ScriptedGateway(lambda _reference: None, **traits)
    if was_accepted:
        gateway.known.add(message.reference)

    drain(gateway)

    message.refresh_from_db()
    assert message.state == state
    assert [sent[2] for sent in gateway.sent] == [message.reference] * send_count
    assert message.attempts.get(number=1).outcome == AttemptOutcome.UNKNOWN


def test_a_gateway_that_refuses_the_question_has_not_refused_the_message() -> None:
    message = MessageFactory(orphaned=True)
    refusal = TransportError("bad question", permanent=True)
    gateway = UnaskedGateway(raising(AssertionError()), can_ask=True)
    gateway.refusal = refusal

    drain(gateway)

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.QUEUED, Reason.RETRY)
    assert message.handed_at is not None
    for _attempt in range(MAX_ATTEMPTS):
        make_due(message)
        drain(gateway)
    message.refresh_from_db()
    assert (message.state, message.next_channel_at) == (MessageState.UNKNOWN, None)
    assert gateway.sent == []


def test_a_doubtful_message_that_cannot_be_sent_again_is_left_to_a_person() -> None:
    """Its template went meanwhile: whether the first attempt brought it, nobody has said."""
    message = MessageFactory(orphaned=True)
    gone = TransportError("no approved template", permanent=True, before_asking=True)

    drain(ScriptedGateway(raising(gone), deduplicates_for=timedelta(hours=24)))

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.UNKNOWN, Reason.OUTCOME_UNKNOWN)
    assert message.next_channel_at is None


def test_a_doubtful_message_without_words_is_left_to_a_person() -> None:
    message = MessageFactory(orphaned=True, params={"paper": None})
    gateway = ScriptedGateway(raising(AssertionError()), deduplicates_for=timedelta(hours=24))

    for _attempt in range(MAX_ATTEMPTS + 1):
        drain(gateway)
        make_due(message)

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.UNKNOWN, Reason.POISON)


def test_a_message_under_way_is_left_alone() -> None:
    message = MessageFactory(being_sent=True)

    assert drain(ScriptedGateway(raising(AssertionError()))) == {}
    message.refresh_from_db()
    assert message.attempt == 1


def test_a_doubtful_message_to_somebody_who_died_is_left_to_a_person() -> None:
    message = MessageFactory(orphaned=True)
    change_recipient(message, died_on=clock.today())
    day = timedelta(hours=24)

    drain(ScriptedGateway(raising(AssertionError()), deduplicates_for=day))

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.UNKNOWN, Reason.DECEASED)
