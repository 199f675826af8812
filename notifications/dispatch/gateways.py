"""Gateways as all dispatchers share them: paused by an operator, broken, or asking for a pause.

What this process saw goes to GatewayState when something changed, never once a message; what
others wrote there comes back at each claim. `note` and `barred` are called from the event loop,
the rest from the thread of the database.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Least

from notifications.enums import Channel, Reason
from notifications.models import GatewayState, Message
from notifications.policy import Hold
from notifications.rules.service import FAILURES_IN_A_ROW, LONGEST_WAIT, Breaker, rest
from notifications.transports.base import Traits, TransportError
from portal.common import clock

log = structlog.get_logger(__name__)

_PROBES = 3
_PROBE_TIME = timedelta(seconds=12)
_LOOK_AT_PAUSED = timedelta(minutes=1)
_TELL_EVERY = timedelta(seconds=20)
# No gateway rests for longer: an instant farther away was written under another clock (F8).
_FARTHEST = timedelta(hours=1)
_HELD = (Reason.CHANNEL_PAUSED, Reason.GATEWAY_BROKEN)


@dataclass
class View:
    """One gateway as this process knows it.

    `epoch` moves on when it breaks or works again: what was sent before says nothing any more.
    """

    traits: Traits
    breaker: Breaker = field(default_factory=Breaker)
    is_paused: bool | None = None
    broken_until: datetime | None = None
    slow_until: datetime | None = None
    free_at: datetime | None = None
    failure_count: int = 0
    probes: int = 0
    epoch: int = 0
    told_at: datetime | None = None
    news: dict[str, Any] = field(default_factory=dict)
    has_recovered: bool = False

    @property
    def closed_reason(self) -> Reason | None:
        """Why it takes no further message, if so."""
        if self.is_paused:
            return Reason.CHANNEL_PAUSED
        return Reason.GATEWAY_BROKEN if self.broken_until and not self.probes else None

    def closed(self, now: datetime) -> Hold | None:
        """Return why it takes no further message and when to look again, if so."""
        reason = self.closed_reason
        if reason is None:
            return None
        if reason == Reason.CHANNEL_PAUSED or self.broken_until is None:
            return Hold(now + _LOOK_AT_PAUSED, reason)
        return Hold(max(self.broken_until, now + timedelta(seconds=1)), reason)


class Gateways:
    """The gateways of one dispatcher, by channel."""

    def __init__(self, traits: Mapping[Channel, Traits]) -> None:
        """Know nothing yet of how they stand; `refresh` asks."""
        self.traits = traits
        self.views = {channel: View(own) for channel, own in traits.items()}
        self._lock = threading.Lock()

    def epoch(self, channel: Channel) -> int:
        """Return what a parcel is marked with now."""
        return self.views[channel].epoch

    def closed(self, now: datetime) -> Mapping[Channel, Hold]:
        """Return those that take no message now: why, and when to look again."""
        found = {channel: view.closed(now) for channel, view in self.views.items()}
        return {channel: hold for channel, hold in found.items() if hold}

    # ------------------------------------------------------------------- from the event loop
    def barred(self, channel: Channel, epoch: int) -> Hold | None:
        """Tell whether a message that was given its turn in `epoch` must not be sent after all."""
        view, now = self.views[channel], clock.now()
        if view.is_paused or (view.broken_until and view.epoch != epoch):
            until = max(view.broken_until or now, now) + timedelta(seconds=1)
            reason = Reason.CHANNEL_PAUSED if view.is_paused else Reason.GATEWAY_BROKEN
            return Hold(until, reason)
        if view.slow_until and now < view.slow_until:
            return Hold(view.slow_until, Reason.GATEWAY_BUSY)
        return None

    def note(self, channel: Channel, epoch: int, error: TransportError | None) -> None:
        """Learn from how a send or a question went that began in `epoch`."""
        view, now = self.views[channel], clock.now()
        with self._lock:
            if epoch != view.epoch:
                return
            if error is None or error.of_message:
                if error is None:
                    view.news["last_success_at"] = now
                self._worked(channel, view)
                return
            view.news |= {"last_error": str(error)[:200], "last_error_at": now}
            if error.permanent:
                view.breaker.note_refusal()
            elif error.retry_after and error.retry_after <= LONGEST_WAIT:
                view.slow_until = now + error.retry_after
                view.news["free_at"] = view.slow_until
                return
            else:
                view.breaker.note_failure()
            asked = error.retry_after
            if asked or view.breaker.should_open or (view.broken_until and not error.permanent):
                self._break(channel, view, now, asked)

    def _worked(self, channel: Channel, view: View) -> None:
        view.breaker.note_success()
        if view.broken_until:
            view.news |= {"broken_until": None, "failure_count": 0}
            view.has_recovered = True
            _forget(view, None)
            log.warning("gateway_works_again", channel=channel.value)

    def _break(self, channel: Channel, view: View, now: datetime, asked: timedelta | None) -> None:
        view.failure_count = max(view.failure_count + 1, FAILURES_IN_A_ROW)
        pause = min(asked, _FARTHEST) if asked else rest(view.failure_count)
        _forget(view, now + pause)
        view.news |= {"broken_until": view.broken_until, "failure_count": view.failure_count}
        log.error(
            "gateway_left_alone",
            channel=channel.value,
            seconds=round(pause.total_seconds()),
            failures=view.failure_count,
            error=view.news["last_error"],
        )

    # ---------------------------------------------------------------- from the database's thread
    def refresh(self, now: datetime) -> None:
        """Learn what operators and other dispatchers wrote; win the right to probe; wake."""
        states = GatewayState.objects.in_bulk([channel.value for channel in self.views])
        missing = [channel for channel in self.views if channel.value not in states]
        if missing:
            rows = [GatewayState(channel=channel) for channel in missing]
            GatewayState.objects.bulk_create(rows, ignore_conflicts=True)
        with self._lock:
            resumed = [
                self._learn(view, states[channel.value], now)
                for channel, view in self.views.items()
                if channel.value in states
            ]
        for channel, view in self.views.items():
            if view.broken_until and view.broken_until <= now and not view.probes:
                self._ask_to_probe(channel, view, now)
        if any(resumed):
            wake(now)

    def _learn(self, view: View, state: GatewayState, now: datetime) -> bool:
        """Take a row in; tell whether what waits for this gateway should be looked at again."""
        resumed = view.is_paused is not False and not state.is_paused
        view.is_paused, view.free_at = state.is_paused, state.free_at
        if view.traits.rate is None and state.free_at and state.free_at - now <= LONGEST_WAIT:
            view.slow_until = state.free_at
        if "broken_until" not in view.news and state.broken_until != view.broken_until:
            far = state.broken_until and state.broken_until - now > _FARTHEST
            _forget(view, now if far else state.broken_until)
            view.failure_count = state.failure_count
        return resumed

    def _ask_to_probe(self, channel: Channel, view: View, now: datetime) -> None:
        """Let one dispatcher try a broken gateway; the others wait for what it finds."""
        until = now + _PROBE_TIME
        rest_is_over = GatewayState.objects.filter(pk=channel, broken_until__lte=now)
        if rest_is_over.update(broken_until=until):
            view.broken_until, view.probes = until, _PROBES

    @property
    def has_news(self) -> bool:
        """Whether there is something to publish; cheap."""
        now = clock.now()
        return any(_is_worth_telling(view, now) for view in self.views.values())

    def publish(self) -> None:
        """Write what changed for everybody; nothing is lost where the database is away."""
        now, recovered = clock.now(), False
        for channel, view in self.views.items():
            with self._lock:
                if not _is_worth_telling(view, now):
                    continue
                news, view.news = view.news, {}
                has_recovered, view.has_recovered = view.has_recovered, False
                view.told_at = now
            try:
                _write(channel, news)
            except BaseException:
                with self._lock:
                    view.news = news | view.news
                    view.has_recovered |= has_recovered
                    view.told_at = None
                raise
            recovered |= has_recovered
        if recovered:
            wake(now)


def wake(now: datetime) -> int:
    """Make due what was held for a gateway, the oldest first again; return how many messages."""
    held = Message.objects.held(now).filter(reason__in=_HELD)
    return held.update(due_at=Least(F("recorded_at"), now), reason="")


def _forget(view: View, broken_until: datetime | None) -> None:
    """Begin a new epoch: what was sent before it says nothing about it."""
    view.broken_until, view.breaker, view.probes = broken_until, Breaker(), 0
    view.epoch += 1
    if broken_until is None:
        view.failure_count = 0


def _is_worth_telling(view: View, now: datetime) -> bool:
    if not view.news:
        return False
    is_urgent = "broken_until" in view.news or "free_at" in view.news
    return is_urgent or view.told_at is None or now - view.told_at >= _TELL_EVERY


def _write(channel: Channel, news: Mapping[str, Any]) -> None:
    values = dict(news)
    if "free_at" in values:
        asked = values["free_at"]
        values["free_at"] = Greatest(Coalesce(F("free_at"), asked), asked)
    GatewayState.objects.filter(pk=channel).update(**values)
