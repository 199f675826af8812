"""Receipts against the outbox: kept once, counted under the row's lock, early ones not lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from notifications.dispatch.parcels import Outcome
from notifications.dispatch.writing import write_outcomes
from notifications.enums import Channel, MessageState, Reason
from notifications.models import Message, ReceiptInbox, Topic
from notifications.rules.receipts import Receipt
from notifications.services import record_receipts
from notifications.services.apply_receipts import share_outcomes
from portal.common import clock
from tests.factories.notifications import MessageFactory, reachable
from tests.notifications.gateways import ScriptedGateway, drain
from tests.shelf import put_texts
from tests.sizes import of_storms

SENT = {"state": MessageState.SENT, "channel": "sms"}
# At full size ten thousand messages in 24 orders; `make storms` says so.
PER_ORDER = of_storms(10, 417)
A_CALL = 500  # receipts that a gateway may tell at once


def told(message: Message | str, *statuses: str, channel: Channel = Channel.SMS) -> Any:
    reference = message if isinstance(message, str) else message.reference
    heard = [Receipt(reference, status) for status in statuses]
    return record_receipts(channel=channel, receipts=heard)


def sent_message(**facts: Any) -> Message:
    message: Message = MessageFactory(**(SENT | {"sent_at": clock.now()} | facts))
    return message


@pytest.mark.usefixtures("texts", "noon")
class TestOne:
    def test_what_arrived_is_noted(self) -> None:
        message = sent_message()

        recorded = told(message, "delivered")

        message.refresh_from_db()
        assert (recorded.new_count, recorded.changed_count) == (1, 1)
        assert (message.state, message.reason) == ("delivered", "")
        assert message.sent_at is not None
        assert message.delivered_at is not None
        assert message.delivered_at >= message.sent_at
        assert message.read_at is None

    def test_what_was_read_needs_no_other_channel(self) -> None:
        message = sent_message(next_channel_at=clock.now() + timedelta(days=3))

        told(message, "read")

        message.refresh_from_db()
        assert (message.state, message.next_channel_at) == ("delivered", None)
        assert message.read_at is not None

    def test_what_failed_goes_another_way_at_once(self) -> None:
        message = sent_message()

        told(message, "failed")

        message.refresh_from_db()
        assert (message.state, message.reason) == ("failed", Reason.NOT_DELIVERED)
        assert message.next_channel_at is not None
        assert message.next_channel_at <= clock.now()

    def test_what_arrived_after_all_goes_no_other_way(self) -> None:
        message = sent_message()
        told(message, "failed")

        told(message, "delivered", "failed")

        message.refresh_from_db()
        assert (message.state, message.reason) == ("delivered", "")
        assert message.next_channel_at is None

    @pytest.mark.parametrize("status", ["sent", "delivered", "failed"])
    def test_a_late_receipt_closes_what_was_unknown(self, status: str) -> None:
        message = sent_message(
            state=MessageState.UNKNOWN, reason=Reason.OUTCOME_UNKNOWN, handed_at=clock.now()
        )

        told(message, status)

        message.refresh_from_db()
        assert (message.state, message.handed_at) == (status, None)
        assert message.reason != Reason.OUTCOME_UNKNOWN

    def test_the_gateways_own_reference_will_do(self) -> None:
        message = sent_message(gateway_reference="esms-77")

        told("esms-77", "delivered")

        message.refresh_from_db()
        assert message.state == MessageState.DELIVERED

    def test_the_same_receipt_again_changes_nothing(self) -> None:
        message = sent_message()
        told(message, "delivered")
        message.refresh_from_db()

        again = told(message, "delivered", "delivered")

        first = message.delivered_at
        message.refresh_from_db()
        assert (again.new_count, again.changed_count) == (0, 0)
        assert (ReceiptInbox.objects.count(), message.delivered_at) == (1, first)

    def test_a_receipt_of_another_channel_is_kept_and_counts_for_nothing(self) -> None:
        message = sent_message()

        recorded = told(message, "failed", "delivered", channel=Channel.ZALO)

        message.refresh_from_db()
        assert (recorded.new_count, recorded.quarantined_count) == (2, 1)
        assert message.state == MessageState.SENT

    def test_what_names_nobody_is_kept(self) -> None:
        recorded = told("0" * 32, "delivered")

        assert (recorded.new_count, recorded.quarantined_count) == (1, 1)


@pytest.mark.usefixtures("texts", "noon")
class TestEarly:
    @pytest.mark.parametrize("by_gateway", [True, False])
    @pytest.mark.parametrize("status", ["delivered", "failed"])
    def test_a_receipt_before_our_own_sent_counts_when_that_is_written(
        self, status: str, by_gateway: bool
    ) -> None:
        message = MessageFactory()
        reference = "g1" if by_gateway else message.reference
        gateway = ScriptedGateway(lambda _reference: None, has_receipts=True)
        told(reference, status)

        drain(gateway)

        message.refresh_from_db()
        assert message.state == status
        assert message.sent_at is not None

    @pytest.mark.parametrize("status", ["sent", "delivered"])
    def test_what_is_there_after_all_may_still_lie_unread(self, status: str) -> None:
        message = sent_message(
            state=MessageState.UNKNOWN, channel="app", sent_at=None, handed_at=clock.now()
        )
        Topic.objects.filter(pk=message.topic_id).update(next_channel_after_days=3)

        told(message, status, channel=Channel.APP)

        message.refresh_from_db()
        assert message.sent_at is not None
        assert message.next_channel_at == message.sent_at + timedelta(days=3)

    def test_what_was_given_up_and_arrived_needs_no_other_way_at_once(self) -> None:
        message = sent_message(
            state=MessageState.FAILED, reason=Reason.GAVE_UP, next_channel_at=clock.now()
        )

        told(message, "delivered")

        message.refresh_from_db()
        assert (message.state, message.next_channel_at) == ("delivered", None)

    def test_an_outcome_that_stays_unknown_is_closed_by_what_came_before(self) -> None:
        message = MessageFactory(being_sent=True)
        told(message, "delivered")

        write_outcomes([Outcome(message, MessageState.UNKNOWN, Reason.OUTCOME_UNKNOWN)])

        message.refresh_from_db()
        assert message.state == MessageState.DELIVERED

    def test_it_costs_a_lock_and_one_query_a_flush_and_only_where_there_are_receipts(self) -> None:
        def queries(*, has_receipts: bool) -> int:
            messages = MessageFactory.create_batch(5, being_sent=True)
            outcomes = [
                Outcome(row, MessageState.SENT, sent_at=clock.now(), has_receipts=has_receipts)
                for row in messages
            ]
            with CaptureQueriesContext(connection) as seen:
                write_outcomes(outcomes)
            return len([one for one in seen if "SAVEPOINT" not in one["sql"]])

        assert queries(has_receipts=True) == queries(has_receipts=False) + 2


@pytest.mark.usefixtures("texts", "noon")
def test_all_orders_of_receipts_end_alike_in_the_database() -> None:
    # Given messages for each order of four receipts, one of them twice
    party = reachable()
    orders = list(permutations(("sent", "delivered", "failed", "again")))
    size = len(orders) * PER_ORDER
    built = MessageFactory.build_batch(size, recipient=party, sent_at=clock.now(), **SENT)
    messages = Message.objects.bulk_create(built)
    plans = [
        (
            message,
            [("sent", "delivered", "failed")[number % 3] if w == "again" else w for w in order],
        )
        for number, (message, order) in enumerate(zip(messages, orders * PER_ORDER, strict=True))
    ]

    # When they come one after the other
    for step in range(4):
        heard = [Receipt(message.reference, words[step]) for message, words in plans]
        for first in range(0, size, A_CALL):
            record_receipts(channel=Channel.SMS, receipts=heard[first : first + A_CALL])

    # Then what arrived has arrived
    assert set(Message.objects.values_list("state", "reason", "next_channel_at")) == {
        ("delivered", "", None)
    }
    assert ReceiptInbox.objects.count() == 3 * len(messages)


# ------------------------------------------------------------------------- at the same time
def _apart(call: Callable[[], Any]) -> Any:
    try:
        return call()
    finally:
        connections.close_all()


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def _texts(self, transactional_db: None) -> None:
        put_texts()

    def test_a_receipt_waits_for_the_writer_that_makes_its_name_known(self) -> None:
        # Given a dispatcher that wrote "sent" with the gateway's reference, and has not committed
        message = MessageFactory(being_sent=True)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                share_outcomes()
                Message.objects.update(state=MessageState.SENT, gateway_reference="g-9")

                # When its receipt comes now
                receipt = pool.submit(_apart, lambda: told("g-9", "delivered"))
                with pytest.raises(TimeoutError):
                    receipt.result(timeout=0.5)
            receipt.result(timeout=10)

        # Then it waited, and counts
        message.refresh_from_db()
        assert message.state == MessageState.DELIVERED

    @pytest.mark.parametrize("by_gateway", [True, False])
    def test_receipts_that_race_with_the_writer_all_count(self, by_gateway: bool) -> None:
        # Given a gateway that reports each message from another thread while it still answers
        messages = MessageFactory.create_batch(60)
        pool = ThreadPoolExecutor(4)
        heard = []

        class Hasty(ScriptedGateway):
            async def send(self, **given: Any) -> Any:
                accepted = await super().send(**given)
                name = given["reference"]
                own = f"g-{name[:12]}" if by_gateway else name
                heard.append(pool.submit(_apart, lambda: told(own, "delivered")))
                return type(accepted)(gateway_reference=f"g-{name[:12]}")

        # When all are sent
        drain(Hasty(lambda _reference: None, has_receipts=True, keeps_quiet_hours=False))
        pool.shutdown()

        # Then every one has arrived
        assert [one.result().new_count for one in heard] == [1] * len(messages)
        assert set(Message.objects.values_list("state", flat=True)) == {"delivered"}
