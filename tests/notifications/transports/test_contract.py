"""The promises of every transport, for those whose peers run in the loop of the test."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from notifications.enums import ZaloApproval
from notifications.models import ZaloTemplate
from notifications.rules.push import Subscription
from notifications.transports.base import Acceptance, Content, Transport, TransportError
from notifications.transports.email import SmtpRelay
from notifications.transports.push import WebPush
from notifications.transports.tables import in_database
from notifications.transports.zalo import ZaloNotices
from tests.peers.mailbox import open_mailbox
from tests.peers.push_service import HOST, open_push_service
from tests.peers.zalo import ZaloPeer

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.usefixtures("texts"),
]

KEY = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
TOPIC = "credential_expiring"
NOTICE = Content(body="Xin chào", subject="Nhắc hạn", topic=TOPIC, values={"check_code": "ABCD"})
# A transport, an address that it reaches, and how often its peer was told something.
Opened = tuple[Transport, str, Callable[[], int]]
Opening = Callable[[], AbstractAsyncContextManager[Opened]]


@asynccontextmanager
async def _email() -> AsyncIterator[Opened]:
    async with open_mailbox() as box:
        relay = SmtpRelay.from_url(f"smtp://127.0.0.1:{box.port}/?from=cong@example.gov.vn")
        yield relay, "lan@example.org", lambda: len(box.letters)


@asynccontextmanager
async def _push() -> AsyncIterator[Opened]:
    async with open_push_service() as service:
        address = Subscription.read(service.subscription()).value
        transport = WebPush(KEY, hosts=[HOST], client=service.client())
        yield transport, address, lambda: len(service.notices)


@asynccontextmanager
async def _zalo() -> AsyncIterator[Opened]:
    await in_database(
        ZaloTemplate.objects.create,
        topic_id=TOPIC,
        template_id="7890",
        state=ZaloApproval.APPROVED,
        parameters={"ma": {"value": "check_code", "kind": "code"}},
    )
    with ZaloPeer() as peer:
        transport = ZaloNotices.from_url(peer.account())
        yield transport, "+84500000001", lambda: len(peer.notices)


TABLE: dict[str, Opening] = {
    "smtp": _email,
    "push": _push,
    "zns": _zalo,
}


@pytest.fixture(params=TABLE)
def opened(request: pytest.FixtureRequest) -> Opening:
    return TABLE[request.param]


def run(
    opened: Opening, work: Callable[[Transport, str, Callable[[], int]], Coroutine[Any, Any, None]]
) -> None:
    async def in_loop() -> None:
        async with opened() as (transport, address, told):
            try:
                await work(transport, address, told)
            finally:
                await transport.aclose()

    async_to_sync(in_loop)()


def test_a_message_is_accepted(opened: Opening) -> None:
    async def work(transport: Transport, address: str, told: Callable[[], int]) -> None:
        found = await transport.send(address=address, content=NOTICE, reference="a" * 32)
        assert isinstance(found, Acceptance)
        assert 0 < len(found.gateway_reference) <= 80
        assert told() == 1

    run(opened, work)


def test_many_at_once_are_each_accepted_once(opened: Opening) -> None:
    async def work(transport: Transport, address: str, told: Callable[[], int]) -> None:
        sends = (
            transport.send(address=address, content=NOTICE, reference=f"{number:032d}")
            for number in range(50)
        )
        assert len(await asyncio.gather(*sends)) == 50
        assert told() == 50

    run(opened, work)


def test_none_of_them_can_be_asked_and_each_says_so(opened: Opening) -> None:
    async def work(transport: Transport, address: str, told: Callable[[], int]) -> None:
        assert not transport.traits.can_ask
        with pytest.raises(TransportError) as refused:
            await transport.ask("a" * 32)
        assert refused.value.permanent
        assert told() == 0

    run(opened, work)


def test_they_keep_quiet_hours_and_reach_people(opened: Opening) -> None:
    async def work(transport: Transport, address: str, told: Callable[[], int]) -> None:
        assert transport.traits.keeps_quiet_hours
        assert not transport.traits.is_simulated

    run(opened, work)


def test_after_closing_a_transport_opens_again(opened: Opening) -> None:
    async def work(transport: Transport, address: str, told: Callable[[], int]) -> None:
        for reference in ("a" * 32, "b" * 32):
            await transport.send(address=address, content=NOTICE, reference=reference)
            await transport.aclose()
        assert told() == 2

    run(opened, work)
