"""The dispatcher and Zalo: the way of a reminder, and what becomes of one without template."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from notifications.dispatch import Dispatcher
from notifications.enums import Channel, MessageState, Reason, ZaloApproval
from notifications.models import Message, ZaloTemplate
from notifications.transports.base import Transport
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from notifications.transports.zalo import ZaloNotices
from tests.factories.citizens import ContactPointFactory
from tests.factories.notifications import MessageFactory, reachable
from tests.notifications.gateways import QUICK
from tests.peers.zalo import ZaloPeer

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.usefixtures("texts", "noon"),
]


@pytest.fixture
def peer() -> Iterator[ZaloPeer]:
    with ZaloPeer() as serving:
        yield serving


def dispatched(peer: ZaloPeer, sms: SimulatedGateway | None = None) -> Message:
    party = reachable(channel="zalo")
    ContactPointFactory(party=party)
    message: Message = MessageFactory(recipient=party)
    transports: dict[Channel, Transport] = {
        Channel.ZALO: ZaloNotices.from_url(peer.account()),
        Channel.SMS: sms or SimulatedGateway(),
        Channel.INBOX: Inbox(),
    }
    Dispatcher(transports, pace=QUICK).run(until_empty=True)
    message.refresh_from_db()
    return message


def test_a_reminder_goes_by_its_template(peer: ZaloPeer) -> None:
    ZaloTemplate.objects.create(
        topic_id="credential_expiring",
        template_id="7890",
        state=ZaloApproval.APPROVED,
        parameters={
            "giay_to": {"value": "paper", "kind": "product"},
            "han": {"value": "due_on", "kind": "date"},
            "ma": {"value": "check_code", "kind": "code"},
        },
    )

    message = dispatched(peer)

    assert (message.state, message.channel) == (MessageState.SENT, Channel.ZALO)
    assert message.gateway_reference == f"zalo-{message.reference[:8]}"
    (notice,) = peer.notices
    due_on = date.fromisoformat(message.params["due_on"])
    assert notice["tracking_id"] == message.reference
    assert notice["template_data"] == {
        "giay_to": "Giấy phép lái xe",
        "han": f"{due_on:%d/%m/%Y}",
        "ma": f"{message.short_code[:4]}-{message.short_code[4:]}",
    }


def test_without_a_template_zalo_hears_nothing_and_the_sms_follows(peer: ZaloPeer) -> None:
    sms = SimulatedGateway()

    message = dispatched(peer, sms)

    assert (message.state, message.reason) == (MessageState.FAILED, Reason.GATEWAY_REFUSED)
    assert [attempt.detail for attempt in message.attempts.all()] == ["no approved template"]
    assert not peer.requests
    assert peer.renewals == 0
    following = Message.objects.get(follows=message)
    assert (following.state, following.channel) == (MessageState.SENT, Channel.SMS)
    assert sms.delivered == {following.reference: 1}
