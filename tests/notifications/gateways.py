"""A gateway that does as it is told, and a dispatcher that runs until nothing is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from citizens.models import Party
from notifications.dispatch import Dispatcher, Pace, Tally
from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.transports.base import Acceptance, Content, Traits
from notifications.transports.inbox import Inbox
from portal.common import clock
from tests.factories.citizens import CitizenFactory, ContactPointFactory

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
    return drain_through({Channel.SMS: gateway}, pace=pace, **options)


def drain_through(gateways: Mapping[Channel, Any], *, pace: Pace = QUICK, **options: Any) -> Tally:
    """Drain through these channels; the inbox is always there."""
    transports = {**gateways, Channel.INBOX: Inbox()}
    return Dispatcher(transports, pace=pace, **options).run(until_empty=True)


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk, state=MessageState.QUEUED).update(due_at=clock.now())


def change_recipient(message: Message, **facts: Any) -> None:
    assert message.recipient is not None
    citizen = message.recipient.citizen
    type(citizen).objects.filter(pk=citizen.pk).update(**facts)


ALL = ("app", "zalo", "sms")


def person(*channels: str) -> Party:
    party: Party = CitizenFactory().party
    for channel in channels:
        ContactPointFactory(party=party, channel=channel, verified_at=clock.now())
    return party


def phones(**acts: Callable[[str], Any]) -> dict[Channel, ScriptedGateway]:
    """Return a gateway for each channel; one that is not named takes everything."""
    return {Channel(name): ScriptedGateway(acts.get(name, lambda _reference: None)) for name in ALL}


def told(gateways: dict[Channel, ScriptedGateway]) -> list[str]:
    return [channel.value for channel, gateway in gateways.items() for _sent in gateway.sent]
