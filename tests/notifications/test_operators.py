"""What operators do with the queue and the gateways: written down, undone, never told twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from citizens.models import User
from notifications.enums import ActKind, Channel, MessageState, Reason
from notifications.models import (
    ActedMessage,
    Attempt,
    Gate,
    GatewayState,
    Message,
    OperatorAct,
)
from notifications.rules.timing import MAX_ATTEMPTS
from notifications.selectors import Picked
from notifications.services import (
    close_gate,
    open_gate,
    pause_channel,
    requeue_messages,
    resend_messages,
    resume_channel,
    settle_unknown,
    suppress_messages,
)
from notifications.services.resend_messages import resendable
from notifications.transports.base import Traits, TransportError
from portal.common import clock
from portal.common.errors import RefusedError
from tests.factories.citizens import OfficialFactory
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import ScriptedGateway, drain, make_due, raising

pytestmark = pytest.mark.usefixtures("texts", "noon")

M = MessageState
EVERYTHING = Message.objects.all()
ASKABLE = {Channel.SMS: Traits(can_ask=True)}
DEDUPES = {Channel.SMS: Traits(deduplicates_for=timedelta(hours=24))}
BLIND = {Channel.SMS: Traits()}


@pytest.fixture
def operator(db: None) -> User:
    """The account of whoever presses."""
    user: User = OfficialFactory().user
    return user


def states() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("state", "reason"))


def unknown(*, hours_ago: float = 1.0, **facts: Any) -> Message:
    """Return a message that a gateway may have, handed over some hours ago."""
    message: Message = MessageFactory(
        state=M.UNKNOWN, reason=Reason.OUTCOME_UNKNOWN, channel="sms", attempt=1, **facts
    )
    Attempt.objects.create(
        message=message,
        number=1,
        channel="sms",
        outcome="unknown",
        started_at=clock.now() - timedelta(hours=hours_ago),
    )
    return message


# ----------------------------------------------------------------------------------- gateways
def test_a_channel_is_paused_once_and_resumed_with_both_reasons_kept(operator: User) -> None:
    held = MessageFactory(
        due_at=clock.now() + timedelta(hours=1), reason=Reason.CHANNEL_PAUSED.value
    )
    night = MessageFactory(due_at=clock.now() + timedelta(hours=9), reason="quiet_hours")

    first = pause_channel(channel=Channel.SMS, reason="  Nhà mạng\nbáo lỗi ", by=operator)
    again = pause_channel(channel=Channel.SMS, reason="Lần nữa", by=operator)

    state = GatewayState.objects.get(pk="sms")
    assert (state.is_paused, state.pause_reason) == (True, "Nhà mạng báo lỗi")
    assert state.paused_by == operator
    assert (first is None, again is None) == (False, True)

    resume_channel(channel=Channel.SMS, reason="Đã sửa", by=operator)

    state.refresh_from_db()
    held.refresh_from_db()
    night.refresh_from_db()
    assert (state.is_paused, state.pause_reason, state.paused_by_id) == (False, "", None)
    assert (held.due_at <= clock.now(), held.reason) == (True, "")
    assert night.reason == "quiet_hours"
    acts = OperatorAct.objects.order_by("pk").values_list("kind", "channel", "reason", "by")
    assert list(acts) == [
        ("pause", "sms", "Nhà mạng báo lỗi", operator.pk),
        ("resume", "sms", "Đã sửa", operator.pk),
    ]


def test_a_broken_channel_is_tried_again_at_once(operator: User) -> None:
    broken_until = clock.now() + timedelta(minutes=5)
    GatewayState.objects.create(channel="sms", broken_until=broken_until, failure_count=9)

    assert resume_channel(channel=Channel.SMS, reason="Nhà mạng báo xong", by=operator)

    state = GatewayState.objects.get(pk="sms")
    assert (state.broken_until, state.failure_count) == (None, 0)
    assert resume_channel(channel=Channel.SMS, reason="Lần nữa", by=operator) is None


def test_the_gate_stops_everything(operator: User) -> None:
    MessageFactory()

    close_gate(reason="Gửi nhầm", by=operator)
    assert drain(ScriptedGateway(lambda _: None)) == {}

    open_gate(reason="Đã xem", by=operator)
    assert drain(ScriptedGateway(lambda _: None)) == {"sent": 1}
    assert not Gate.objects.get().paused
    assert open_gate(reason="Lần nữa", by=operator) is None


PRESSES: dict[str, Callable[[str, User], Any]] = {
    "pause": lambda why, by: pause_channel(channel=Channel.SMS, reason=why, by=by),
    "resume": lambda why, by: resume_channel(channel=Channel.SMS, reason=why, by=by),
    "close": lambda why, by: close_gate(reason=why, by=by),
    "open": lambda why, by: open_gate(reason=why, by=by),
    "suppress": lambda why, by: suppress_messages(messages=EVERYTHING, scope={}, reason=why, by=by),
    "resend": lambda why, by: resend_messages(messages=EVERYTHING, scope={}, reason=why, by=by),
    "settle": lambda why, by: settle_unknown(
        messages=EVERYTHING, has_it=True, scope={}, reason=why, by=by
    ),
}


@pytest.mark.parametrize("press", PRESSES)
@pytest.mark.parametrize("why", ["", " \n ", "x" * 201])
def test_nothing_is_done_without_a_reason(press: str, why: str, operator: User) -> None:
    MessageFactory(state=M.UNKNOWN)
    MessageFactory()
    before = states()

    with pytest.raises(RefusedError):
        PRESSES[press](why, operator)

    assert states() == before
    assert not OperatorAct.objects.exists()


@pytest.mark.parametrize("table", ["notifications_operatoract", "notifications_actedmessage"])
def test_what_was_done_cannot_be_changed(table: str, operator: User) -> None:
    close_gate(reason="Gửi nhầm", by=operator)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


# -------------------------------------------------------------------------------- suppressing
def test_waiting_messages_are_taken_out_and_put_back(operator: User) -> None:
    waiting = MessageFactory()
    later = MessageFactory(due_at=clock.now() + timedelta(days=1), reason="quiet_hours")
    MessageFactory(dossier=True)
    MessageFactory(being_sent=True)
    in_doubt = MessageFactory(handed_at=clock.now())
    picked = Picked((M.QUEUED,), topic="credential_expiring")

    act = suppress_messages(
        messages=picked.rows(), scope=picked.as_scope(), reason="Sai chữ", by=operator
    )

    assert act is not None
    assert act.message_count == 2
    assert act.scope == {"states": ["queued"], "topic": "credential_expiring"}
    taken = set(ActedMessage.objects.filter(act=act).values_list("message", "state_before"))
    assert taken == {(waiting.pk, "queued"), (later.pk, "queued")}
    assert [state for state, _reason in states()] == [
        "suppressed", "suppressed", "queued", "sending", "queued",
    ]  # fmt: skip
    assert drain(ScriptedGateway(lambda _: None, can_ask=True))["sent"] == 1
    in_doubt.refresh_from_db()

    undone = requeue_messages(act=act, reason="Chữ đúng", by=operator)

    later.refresh_from_db()
    assert (undone.kind, undone.message_count, undone.undoes) == (ActKind.REQUEUE, 2, act)
    assert later.state == M.QUEUED
    assert later.due_at > clock.now()
    assert drain(ScriptedGateway(lambda _: None)) == {"sent": 1}
    with pytest.raises(RefusedError):
        requeue_messages(act=act, reason="Lần nữa", by=operator)


def test_only_what_was_taken_out_is_put_back(operator: User) -> None:
    act = close_gate(reason="Gửi nhầm", by=operator)

    assert act is not None
    with pytest.raises(RefusedError):
        requeue_messages(act=act, reason="Nhầm nút", by=operator)


def test_what_came_after_the_page_was_opened_stays(operator: User) -> None:
    seen = MessageFactory()
    MessageFactory()

    picked = Picked((M.QUEUED,), upto=seen.pk)
    suppress_messages(messages=picked.rows(), scope={}, reason="Sai chữ", by=operator)

    assert [state for state, _reason in states()] == ["suppressed", "queued"]


# ---------------------------------------------------------------------------------- resending
LEFT_ALONE: dict[str, dict[str, Any]] = {
    "a sign-in code": {"priority": 0},
    "the gateway had taken it": {"reason": Reason.NOT_DELIVERED.value},
    "it was sent": {"state": M.SENT, "reason": ""},
    "it waits": {"state": M.QUEUED, "reason": ""},
    "it was not to be sent": {"state": M.SUPPRESSED, "reason": Reason.OPTED_OUT.value},
}


@pytest.mark.parametrize("facts", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_is_not_sent_again(facts: dict[str, Any], operator: User) -> None:
    MessageFactory(**{"state": M.FAILED, "reason": Reason.GAVE_UP.value} | facts)
    before = states()

    done = resend_messages(messages=EVERYTHING, scope={}, reason="Thử lại", by=operator)

    assert (done.act, done.queued, done.undecided) == (None, 0, 0)
    assert states() == before


@pytest.mark.parametrize("took_over", [M.QUEUED, M.SENT, M.UNKNOWN])
def test_what_another_channel_took_over_is_not_sent_again(took_over: str, operator: User) -> None:
    first = MessageFactory(state=M.FAILED, reason=Reason.GATEWAY_REFUSED.value)
    MessageFactory(follows=first, state=took_over)
    MessageFactory(follows=MessageFactory(state=M.FAILED), state=M.SUPPRESSED)

    done = resend_messages(
        messages=Message.objects.filter(state=M.FAILED),
        scope={},
        reason="Thử lại",
        by=operator,
    )

    assert done.queued == 1
    first.refresh_from_db()
    assert first.state == M.FAILED


def test_what_a_later_channel_of_the_chain_took_over_is_not_sent_again(operator: User) -> None:
    first = MessageFactory(state=M.FAILED, channel="app")
    second = MessageFactory(state=M.FAILED, channel="zalo", follows=first)
    third = MessageFactory(state=M.FAILED, channel="sms", follows=first)

    def may_resend() -> set[int]:
        return set(resendable(EVERYTHING).values_list("pk", flat=True))

    assert may_resend() == {first.pk, second.pk, third.pk}
    Message.objects.filter(pk=third.pk).update(state=M.SENT)
    assert may_resend() == set()


def test_what_gave_up_is_tried_as_often_again(operator: User) -> None:
    message = MessageFactory()
    for _try in range(MAX_ATTEMPTS):
        make_due(message)
        drain(ScriptedGateway(raising(TransportError("500"))))
    message.refresh_from_db()
    assert (message.state, message.reason) == (M.FAILED, Reason.GAVE_UP)

    resend_messages(messages=EVERYTHING, scope={}, reason="Nhà mạng đã sửa", by=operator)
    for _try in range(MAX_ATTEMPTS - 1):
        make_due(message)
        drain(ScriptedGateway(raising(TransportError("500"))))
        message.refresh_from_db()
        assert message.state == M.QUEUED
    make_due(message)
    gateway = ScriptedGateway(lambda _: None)
    drain(gateway)

    message.refresh_from_db()
    assert (message.state, message.attempt) == (M.SENT, 2 * MAX_ATTEMPTS)
    assert [reference for *_rest, reference in gateway.sent] == [message.reference]
    assert message.attempts.count() == 2 * MAX_ATTEMPTS


UNKNOWNS = [
    # traits, hours since it was handed over, queued
    (ASKABLE, 100, 1),
    (DEDUPES, 1, 1),
    (DEDUPES, 25, 0),
    (BLIND, 1, 0),
    ({}, 1, 0),
]


@pytest.mark.parametrize(("gateways", "hours", "queued"), UNKNOWNS)
def test_an_unknown_one_is_sent_again_only_where_the_gateway_settles_it(
    gateways: dict[Channel, Traits], hours: int, queued: int, operator: User
) -> None:
    message = unknown(hours_ago=hours)

    done = resend_messages(
        messages=EVERYTHING, scope={}, reason="Thử lại", by=operator, gateways=gateways
    )

    message.refresh_from_db()
    assert (done.queued, done.undecided) == (queued, 1 - queued)
    assert message.state == (M.QUEUED if queued else M.UNKNOWN)
    assert (message.handed_at is not None) is bool(queued)


def test_an_askable_gateway_is_asked_and_nobody_hears_twice(operator: User) -> None:
    message = unknown()
    gateway = ScriptedGateway(lambda _: None, can_ask=True)
    gateway.known.add(message.reference)

    resend_messages(messages=EVERYTHING, scope={}, reason="Thử lại", by=operator, gateways=ASKABLE)
    drain(gateway)

    message.refresh_from_db()
    assert (message.state, gateway.sent) == (M.SENT, [])


@pytest.mark.parametrize(
    ("has_it", "state", "kind"), [(True, M.SENT, "has_it"), (False, M.FAILED, "has_it_not")]
)
def test_a_person_settles_what_nobody_can_tell(
    has_it: bool, state: str, kind: str, operator: User
) -> None:
    message, other = unknown(), MessageFactory()

    act = settle_unknown(
        messages=EVERYTHING, has_it=has_it, scope={}, reason="Đã gọi điện", by=operator
    )

    message.refresh_from_db()
    other.refresh_from_db()
    assert act is not None
    assert (act.kind, act.message_count) == (kind, 1)
    assert (message.state, message.reason) == (state, Reason.BY_OPERATOR)
    assert (message.sent_at is not None) is has_it
    assert (message.next_channel_at is None) is has_it
    assert other.state == M.QUEUED
    again = settle_unknown(
        messages=EVERYTHING, has_it=has_it, scope={}, reason="Lần nữa", by=operator
    )
    assert again is None


def test_who_does_not_have_it_can_be_sent_it_again(operator: User) -> None:
    message = unknown()

    settle_unknown(messages=EVERYTHING, has_it=False, scope={}, reason="Chưa có", by=operator)
    resend_messages(messages=EVERYTHING, scope={}, reason="Gửi lại", by=operator, gateways=BLIND)
    gateway = ScriptedGateway(lambda _: None)
    drain(gateway)

    message.refresh_from_db()
    assert (message.state, len(gateway.sent)) == (M.SENT, 1)
    assert message.next_channel_at is None
