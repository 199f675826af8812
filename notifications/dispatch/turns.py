"""Who may be handed over now: the gateway's rate, shared by all dispatchers, and its probes.

A turn is taken from `GatewayState.free_at`, which all dispatchers move on under its row's lock, at
most a second ahead (five for sign-in codes, which so pass what waits). What gets no turn goes
back with the hour at which its turn should come: a backlog of one gateway is planned once, is not
claimed again and again, and does not stand in the way of the other channels.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from notifications.dispatch.gateways import Gateways
from notifications.dispatch.parcels import Outcome, Parcel, chance, held_back
from notifications.enums import Channel, MessageState, Priority, Reason
from notifications.models import GatewayState
from notifications.policy import Hold
from notifications.rules.service import turns

_HORIZON = timedelta(seconds=1)
_HORIZON_OF_CODES = timedelta(seconds=5)
_SPREAD = timedelta(minutes=30)
_FOR_A_GATEWAY = (Reason.CHANNEL_PAUSED, Reason.GATEWAY_BROKEN)

Shared = tuple[list[Parcel], list[Outcome]]


class Turns:
    """Gives parcels their turn, most urgent and oldest first."""

    def __init__(self, gateways: Gateways) -> None:
        """Serve these gateways; what was planned before this process began is not known."""
        self._gateways = gateways
        self._planned: dict[tuple[Channel, int], datetime] = {}

    def share_out(self, parcels: Sequence[Parcel], *, now: datetime) -> Shared:
        """Return the parcels that go, each with its moment, and what becomes of the others."""
        going: list[Parcel] = []
        waiting: list[Outcome] = []
        for channel in {parcel.channel for parcel in parcels}:
            own = [parcel for parcel in parcels if parcel.channel == channel]
            for part in (_codes(own), _others(own)):
                ready, held_back = self._share(channel, part, now)
                going += ready
                waiting += held_back
        return going, waiting

    def _share(self, channel: Channel, parcels: Sequence[Parcel], now: datetime) -> Shared:
        view = self._gateways.views[channel]
        if not parcels:
            return [], []
        if view.broken_until:
            count, view.probes = view.probes, max(view.probes - len(parcels), 0)
            broken = Hold(view.broken_until, Reason.GATEWAY_BROKEN)
            return list(parcels[:count]), [held_back(p, broken) for p in parcels[count:]]
        if view.slow_until and view.slow_until > now:
            busy = Hold(view.slow_until, Reason.GATEWAY_BUSY)
            return [], [held_back(parcel, busy) for parcel in parcels]
        if view.traits.rate is None:
            return list(parcels), []
        return self._by_rate(channel, parcels, view.traits.rate, now)

    def _by_rate(
        self, channel: Channel, parcels: Sequence[Parcel], rate: float, now: datetime
    ) -> Shared:
        is_code = parcels[0].message.priority == Priority.CODE
        planned = [] if is_code else self._behind_the_plan(channel, parcels, now)
        behind = {parcel.message.pk for parcel in planned}
        asking = [parcel for parcel in parcels if parcel.message.pk not in behind]
        horizon = _HORIZON_OF_CODES if is_code else _HORIZON
        given = _take(channel, len(asking), rate=rate, horizon=horizon, now=now)
        begun = time.monotonic()
        going = [
            replace(parcel, not_before=begun + (turn - now).total_seconds())
            for parcel, turn in zip(asking, given, strict=False)
        ]
        late = asking[len(given) :] + planned
        return going, [self._plan(channel, p, rate, now) for p in late]

    def _behind_the_plan(
        self, channel: Channel, parcels: Sequence[Parcel], now: datetime
    ) -> list[Parcel]:
        """Return who came after a backlog that is planned already: they go to its end."""
        return [
            parcel
            for parcel in parcels
            if parcel.message.reason != Reason.GATEWAY_BUSY
            and self._end_of_plan(channel, parcel, now) > now + _HORIZON
        ]

    def _end_of_plan(self, channel: Channel, parcel: Parcel, now: datetime) -> datetime:
        return self._planned.get((channel, parcel.message.priority), now)

    def _plan(self, channel: Channel, parcel: Parcel, rate: float, now: datetime) -> Outcome:
        """Send it back until its turn should come; whose turn had come waits a moment only."""
        gap = timedelta(seconds=1 / rate)
        soon = now + _HORIZON + gap
        if parcel.message.reason == Reason.GATEWAY_BUSY:
            return held_back(parcel, Hold(soon, Reason.GATEWAY_BUSY))
        due_at = max(self._end_of_plan(channel, parcel, now) + gap, soon)
        self._planned[channel, parcel.message.priority] = due_at
        return held_back(parcel, Hold(due_at, Reason.GATEWAY_BUSY))


def _take(
    channel: Channel, wanted: int, *, rate: float, horizon: timedelta, now: datetime
) -> list[datetime]:
    if not wanted:
        return []
    with transaction.atomic():
        state = GatewayState.objects.select_for_update().get(pk=channel)
        given = turns(state.free_at, now=now, wanted=wanted, rate=rate, horizon=horizon)
        if given:
            free_at = given[-1] + timedelta(seconds=1 / rate)
            GatewayState.objects.filter(pk=channel).update(free_at=free_at)
    return given


def spread(outcomes: Iterable[Outcome], *, now: datetime) -> list[Outcome]:
    """Let what waits for a gateway come back over half an hour, and the first of them at once.

    It probes the gateway then; when that works, or the operator lets it go on, all are woken.
    """
    found = []
    seen: set[Reason] = set()
    for outcome in outcomes:
        reason = outcome.reason
        if reason in _FOR_A_GATEWAY and outcome.state == MessageState.QUEUED:
            if reason in seen and outcome.message.priority != Priority.CODE:
                later = _SPREAD * chance()
                outcome = replace(outcome, due_at=(outcome.due_at or now) + later)
            seen.add(reason)
        found.append(outcome)
    return found


def _codes(parcels: Sequence[Parcel]) -> list[Parcel]:
    return [parcel for parcel in parcels if parcel.message.priority == Priority.CODE]


def _others(parcels: Sequence[Parcel]) -> list[Parcel]:
    return [parcel for parcel in parcels if parcel.message.priority != Priority.CODE]
