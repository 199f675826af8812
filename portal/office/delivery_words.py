"""Words of the desk of sending: states, ages, what a gateway promises, what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.enums import Channel, MessageState, Reason
from notifications.models import Gate
from notifications.models.messages import STATES
from notifications.models.reasons import reason_label
from notifications.models.texts import CHANNELS
from notifications.selectors import Cause, GatewayHealth
from notifications.selectors.heaps import DUE, ORPHANED, SENDING
from notifications.services import RESTORED

_FOR_EVER = timedelta(days=365)
AGE_WORDS = (
    gettext_lazy("Under a minute"),
    gettext_lazy("Under an hour"),
    gettext_lazy("Under a day"),
    gettext_lazy("Older"),
)
HEAP_WORDS: Mapping[str, Any] = {
    DUE: gettext_lazy("Due now"),
    SENDING: gettext_lazy("Being sent"),
    ORPHANED: gettext_lazy("Left by a dispatcher that ended"),
    MessageState.UNKNOWN.value: gettext_lazy("Outcome unknown"),
    MessageState.PARKED.value: gettext_lazy("Set aside"),
    MessageState.FAILED.value: gettext_lazy("Failed"),
}
CHANNEL_WORDS: Mapping[str, Any] = {channel.value: word for channel, word in CHANNELS}
STATE_WORDS: Mapping[str, Any] = {state.value: word for state, word in STATES}


@dataclass(frozen=True)
class Gauge:
    """A gateway on the page: how it stands in a word with colour and sign, and its figures."""

    health: GatewayHealth
    name: str
    word: str
    tone: str
    icon: str
    promise: str
    is_stopped: bool


@dataclass(frozen=True)
class Line:
    """A cause on the page, with the way to its messages and the query of the buttons."""

    cause: Cause
    state: str
    channel: str
    reason: str
    list_url: str
    query: str

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can tell if these arrived."""
        return self.cause.state == MessageState.UNKNOWN

    @property
    def may_resend(self) -> bool:
        """Whether sending again can help: a gateway that took it would take it for a repetition."""
        return self.cause.reason != Reason.NOT_DELIVERED


def gauge_of(health: GatewayHealth, now: datetime) -> Gauge:
    """Return a gateway in words."""
    name = str(CHANNEL_WORDS[health.channel.value])
    if health.traits is None:
        word, tone, icon = _("No gateway here"), "ended", "link_off"
    elif health.state.is_paused:
        word, tone, icon = _("Paused"), "late", "pause_circle"
    elif health.is_broken(now):
        word, tone, icon = _("Out of order"), "late", "error"
    elif health.state.failure_count:
        word, tone, icon = _("Failing"), "soon", "warning"
    else:
        word, tone, icon = _("In service"), "on_time", "check_circle"
    stopped = health.state.is_paused or health.is_broken(now)
    return Gauge(health, name, word, tone, icon, _promise(health), stopped)


def line_of(cause: Cause) -> Line:
    """Return a cause in words."""
    query = {
        "topic": cause.topic,
        "channel": cause.channel,
        "why": cause.reason,
        "state": cause.state,
    }
    listed = {
        "state__exact": cause.state,
        "topic__key__exact": cause.topic,
        "channel__exact": cause.channel,
        "why": cause.reason,
    }
    return Line(
        cause=cause,
        state=str(STATE_WORDS[cause.state]),
        channel=str(CHANNEL_WORDS.get(cause.channel, "")),
        reason=reason_label(cause.reason),
        list_url=reverse("admin:notifications_message_changelist") + "?" + _encoded(listed),
        query=_encoded(query),
    )


def why_closed(gate: Gate) -> str:
    """Return why nothing leaves: an operator's words, or that the database was restored."""
    if gate.reason != RESTORED:
        return gate.reason
    return _(
        "This database was restored from a back-up, or moved to another server. What waits here "
        "may have left before: take out what must not be sent again, then open."
    )


def channel_name(channel: Channel | str) -> str:
    """Return what a channel is called; empty for none."""
    return str(CHANNEL_WORDS.get(str(channel), ""))


def _encoded(query: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in query.items() if value})


def _promise(health: GatewayHealth) -> str:
    """Return what can be done where nobody knows whether a message arrived."""
    traits = health.traits
    if traits is None:
        return ""
    parts = [_("SIMULATED")] if traits.is_simulated else []
    if traits.can_ask:
        parts.append(_("can be asked"))
    elif traits.deduplicates_for is not None:
        parts.append(_not_twice(traits.deduplicates_for))
    else:
        parts.append(_("cannot be asked"))
    parts.append(_("reports arrival") if traits.has_receipts else _("reports no arrival"))
    return " · ".join(parts)


def _not_twice(window: timedelta) -> str:
    if window > _FOR_EVER:
        return _("takes nothing twice")
    hours = int(window.total_seconds() // 3600)
    return _("takes nothing twice for %(hours)d h") % {"hours": hours}
