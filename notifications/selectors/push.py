"""Whether browsers can be told, and which of a person's browsers are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from citizens.enums import ContactChannel
from citizens.models import Party
from notifications.rules.push import DEMO_ENDPOINT, Subscription
from notifications.transports.push import browser_key


@dataclass(frozen=True)
class PushService:
    """`key` is what browsers are given; a demo has none and calls nobody."""

    key: str
    is_demo: bool


@dataclass(frozen=True)
class Device:
    """One browser that is told. `digest` of its endpoint lets a page recognise its own."""

    public_id: UUID
    since: datetime
    digest: str


def push_service() -> PushService | None:
    """Return by what browsers are told, None where PUSH_VAPID_KEY is empty."""
    key = str(settings.PUSH_VAPID_KEY)
    if not key:
        return None
    is_demo = key.startswith(DEMO_ENDPOINT)
    return PushService("" if is_demo else browser_key(key), is_demo)


def devices_of(party: Party) -> list[Device]:
    """Return the browsers by which a person is told, the latest first."""
    verified = [
        (point.verified_at, point.pk, point)
        for point in party.contact_points.all()
        if point.channel == ContactChannel.PUSH and point.verified_at is not None
    ]
    return [
        Device(
            point.public_id,
            since,
            hashlib.sha256(Subscription.read(point.value).endpoint.encode()).hexdigest(),
        )
        for since, _key, point in sorted(verified, reverse=True)
    ]
