"""How each channel's gateway does: in service or not, how fast, and how much arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q

from notifications.enums import AttemptOutcome, Channel, MessageState
from notifications.models import Attempt, GatewayState
from notifications.transports.base import Traits
from notifications.transports.registry import open_transports

SPEED_OVER = timedelta(minutes=10)
SHARE_OVER = timedelta(days=1)


@dataclass(frozen=True)
class GatewayHealth:
    """One channel. `traits` is None where no gateway is configured; counts are of SHARE_OVER.

    `delivered` counts those of `accepted` whose arrival the gateway confirmed since.
    """

    channel: Channel
    state: GatewayState
    traits: Traits | None
    a_minute: float
    accepted: int
    delivered: int
    troubles: int
    last_accepted_at: datetime | None

    @property
    def share_delivered(self) -> float | None:
        """Per cent of the accepted that arrived; None where nobody tells, or nothing was sent."""
        if not self.accepted or self.traits is None or not self.traits.has_receipts:
            return None
        return 100 * self.delivered / self.accepted

    def is_broken(self, now: datetime) -> bool:
        """Whether the dispatchers leave it alone for a while, because it failed."""
        return self.state.broken_until is not None and self.state.broken_until > now


def traits_in_service() -> dict[Channel, Traits]:
    """Return what may be relied on of each channel that has a gateway in this installation."""
    return {channel: transport.traits for channel, transport in open_transports().items()}


def gateway_health(
    now: datetime, *, gateways: Mapping[Channel, Traits] | None = None
) -> list[GatewayHealth]:
    """Return all channels, those without a gateway last; three queries."""
    traits = traits_in_service() if gateways is None else gateways
    states = {row.channel: row for row in GatewayState.objects.select_related("paused_by")}
    counts = _counts(now)
    found = [
        GatewayHealth(
            channel=channel,
            state=states.get(channel.value) or GatewayState(channel=channel),
            traits=traits.get(channel),
            a_minute=row.get("lately", 0) / (SPEED_OVER / timedelta(minutes=1)),
            accepted=row.get("accepted", 0),
            delivered=row.get("delivered", 0),
            troubles=row.get("troubles", 0),
            last_accepted_at=row.get("last"),
        )
        for channel in Channel
        for row in [counts.get(channel.value, {})]
    ]
    return sorted(found, key=lambda health: health.traits is None)


def _counts(now: datetime) -> dict[str, dict[str, Any]]:
    was_accepted = Q(outcome=AttemptOutcome.ACCEPTED)
    rows = (
        Attempt.objects.filter(started_at__gt=now - SHARE_OVER)
        .values("channel")
        .annotate(
            accepted=Count("pk", filter=was_accepted),
            delivered=Count("pk", filter=was_accepted & Q(message__state=MessageState.DELIVERED)),
            lately=Count("pk", filter=was_accepted & Q(started_at__gt=now - SPEED_OVER)),
            troubles=Count("pk", filter=~was_accepted),
            last=Max("started_at", filter=was_accepted),
        )
    )
    return {row["channel"]: dict(row) for row in rows}
