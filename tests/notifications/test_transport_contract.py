"""What every transport promises; a new one joins the table and passes, or is not one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from notifications.enums import Channel
from notifications.models import DemoDelivery
from notifications.transports.base import Acceptance, Content, Transport, TransportError
from notifications.transports.demo import DemoPhones
from notifications.transports.inbox import Inbox
from notifications.transports.registry import SCHEMES, open_transports
from notifications.transports.simulator import SimulatedGateway
from tests.peers.table import PAIRS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PHONE = "+84500000001"
HELLO = Content(body="Xin chào")

TRANSPORTS: dict[str, Callable[[], Transport]] = {
    "inbox": Inbox,
    "demo": DemoPhones,
    "demo+sim": lambda: SimulatedGateway.from_url("demo+sim:"),
    "demo+sim deduplicating": lambda: SimulatedGateway(ask=False),
    "demo+sim askable": lambda: SimulatedGateway(dedup=False),
    "demo+sim blind": lambda: SimulatedGateway(dedup=False, ask=False),
}


def run(work: Callable[[], Coroutine[Any, Any, Any]], transport: Transport | None = None) -> Any:
    async def in_loop() -> Any:
        try:
            return await work()
        finally:
            if transport is not None:
                await transport.aclose()

    return async_to_sync(in_loop)()


def send(transport: Transport, reference: str) -> Coroutine[Any, Any, Acceptance]:
    return transport.send(address=PHONE, content=HELLO, reference=reference)


@pytest.fixture(params=[*TRANSPORTS, *PAIRS])
def transport(request: pytest.FixtureRequest, db: None) -> Iterator[Transport]:
    if request.param in TRANSPORTS:
        yield TRANSPORTS[request.param]()
        return
    pair = PAIRS[request.param]
    with pair.peer() as peer:
        yield pair.connect(peer)


# Tried in a loop of their own, against a real server: tests/notifications/transports/.
ELSEWHERE = {"smtp", "smtps", "smtp+starttls", "zns+http", "zns+https", ""}


def test_every_scheme_is_in_the_table() -> None:
    known = {scheme for schemes in SCHEMES.values() for scheme in schemes}
    plain = {scheme.replace("+https", "+http") for scheme in known}
    assert plain <= {*TRANSPORTS, *PAIRS, *ELSEWHERE}


def test_a_message_is_accepted(transport: Transport) -> None:
    async def work() -> None:
        acceptance = await send(transport, "a" * 32)
        assert isinstance(acceptance, Acceptance)
        assert len(acceptance.gateway_reference) <= 80

    run(work, transport)


def test_many_at_once_are_each_accepted(transport: Transport) -> None:
    async def work() -> None:
        found = await asyncio.gather(*(send(transport, f"{n:032d}") for n in range(50)))
        assert len(found) == 50

    run(work, transport)


def test_who_can_be_asked_tells_the_truth(transport: Transport) -> None:
    async def work() -> None:
        if not transport.traits.can_ask:
            with pytest.raises(TransportError) as refused:
                await transport.ask("a" * 32)
            assert refused.value.permanent
            return
        assert await transport.ask("a" * 32) is None
        await send(transport, "a" * 32)
        assert await transport.ask("a" * 32) is not None
        assert await transport.ask("b" * 32) is None

    run(work, transport)


def test_who_deduplicates_accepts_the_same_reference_again(transport: Transport) -> None:
    async def work() -> None:
        if transport.traits.deduplicates_for is None:
            return
        await send(transport, "a" * 32)
        await send(transport, "a" * 32)
        if isinstance(transport, SimulatedGateway):
            assert transport.delivered["a" * 32] == 1
        if isinstance(transport, DemoPhones):
            assert await DemoDelivery.objects.acount() == 1

    run(work, transport)


def test_a_blind_gateway_repeats_what_it_is_told_twice() -> None:
    gateway = SimulatedGateway(dedup=False, ask=False)

    async def work() -> None:
        await send(gateway, "a")
        await send(gateway, "a")

    run(work)

    assert gateway.traits.is_blind
    assert gateway.delivered["a"] == 2


def test_demo_phones_show_what_was_sent(db: None) -> None:
    run(lambda: send(DemoPhones(), "a" * 32))

    delivery = DemoDelivery.objects.get()
    assert (delivery.address, delivery.body) == (PHONE, "Xin chào")


@pytest.mark.parametrize(
    ("fail", "drop", "uncertain", "delivered"), [(1, 0, False, 0), (0, 1, True, 1)]
)
def test_the_simulator_fails_in_two_ways(
    fail: float, drop: float, uncertain: bool, delivered: int
) -> None:
    gateway = SimulatedGateway(fail=fail, drop=drop)

    async def work() -> None:
        with pytest.raises(TransportError) as failure:
            await send(gateway, "a")
        assert failure.value.uncertain == uncertain
        assert not failure.value.permanent

    run(work)

    assert gateway.delivered["a"] == delivered


def test_simulators_share_their_books(tmp_path: Path) -> None:
    url = f"demo+sim:?ask=yes&dedup=yes&journal={tmp_path}/book"
    first, second = SimulatedGateway.from_url(url), SimulatedGateway.from_url(url)

    async def work() -> None:
        await send(first, "a")
        await send(second, "a")
        assert await second.ask("a")

    run(work)

    assert (tmp_path / "book").read_text() == '"a"\n'


# -------------------------------------------------------------------------------------- registry
def test_the_trial_has_phones_and_the_inbox(settings: Settings) -> None:
    settings.SMS_URL = "demo:"

    opened = open_transports()

    assert set(opened) == {Channel.SMS, Channel.INBOX}


def test_without_a_url_a_channel_is_not_served(settings: Settings) -> None:
    settings.SMS_URL = ""

    assert set(open_transports()) == {Channel.INBOX}


@pytest.mark.parametrize(
    ("variable", "url", "supported"),
    [
        ("SMS_URL", "pigeon://key:geheim@host", "demo:"),
        ("SMS_URL", "geheim", "demo:"),
        ("SMS_URL", "demo+sim:?delay_ms=geheim", "query"),
        ("ZALO_URL", "pigeon://key:geheim@host", "demo:"),
        ("SMS_URL", "esms+https://key:geheim@host/?brand=X", "brandname, dedup, ask, rate"),
        ("SMS_URL", "esms+https://key:geheim@host/?rate=geheim", "rate= must be a number"),
        ("SMS_URL", "esms+https://key:geheim@host/?dedup=geheim", "dedup= must be yes or no"),
        ("SMS_URL", "esms+https://geheim@host/", "user and secret are missing"),
        ("SMS_URL", "kannel+http://user:geheim@/cgi-bin/sendsms", "names no host"),
        ("SMS_URL", "kannel+http://user:geheim@host:geheim/", "host or port"),
        ("APP_URL", "app+https://user:geheim@host/?rate=-1", "rate= must be a number"),
    ],
)
def test_a_url_nobody_understands_is_named(
    settings: Settings, variable: str, url: str, supported: str
) -> None:
    setattr(settings, variable, url)

    with pytest.raises(ImproperlyConfigured, match=variable) as refused:
        open_transports()

    assert supported in str(refused.value)
    assert "geheim" not in str(refused.value)
