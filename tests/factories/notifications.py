"""Factories of the messages' room; the topics and texts are the project's own (`put_texts`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from citizens.models import ContactPoint, Party
from notifications.enums import MessageState, Priority, TextState
from notifications.models import (
    CallBack,
    InboundMessage,
    Message,
    Preference,
    TextVersion,
    Topic,
)
from notifications.rules.wordings import Place, Wording
from notifications.services.text_versions import write_version
from portal.common import clock
from tests.factories.citizens import CitizenFactory, ContactPointFactory

PAPER = {"vi": "Giấy phép lái xe", "en": "Driving licence"}


def reachable(*, channel: str = "sms", shared: bool = False, **citizen: Any) -> Party:
    """Return a citizen's party with one verified address."""
    party: Party = CitizenFactory(**citizen).party
    ContactPointFactory(party=party, channel=channel, shared=shared, verified_at=clock.now())
    return party


def put_version(
    topic: Topic,
    *,
    state: str = TextState.RELEASED,
    words: Mapping[tuple[str, str], str] | None = None,
    **vi: str,
) -> TextVersion:
    """Return a further version of a topic's texts, by channel in Vietnamese or as `words` say."""
    said = {(channel, "vi"): body for channel, body in vi.items()} | dict(words or {})
    wordings = {Place(*place): Wording("", body) for place, body in said.items()}
    version = write_version(topic=topic, wordings=wordings, is_released=state == TextState.RELEASED)
    if state == TextState.DISCARDED:
        version.state = state
        version.save()
    return version


def reminder_params(**changes: Any) -> dict[str, Any]:
    """Return the parameters of `credential_expiring`: a licence that ends in 60 days."""
    due_on = clock.today() + timedelta(days=60)
    params: dict[str, Any] = {
        "paper": PAPER,
        "due_on": due_on.isoformat(),
        "days": 60,
        "count": 1,
        "last_filing_on": None,
    }
    return params | changes


class MessageFactory(DjangoModelFactory[Message]):
    """A reminder that is due to a reachable citizen; needs the topics to be loaded.

    Traits: `dossier` (a statutory notice), `being_sent` (claimed, handed over, lease still good),
    `orphaned` (the same, but its sender died and the lease ran out).
    """

    class Meta:
        model = Message

    class Params:
        dossier = factory.Trait(
            topic_id="dossier_received",
            priority=Priority.DOSSIER,
            params=factory.LazyFunction(
                lambda: {
                    "code": "H17.1-20261122-0000001",
                    "procedure": "Đổi giấy phép lái xe",
                    "due_on": clock.today().isoformat(),
                }
            ),
        )
        being_sent = factory.Trait(
            state=MessageState.SENDING,
            channel="sms",
            attempt=1,
            handed_at=factory.LazyFunction(clock.now),
            lease_until=factory.LazyFunction(lambda: clock.now() + timedelta(minutes=1)),
        )
        orphaned = factory.Trait(
            state=MessageState.SENDING,
            channel="sms",
            attempt=1,
            handed_at=factory.LazyFunction(lambda: clock.now() - timedelta(minutes=2)),
            lease_until=factory.LazyFunction(lambda: clock.now() - timedelta(minutes=1)),
        )

    dedupe_key = factory.Sequence(lambda n: f"test:{n}")
    recipient = factory.LazyFunction(reachable)
    topic_id = "credential_expiring"
    params = factory.LazyFunction(reminder_params)
    priority = Priority.REMINDER
    due_at = factory.LazyFunction(lambda: clock.now() - timedelta(seconds=1))


class PreferenceFactory(DjangoModelFactory[Preference]):
    """A person's wish to hear nothing that is optional."""

    class Meta:
        model = Preference

    party = factory.LazyAttribute(lambda _made: CitizenFactory().party)
    topic_id = None
    channel = ""
    is_allowed = False


def call_back(party: Party, text: str, *, number: str = "+84505001234") -> CallBack:
    """Return an open call-back of a citizen who wrote `text` from a number of theirs."""
    inbound = InboundMessage(
        channel="sms",
        key=f"test:{party.pk}:{number}",
        sender_index=ContactPoint.index_of("sms", number),
        public_id=uuid4(),
    )
    inbound.seal(sender=number, body=text)
    inbound.save()
    return CallBack.objects.create(
        party=party, unit=party.citizen.unit, inbound=inbound, reason="not_understood"
    )
