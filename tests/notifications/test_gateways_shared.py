"""Dispatchers and one gateway that fails, is paused, asks for a pause, or has a rate (F15, F11)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from notifications.dispatch import Dispatcher, Pace
from notifications.dispatch.writing import write_outcomes
from notifications.enums import Channel, MessageState, Priority, Reason
from notifications.models import GatewayState, Message
from notifications.rules.service import FAILURES_IN_A_ROW
from notifications.transports.base import Transport, TransportError
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from portal.common import clock
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import QUICK, ScriptedGateway, drain, raising

pytestmark = pytest.mark.usefixtures("texts", "noon")

DOWN = raising(TransportError("500"))
ONE_BY_ONE = Pace(in_flight=1, write_every=0.01, send_timeout=0.3, stop_within=0.5)


def state() -> GatewayState:
    return GatewayState.objects.get(pk=Channel.SMS)


def test_a_gateway_that_fails_is_left_alone_and_everybody_knows() -> None:
    MessageFactory.create_batch(30)
    gateway = ScriptedGateway(DOWN, can_ask=True)

    drain(gateway, pace=ONE_BY_ONE)
    drain(ScriptedGateway(raising(AssertionError("it rests"))), pace=ONE_BY_ONE)

    assert len(gateway.sent) == FAILURES_IN_A_ROW
    assert state().broken_until is not None
    assert state().failure_count == FAILURES_IN_A_ROW
    assert state().last_error == "500"
    held = Message.objects.filter(reason=Reason.GATEWAY_BROKEN)
    assert held.count() == 30 - FAILURES_IN_A_ROW
    # What was only held did not count as a try.
    assert set(held.values_list("attempt", "handed_at", "state")) == {(0, None, "queued")}


def test_a_probe_finds_out_whether_it_works_again(noon: time_machine.Traveller) -> None:
    MessageFactory.create_batch(30)
    gateway = ScriptedGateway(DOWN, can_ask=True)
    drain(gateway, pace=ONE_BY_ONE)
    began = clock.now()
    noon.move_to(began + timedelta(seconds=6))
    Message.objects.update(due_at=clock.now())
    drain(gateway, pace=ONE_BY_ONE)
    tried = len(gateway.sent)
    rested = state()
    noon.move_to(clock.now() + timedelta(seconds=11))
    Message.objects.update(due_at=clock.now())
    gateway.act = lambda _reference: None

    tally = drain(gateway, pace=ONE_BY_ONE)

    assert tried == FAILURES_IN_A_ROW + 1
    assert rested.failure_count == FAILURES_IN_A_ROW + 1
    assert rested.broken_until is not None
    assert rested.broken_until - began > timedelta(seconds=15)
    assert tally["sent"] == 30
    assert (state().broken_until, state().failure_count) == (None, 0)
    assert state().last_success_at is not None


def test_a_relay_that_greylists_everybody_is_not_left_alone() -> None:
    MessageFactory.create_batch(30)
    put_off = TransportError("450", of_message=True, retry_after=timedelta(minutes=5))
    gateway = ScriptedGateway(raising(put_off))

    drain(gateway, pace=ONE_BY_ONE)

    # Each was tried, each comes again for itself, and others may go at once.
    assert len(gateway.sent) == 30
    assert (state().broken_until, state().free_at) == (None, None)
    waiting = Message.objects.filter(state=MessageState.QUEUED, reason=Reason.RETRY)
    assert waiting.filter(due_at__gte=clock.now() + timedelta(minutes=4)).count() == 30
    assert state().last_success_at is None


def test_a_probe_that_is_put_off_shows_that_the_relay_works(noon: time_machine.Traveller) -> None:
    MessageFactory.create_batch(20)
    drain(ScriptedGateway(DOWN), pace=ONE_BY_ONE)
    assert state().broken_until is not None
    noon.move_to(clock.now() + timedelta(seconds=6))
    Message.objects.update(due_at=clock.now())
    gateway = ScriptedGateway(raising(TransportError("450", of_message=True)))

    drain(gateway, pace=ONE_BY_ONE)

    assert state().broken_until is None
    assert len({reference for _address, _body, reference in gateway.sent}) == 20


def test_who_works_until_nothing_is_due_waits_for_what_a_gateway_wakes(
    noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    MessageFactory.create_batch(20)
    drain(ScriptedGateway(DOWN), pace=ONE_BY_ONE)
    noon.move_to(clock.now() + timedelta(seconds=6))
    Message.objects.update(due_at=clock.now())

    def write_slowly(outcomes: Any) -> None:
        # The next claim stands in line by then, before what this one's news will wake.
        time.sleep(0.05)
        write_outcomes(outcomes)

    monkeypatch.setattr("notifications.dispatch.loop.write_outcomes", write_slowly)

    assert drain(ScriptedGateway(lambda _reference: None), pace=ONE_BY_ONE)["sent"] == 20


def test_a_paused_gateway_gets_nothing_and_all_when_it_is_let_go_on() -> None:
    GatewayState.objects.create(channel=Channel.SMS, is_paused=True)
    MessageFactory.create_batch(5)

    drain(ScriptedGateway(raising(AssertionError("it is paused"))))

    held = Message.objects.filter(state=MessageState.QUEUED, reason=Reason.CHANNEL_PAUSED)
    assert held.count() == 5
    GatewayState.objects.update(is_paused=False)
    assert drain(ScriptedGateway(lambda _reference: None)) == {"sent": 5}


def test_a_pause_stops_what_is_in_hand() -> None:
    MessageFactory.create_batch(40)
    gateway = ScriptedGateway(lambda _reference: None, can_ask=True)
    transports: dict[Channel, Transport] = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    dispatcher = Dispatcher(transports, pace=ONE_BY_ONE)

    def pause(_reference: str) -> Any:
        dispatcher._gateways.views[Channel.SMS].is_paused = True

    gateway.act = pause
    dispatcher.run(until_empty=True)

    assert len(gateway.sent) == 1
    assert Message.objects.filter(reason=Reason.CHANNEL_PAUSED, attempt=0).count() == 39


def test_a_gateway_that_asks_for_time_gets_it_from_all_messages() -> None:
    MessageFactory.create_batch(10)
    error = TransportError("429", retry_after=timedelta(seconds=30))
    gateway = ScriptedGateway(raising(error), can_ask=True)

    drain(gateway, pace=ONE_BY_ONE)
    drain(ScriptedGateway(raising(AssertionError("it asked for 30 s"))), pace=ONE_BY_ONE)

    assert len(gateway.sent) == 1
    waits = [due - clock.now() for due in Message.objects.values_list("due_at", flat=True)]
    assert min(waits) > timedelta(seconds=25)
    assert Message.objects.filter(reason=Reason.GATEWAY_BUSY, attempt=0).count() == 9


def test_in_doubt_it_waits_for_its_own_gateway() -> None:
    message = MessageFactory(orphaned=True)
    GatewayState.objects.create(channel=Channel.SMS, is_paused=True)

    drain(ScriptedGateway(raising(AssertionError()), can_ask=True))

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.QUEUED, Reason.CHANNEL_PAUSED)
    assert message.handed_at is not None


# ------------------------------------------------------------------------------------- rate
def test_the_rate_is_shared_and_a_backlog_is_planned_once() -> None:
    MessageFactory.create_batch(30)
    gateways = [SimulatedGateway(rate=1) for _ in range(3)]
    began = time.monotonic()

    for gateway in gateways:
        drain(gateway)

    sent = sum(sum(gateway.delivered.values()) for gateway in gateways)
    assert 2 <= sent <= 2 + time.monotonic() - began
    # The rest has its hour, one a second; it was not tried.
    waiting = Message.objects.filter(reason=Reason.GATEWAY_BUSY).order_by("due_at")
    due = list(waiting.values_list("due_at", flat=True))
    assert len(due) == 30 - sent
    assert due[-1] - due[0] >= timedelta(seconds=len(due) - 3)
    assert set(waiting.values_list("attempt", flat=True)) == {0}


def test_who_comes_later_goes_behind_the_backlog_and_a_code_before_it() -> None:
    gateway = SimulatedGateway(rate=0.5)
    transports: dict[Channel, Transport] = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    dispatcher = Dispatcher(transports, pace=QUICK)
    MessageFactory.create_batch(10)
    dispatcher.run(until_empty=True)
    last_planned = max(Message.objects.values_list("due_at", flat=True))
    late = MessageFactory()
    code = MessageFactory(priority=Priority.CODE)

    dispatcher._stopping.clear()
    dispatcher.run(until_empty=True)

    late.refresh_from_db()
    code.refresh_from_db()
    assert code.state == MessageState.SENT
    assert (late.state, late.reason) == (MessageState.QUEUED, Reason.GATEWAY_BUSY)
    assert late.due_at > last_planned
