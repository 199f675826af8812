"""The dispatcher in this process: what becomes of a message that can be sent."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from notifications.dispatch import Dispatcher, Pace
from notifications.enums import AttemptOutcome, Channel, MessageState, Reason
from notifications.models import DemoDelivery, Gate, Message
from notifications.rules.timing import MAX_ATTEMPTS
from notifications.services import enqueue, opt_out, withdraw_thread
from notifications.transports.demo import DemoPhones
from notifications.transports.simulator import SimulatedGateway
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.notifications import MessageFactory, reachable, reminder_params
from tests.notifications.gateways import (
    QUICK,
    ScriptedGateway,
    change_recipient,
    drain,
    raising,
)

pytestmark = pytest.mark.usefixtures("texts", "noon")


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
        (lambda m: change_recipient(m, died_on=clock.today()), Reason.DECEASED),
        (lambda m: change_recipient(m, emigrated_on=clock.today()), Reason.EMIGRATED),
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


def test_production_sends_nothing_to_an_invented_number(settings: Settings) -> None:
    settings.REFUSE_DEMO_NUMBERS = True
    invented, real = MessageFactory(), MessageFactory(recipient=CitizenFactory().party)
    ContactPointFactory(party=real.recipient, value="+84912000001")
    gateway = ScriptedGateway(lambda _reference: None)

    tally = drain(gateway)

    invented.refresh_from_db()
    assert tally == {"sent": 1, "suppressed": 1}
    assert (invented.state, invented.reason) == (MessageState.SUPPRESSED, Reason.DEMO_NUMBER)
    assert [sent[0] for sent in gateway.sent] == ["+84912000001"]


def test_a_withdrawn_message_never_leaves() -> None:
    MessageFactory(thread_key="suggestion:1")
    withdraw_thread(thread_key="suggestion:1")

    assert drain(ScriptedGateway(raising(AssertionError()))) == {}


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


def test_who_called_the_command_hears_of_a_signal(settings: Settings) -> None:
    """`run` drains the outbox first; asked to end meanwhile, it must not go on to serve."""
    settings.SMS_URL = "demo+sim:?delay_ms=200&ask=yes"
    MessageFactory.create_batch(300)
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    asking = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    asking.start()
    try:
        call_command("dispatch", "--until-empty")
    finally:
        asking.join()
        signal.signal(signal.SIGTERM, before)

    assert heard == [signal.SIGTERM]
    assert Message.objects.filter(state=MessageState.QUEUED).exists()
