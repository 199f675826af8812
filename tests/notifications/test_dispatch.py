"""The dispatcher in this process: what becomes of a message, outcome by outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from notifications.dispatch import Dispatcher, Pace, Tally
from notifications.enums import AttemptOutcome, Channel, MessageState, Reason
from notifications.models import DemoDelivery, Gate, Message
from notifications.rules.timing import MAX_ATTEMPTS
from notifications.services import enqueue, opt_out, withdraw_thread
from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.demo import DemoPhones
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.notifications import MessageFactory, reachable, reminder_params

pytestmark = pytest.mark.usefixtures("texts", "noon")

QUICK = Pace(in_flight=8, write_every=0.01, send_timeout=0.3, stop_within=0.5)


class ScriptedGateway:
    """A gateway that does what a test says: a function of the address and reference."""

    def __init__(self, act: Callable[[str], Any], **traits: Any) -> None:
        self.traits = Traits(**traits)
        self.act = act
        self.sent: list[tuple[str, str, str]] = []
        self.known: set[str] = set()

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        self.sent.append((address, content.body, reference))
        result = self.act(reference)
        if asyncio.iscoroutine(result):
            await result
        self.known.add(reference)
        return Acceptance("g1")

    async def ask(self, reference: str) -> Acceptance | None:
        return Acceptance("asked") if reference in self.known else None

    async def aclose(self) -> None:
        return


def raising(error: Exception) -> Callable[[str], Any]:
    def act(_reference: str) -> Any:
        raise error

    return act


def drain(gateway: Any, *, pace: Pace = QUICK, **options: Any) -> Tally:
    transports = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    return Dispatcher(transports, pace=pace, **options).run(until_empty=True)


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(due_at=clock.now())


def test_a_message_is_sent_once_and_noted() -> None:
    message = MessageFactory()
    gateway = ScriptedGateway(lambda _reference: None)

    tally = drain(gateway)
    drain(gateway)

    message.refresh_from_db()
    assert tally == {"sent": 1}
    assert len(gateway.sent) == 1
    address, body, reference = gateway.sent[0]
    assert address.startswith("+8450")
    assert body == message.rendered
    assert reference == message.reference
    assert (message.state, message.channel, message.text_version) == ("sent", "sms", 1)
    assert (message.lease_until, message.handed_at) == (None, None)
    assert message.sent_at is not None
    assert message.gateway_reference == "g1"
    attempt = message.attempts.get()
    assert (attempt.number, attempt.outcome) == (1, AttemptOutcome.ACCEPTED)


def test_demo_phones_receive_it() -> None:
    MessageFactory.create_batch(30)

    tally = drain(DemoPhones())

    assert tally == {"sent": 30}
    assert DemoDelivery.objects.count() == 30


def test_who_has_no_address_finds_it_in_the_inbox() -> None:
    message = MessageFactory(recipient=CitizenFactory().party)

    tally = drain(ScriptedGateway(raising(AssertionError("nobody to send to"))))

    message.refresh_from_db()
    assert tally == {"sent": 1}
    assert message.channel == Channel.INBOX


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda m: _change(m, died_on=clock.today()), Reason.DECEASED),
        (lambda m: _change(m, emigrated_on=clock.today()), Reason.EMIGRATED),
        (lambda m: opt_out(party=m.recipient), Reason.OPTED_OUT),
        (lambda m: _not_after(m), Reason.TOO_LATE),
    ],
    ids=["dead", "gone", "opted out", "too late"],
)
def test_the_last_check_is_when_it_leaves(prepare: Callable[[Message], Any], reason: str) -> None:
    message, other = MessageFactory(), MessageFactory()
    prepare(message)
    gateway = ScriptedGateway(lambda _reference: None)

    tally = drain(gateway)

    message.refresh_from_db()
    assert tally == {"sent": 1, "suppressed": 1}
    assert (message.state, message.reason) == (MessageState.SUPPRESSED, reason)
    assert [sent[2] for sent in gateway.sent] == [other.reference]


def _change(message: Message, **facts: Any) -> None:
    assert message.recipient is not None
    citizen = message.recipient.citizen
    type(citizen).objects.filter(pk=citizen.pk).update(**facts)


def _not_after(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_after=clock.now())


def test_a_changed_number_is_used_and_a_shared_one_hears_nothing_private() -> None:
    message = MessageFactory()
    newer = clock.now()
    ContactPointFactory(
        party=message.recipient, value="+84509999999", verified_at=newer, shared=True
    )
    gateway = ScriptedGateway(lambda _reference: None)

    drain(gateway)

    address, body, _reference = gateway.sent[0]
    assert address == "+84509999999"
    assert "Giay phep" not in body


def test_a_withdrawn_message_never_leaves() -> None:
    MessageFactory(thread_key="suggestion:1")
    withdraw_thread(thread_key="suggestion:1")

    assert drain(ScriptedGateway(raising(AssertionError()))) == {}


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
    message = MessageFactory(orphaned=True, handed_at=None, channel=None, attempt=MAX_ATTEMPTS)

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


def test_a_message_under_way_is_left_alone() -> None:
    message = MessageFactory(being_sent=True)

    assert drain(ScriptedGateway(raising(AssertionError()))) == {}
    message.refresh_from_db()
    assert message.attempt == 1


def test_a_doubtful_message_to_somebody_who_died_is_left_to_a_person() -> None:
    message = MessageFactory(orphaned=True)
    _change(message, died_on=clock.today())
    day = timedelta(hours=24)

    drain(ScriptedGateway(raising(AssertionError()), deduplicates_for=day))

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.UNKNOWN, Reason.DECEASED)


# -------------------------------------------------------------------------------- quiet hours
def test_at_night_messages_wait_and_the_attempt_does_not_count(
    noon: time_machine.Traveller,
) -> None:
    message = MessageFactory()
    noon.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=CIVIL_ZONE))
    gateway = ScriptedGateway(lambda _reference: None)

    drain(gateway)

    message.refresh_from_db()
    assert not gateway.sent
    assert (message.state, message.reason, message.attempt) == ("queued", "quiet_hours", 0)
    assert message.due_at == datetime(2026, 11, 24, 7, 0, tzinfo=CIVIL_ZONE)
    noon.move_to(datetime(2026, 11, 24, 7, 0, 1, tzinfo=CIVIL_ZONE))
    assert drain(gateway) == {"sent": 1}


def test_quiet_hours_can_be_lifted(noon: time_machine.Traveller) -> None:
    MessageFactory.create_batch(2)
    noon.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=CIVIL_ZONE))
    gateway = ScriptedGateway(lambda _reference: None)
    drain(gateway)

    assert drain(gateway, lift_quiet_hours=True) == {"sent": 2}


def test_nothing_leaves_while_the_gate_is_closed() -> None:
    MessageFactory()
    Gate.objects.create(pk=1, paused=True)

    assert drain(ScriptedGateway(raising(AssertionError()))) == {}

    Gate.objects.update(paused=False)
    assert drain(ScriptedGateway(lambda _reference: None)) == {"sent": 1}


# ---------------------------------------------------------------------------------- the rest
def test_the_urgent_leave_first() -> None:
    late = MessageFactory.create_batch(3)
    urgent = MessageFactory(dossier=True)
    gateway = ScriptedGateway(lambda _reference: None)

    drain(gateway, pace=Pace(in_flight=1, write_every=0.01))

    assert gateway.sent[0][2] == urgent.reference
    assert len(gateway.sent) == len(late) + 1


def test_secrets_are_wiped_once_said() -> None:
    params = reminder_params()
    secret = {"paper": params.pop("paper")}
    message = enqueue(
        topic="credential_expiring",
        recipient=reachable(),
        params=params,
        secret_params=secret,
        dedupe_key="secret",
        due_at=clock.now(),
    )
    gateway = ScriptedGateway(lambda _reference: None)

    drain(gateway)

    assert message is not None
    message.refresh_from_db()
    assert "Giay phep lai xe" in gateway.sent[0][1]
    assert (message.secret_params_enc, message.rendered) == (None, "")


def test_concurrency_is_bounded() -> None:
    MessageFactory.create_batch(40)
    gateway = SimulatedGateway(delay=0.01)

    drain(gateway)

    assert sum(gateway.delivered.values()) == 40
    assert 1 < gateway.most_in_flight <= QUICK.in_flight


def test_stopping_gives_back_what_was_not_begun() -> None:
    MessageFactory.create_batch(30)
    gateway = ScriptedGateway(lambda _reference: None, can_ask=True)
    dispatcher = Dispatcher({Channel.SMS: gateway}, pace=QUICK)
    gateway.act = lambda _reference: dispatcher.stop()

    dispatcher.run()

    states = set(Message.objects.values_list("state", "attempt", "handed_at"))
    assert states == {("sent", 1, None), ("queued", 0, None)}
    assert Message.objects.filter(state="sent").count() == len(gateway.sent) < 30


def test_stopping_does_not_wait_for_a_silent_gateway() -> None:
    MessageFactory.create_batch(10)
    gateway = ScriptedGateway(lambda _reference: None, can_ask=True)
    pace = Pace(in_flight=4, write_every=0.01, send_timeout=60, stop_within=0.2, lease=120)
    dispatcher = Dispatcher({Channel.SMS: gateway}, pace=pace)

    def act(_reference: str) -> Any:
        dispatcher.stop()
        return asyncio.sleep(30)

    gateway.act = act

    dispatcher.run()

    assert not Message.objects.filter(state=MessageState.SENDING).exists()
    assert Message.objects.filter(handed_at__isnull=False).count() == len(gateway.sent)


def test_no_log_line_holds_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    party = reachable()
    MessageFactory(recipient=party)
    MessageFactory(recipient=party, params={"paper": None}, attempt=MAX_ATTEMPTS - 1)
    phone = party.contact_points.get().value

    def act(_reference: str) -> Any:
        raise ValueError(f"cannot send to {phone}")

    drain(ScriptedGateway(act))

    assert "messages_not_sent" in caplog.text
    assert phone.removeprefix("+84") not in caplog.text
    assert not Message.objects.filter(attempts__detail__contains=phone[-9:]).exists()


def test_the_command_says_what_was_done_and_what_waits(
    settings: Settings, capsys: pytest.CaptureFixture[str], noon: time_machine.Traveller
) -> None:
    settings.SMS_URL = "demo+sim:?quiet=yes"
    MessageFactory.create_batch(3)
    MessageFactory(recipient=CitizenFactory().party)
    noon.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=CIVIL_ZONE))

    call_command("dispatch", "--until-empty")
    held = capsys.readouterr().out
    call_command("dispatch", "--until-empty", "--now")
    lifted = capsys.readouterr().out

    assert "sent 1" in held
    assert "Held: 3 from 24/11/2026 07:00 (quiet hours)." in held
    assert lifted.strip() == "Messages: sent 3."
