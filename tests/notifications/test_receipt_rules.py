"""What receipts prove: all orders of the same ones end alike, nothing falls back (F17, F18)."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from typing import Any

import pytest

from notifications.enums import Channel, MessageState
from notifications.rules.receipt_shapes import ShapeError, read_gateway, read_ours
from notifications.rules.receipts import Receipt, Status, settled, weigh

S, D, F, R = Status.SENT, Status.DELIVERED, Status.FAILED, Status.READ
RANK = {
    MessageState.SENDING: 0,
    MessageState.UNKNOWN: 0,
    MessageState.SENT: 1,
    MessageState.FAILED: 2,
    MessageState.DELIVERED: 3,
}
MESSAGES = 10_000
proved = lru_cache(weigh)


def lived(order: tuple[Status, ...], *, written_after: int, outcome: MessageState) -> MessageState:
    """Let receipts arrive one by one, the outcome of the hand-over written among them."""
    state, before = MessageState.SENDING, 0
    for heard in range(len(order) + 1):
        if heard == written_after:
            state = outcome
        state = settled(state, proved(order[:heard]))
        assert RANK[state] >= before, "it fell back"
        before = RANK[state]
    return state


def test_ten_thousand_messages_in_all_orders_end_delivered() -> None:
    # Given messages of every kind: which receipt comes twice, when and how the hand-over is written
    ends = set()
    for number in range(MESSAGES):
        twice = (S, D, F)[number % 3]
        outcome = (MessageState.SENT, MessageState.UNKNOWN)[number % 2]

        # When their receipts come in all 24 orders
        for order in permutations((S, D, F, twice)):
            ends.add(lived(order, written_after=number % 5, outcome=outcome))

    # Then what arrived has arrived
    assert ends == {MessageState.DELIVERED}


@pytest.mark.parametrize(
    ("state", "heard", "after"),
    [
        ("sent", [], "sent"),
        ("sent", [S], "sent"),
        ("sent", [F], "failed"),
        ("sent", [D], "delivered"),
        ("sent", [R], "delivered"),
        ("sent", [F, D], "delivered"),
        ("unknown", [S], "sent"),
        ("unknown", [F], "failed"),
        ("unknown", [D], "delivered"),
        ("failed", [S], "failed"),
        ("failed", [D], "delivered"),
        ("delivered", [S, F], "delivered"),
        ("parked", [S, F], "parked"),
        ("parked", [D], "delivered"),
        ("sent", ["esms-9"], "sent"),
        # Not written yet, or never out: the receipts wait, or mean nothing.
        ("queued", [D], "queued"),
        ("sending", [D], "sending"),
        ("suppressed", [D], "suppressed"),
        ("withdrawn", [D], "withdrawn"),
    ],
)
def test_a_state_in_the_light_of_receipts(state: str, heard: list[str], after: str) -> None:
    assert settled(MessageState(state), weigh(heard)) == after


@pytest.mark.parametrize(
    ("channel", "fields", "receipts"),
    [
        ("sms", {"reference": "a1", "status": "1", "id": "x"}, [Receipt("a1", "delivered")]),
        ("sms", {"id": "x", "status": "2", "error": "17"}, [Receipt("x", "failed", error="17")]),
        ("sms", {"reference": "a1", "status": "8", "at": "9"}, [Receipt("a1", "sent", "9")]),
        ("sms", {"reference": "a1", "status": "16"}, [Receipt("a1", "failed")]),
        ("sms", {"reference": "a1", "status": "32"}, [Receipt("a1", "kannel-32")]),
        (
            "sms",
            {"SMSID": "s", "RequestId": "a1", "SendStatus": "5", "SendSuccess": "1"},
            [Receipt("a1", "delivered")],
        ),
        (
            "sms",
            {"SMSID": "s", "SendStatus": 5, "SendSuccess": 0, "SendFailed": 1},
            [Receipt("s", "failed")],
        ),
        ("sms", {"SMSID": "s", "SendStatus": "3"}, [Receipt("s", "sent")]),
        (
            "zalo",
            {
                "event_name": "user_received_message",
                "timestamp": "17",
                "message": {"tracking_id": "a1", "msg_id": "z", "delivery_time": "16"},
            },
            [Receipt("a1", "delivered", "16")],
        ),
        (
            "zalo",
            {"event_name": "user_seen_message", "message": {"msg_ids": ["y", "z"]}},
            [Receipt("y", "read"), Receipt("z", "read")],
        ),
        ("app", {"reference": "a1", "status": "Read"}, [Receipt("a1", "read")]),
    ],
)
def test_what_gateways_say(channel: str, fields: dict[str, Any], receipts: list[Receipt]) -> None:
    assert read_gateway(Channel(channel), fields) == receipts


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reference": "a1"},
        {"status": "1"},
        {"reference": "x" * 81, "status": "sent"},
        {"reference": ["a1"], "status": "sent"},
        {"reference": "a1", "status": True},
    ],
)
def test_what_is_no_receipt_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ShapeError):
        read_ours(fields)
    with pytest.raises(ShapeError):
        read_gateway(Channel.SMS, fields)


def test_a_list_has_its_limit_and_nothing_else_is_kept() -> None:
    one = {"reference": "a1", "status": "sent", "phone": "+84501234567"}

    assert read_ours({"receipts": [one, one]}) == [Receipt("a1", "sent")] * 2
    refused: list[Any] = [[], [one] * 501, "text", 7, [7], {"receipts": {}}]
    for wrong in refused:
        with pytest.raises(ShapeError):
            read_ours(wrong)
