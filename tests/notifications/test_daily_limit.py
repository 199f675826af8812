"""At most three SMS a civil day to a number, whoever sends them (F22)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction

from citizens.models import ContactPoint
from notifications.dispatch.daily import LIMIT, free_places, take_places
from notifications.enums import MessageState, Reason
from notifications.models import DailyCount, Message
from notifications.transports.base import TransportError
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.notifications import MessageFactory, reachable
from tests.notifications.gateways import ScriptedGateway, drain, raising
from tests.shelf import put_texts

NUMBER = "+84500007777"


def phone() -> ScriptedGateway:
    return ScriptedGateway(lambda _reference: None)


def notices(count: int, **traits: Any) -> list[Message]:
    """Return statutory notices to different people who share one number."""
    made: list[Message] = []
    for _number in range(count):
        party = CitizenFactory().party
        ContactPointFactory(party=party, value=NUMBER, verified_at=clock.now())
        made.append(MessageFactory(dossier=True, recipient=party, **traits))
    return made


@pytest.mark.usefixtures("texts", "noon")
class TestOneDispatcher:
    def test_the_fourth_waits_for_the_morning(self, noon: time_machine.Traveller) -> None:
        notices(5)
        gateway = phone()

        drain(gateway)

        held = Message.objects.filter(state=MessageState.QUEUED)
        assert len(gateway.sent) == LIMIT == 3
        assert {(m.reason, m.attempt, m.handed_at) for m in held} == {(Reason.DAILY_LIMIT, 0, None)}
        assert {m.due_at for m in held} == {datetime(2026, 11, 24, 7, 0, tzinfo=CIVIL_ZONE)}
        noon.move_to(datetime(2026, 11, 24, 7, 0, 1, tzinfo=CIVIL_ZONE))
        drain(gateway)
        assert len(gateway.sent) == 5

    def test_other_numbers_are_not_held(self) -> None:
        notices(4)
        MessageFactory.create_batch(3)
        gateway = phone()

        drain(gateway)

        assert len(gateway.sent) == 6

    def test_sign_in_codes_neither_count_nor_wait(self) -> None:
        party = reachable()
        MessageFactory.create_batch(6, recipient=party, priority=0)
        MessageFactory.create_batch(3, recipient=party, dossier=True)
        gateway = phone()

        drain(gateway)

        assert len(gateway.sent) == 9
        assert DailyCount.objects.get().sent_count == 3

    def test_the_most_urgent_take_the_places(self) -> None:
        late = notices(1, priority=9)
        urgent = notices(3)
        gateway = phone()

        drain(gateway)

        assert {sent[2] for sent in gateway.sent} == {message.reference for message in urgent}
        late[0].refresh_from_db()
        assert late[0].reason == Reason.DAILY_LIMIT

    @pytest.mark.parametrize(
        ("error", "taken"),
        [
            (TransportError("500"), 0),
            (TransportError("refused", permanent=True), 0),
            (TransportError("cut", uncertain=True), 1),
        ],
    )
    def test_a_place_comes_back_where_nothing_was_sent(
        self, error: TransportError, taken: int
    ) -> None:
        notices(1)

        drain(ScriptedGateway(raising(error), can_ask=True))

        assert DailyCount.objects.get().sent_count == taken

    def test_a_message_that_is_tried_again_takes_one_place(
        self, noon: time_machine.Traveller
    ) -> None:
        notices(1)
        gateway = ScriptedGateway(
            raising(TransportError("cut", uncertain=True)), deduplicates_for=timedelta(hours=9)
        )
        for _attempt in range(3):
            drain(gateway)
            noon.shift(timedelta(minutes=5))
        gateway.act = lambda _reference: None

        drain(gateway)

        assert len(gateway.sent) == 4
        assert DailyCount.objects.get().sent_count == 1

    def test_what_an_sms_costs_is_noted(self) -> None:
        message = MessageFactory()

        drain(phone())

        message.refresh_from_db()
        point = ContactPoint.objects.get(party=message.recipient_id)
        assert (message.part_count, message.price_vnd) == (1, 350)
        assert bytes(message.address_index) == bytes(point.value_index)


def apart(call: Callable[[], Any]) -> Any:
    try:
        return call()
    finally:
        connections.close_all()


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
class TestManyDispatchers:
    def test_no_two_take_the_same_place(self) -> None:
        day, numbers = clock.today(), [bytes([n]) * 32 for n in range(5)]

        def take(turn: int) -> int:
            with transaction.atomic():
                order = numbers[turn % 5 :] + numbers[: turn % 5]
                return sum(take_places(dict.fromkeys(order, 2), day=day).values())

        with ThreadPoolExecutor(8) as pool:
            given = list(pool.map(lambda turn: apart(lambda: take(turn)), range(24)))

        assert sum(given) == LIMIT * len(numbers)
        assert set(DailyCount.objects.values_list("sent_count", flat=True)) == {LIMIT}

    def test_places_taken_and_given_back_at_once_come_out_even(self) -> None:
        day, numbers = clock.today(), [bytes([n]) * 32 for n in range(5)]

        def take_and_return(turn: int) -> None:
            order = numbers[turn % 5 :] + numbers[: turn % 5]
            with transaction.atomic():
                got = take_places(dict.fromkeys(order, 1), day=day)
            with transaction.atomic():
                free_places((number, day) for number, count in got.items() if count)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda turn: apart(lambda: take_and_return(turn)), range(40)))

        assert set(DailyCount.objects.values_list("sent_count", flat=True)) == {0}

    def test_two_dispatchers_send_three(self) -> None:
        put_texts()
        with time_machine.travel(datetime(2026, 11, 23, 12, 0, tzinfo=CIVIL_ZONE)):
            notices(12)
            gateways = [phone(), phone()]

            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda one: apart(lambda: drain(one)), gateways))

        assert sum(len(gateway.sent) for gateway in gateways) == LIMIT
        assert Message.objects.filter(reason=Reason.DAILY_LIMIT).count() == 12 - LIMIT
