"""How messages leave: the queue by state and age, the gateways, what waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from notifications.enums import MessageState
from notifications.models import Gate, OperatorAct
from notifications.models.messages import FOR_A_PERSON
from notifications.selectors import (
    GatewayHealth,
    Heap,
    causes,
    due_causes,
    gateway_health,
    heaps,
    held_groups,
    stray_receipts,
)
from notifications.selectors.heaps import DUE, ORPHANED
from portal.common import clock
from portal.office import delivery_acts, delivery_gateways
from portal.office.alarms import LATE_AFTER
from portal.office.delivery_gateways import may_run
from portal.office.delivery_words import (
    AGE_WORDS,
    HEAP_WORDS,
    channel_name,
    gauge_of,
    line_of,
    why_closed,
)
from portal.office.roles import Desk
from portal.office.standing import standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]

REFRESH_SECONDS = 30
_LAST_ACTS = _LAST_STRAYS = 12
# A receipt may come before our own note that the message was sent.
EARLY_FOR = timedelta(minutes=10)


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    choose = guarded(delivery_acts.choose)
    return [
        path("delivery/", guarded(show_delivery), name="office_delivery"),
        path("delivery/gate/", guarded(delivery_gateways.gate), name="office_delivery_gate"),
        path(
            "delivery/gateways/<slug:gateway>/",
            guarded(delivery_gateways.gateway),
            name="office_delivery_gateway",
        ),
        path("delivery/messages/<slug:deed>/", choose, name="office_delivery_choose"),
        path(
            "delivery/acts/<uuid:public_id>/",
            guarded(delivery_acts.undo),
            name="office_delivery_undo",
        ),
    ]


@dataclass(frozen=True)
class Alarm:
    """Something that needs the operator now; `grave` comes first."""

    text: str
    is_grave: bool


@require_safe
def show_delivery(request: HttpRequest) -> HttpResponse:
    """Show the whole of it; the page comes again by itself while nobody holds it still."""
    standing = standing_of(request)
    if not standing.sees(Desk.DELIVERY):
        raise PermissionDenied
    now = clock.now()
    gateways, found = gateway_health(now), heaps(now)
    gate = Gate.objects.first()
    is_closed = gate is not None and gate.paused
    context = {
        "title": _("Sending messages"),
        "now": now,
        "alarms": _alarms(gateways, found, now, gate if is_closed else None),
        "gate": gate if is_closed else None,
        "why_closed": why_closed(gate) if gate else "",
        "gauges": [gauge_of(health, now) for health in gateways],
        "ages": AGE_WORDS,
        "heaps": [(HEAP_WORDS[heap.key], heap) for heap in found],
        "held": held_groups(now),
        "left": [line_of(cause) for cause in causes(FOR_A_PERSON)],
        "due": [line_of(cause) for cause in due_causes(now)],
        "strays": stray_receipts(before=now - EARLY_FOR)[:_LAST_STRAYS],
        "acts": _acts(),
        "may_run": may_run(standing),
        "is_still": request.GET.get("still") == "1",
        "seconds": REFRESH_SECONDS,
        "is_fullwidth": "1",
    }
    shown = render(request, "office/delivery.html", admin.site.each_context(request) | context)
    if not context["is_still"]:
        shown["Refresh"] = str(REFRESH_SECONDS)
    return shown


def _alarms(
    gateways: list[GatewayHealth], found: list[Heap], now: datetime, gate: Gate | None
) -> list[Alarm]:
    """Return what needs somebody, the grave first."""
    told: list[Alarm] = []
    if gate is not None:
        told.append(Alarm(_("Nothing leaves: all sending is stopped."), is_grave=True))
    by_key = {heap.key: heap for heap in found}
    oldest = by_key[DUE].oldest
    if oldest is not None and now - oldest > LATE_AFTER:
        words = _("Messages are late: the oldest should have left at %(hour)s.")
        hour = f"{clock.civil_time(oldest):%H:%M %d/%m}"
        told.append(Alarm(words % {"hour": hour}, is_grave=True))
    for health in gateways:
        told += _alarms_of(health, now)
    if by_key[ORPHANED].total:
        words = _("%(count)d left by a dispatcher that ended; another takes them up.")
        told.append(Alarm(words % {"count": by_key[ORPHANED].total}, is_grave=False))
    for state, said in _LEFT_WORDS.items():
        if by_key[state].total:
            told.append(Alarm(str(said) % {"count": by_key[state].total}, is_grave=False))
    return sorted(told, key=lambda alarm: not alarm.is_grave)


_LEFT_WORDS: Mapping[str, Any] = {
    MessageState.UNKNOWN.value: gettext_lazy(
        "%(count)d of which nobody can tell whether they arrived: a person decides."
    ),
    MessageState.PARKED.value: gettext_lazy(
        "%(count)d are set aside: they cannot leave as they are."
    ),
}


def _alarms_of(health: GatewayHealth, now: datetime) -> list[Alarm]:
    name = {"channel": channel_name(health.channel)}
    if health.state.is_paused:
        return [Alarm(_("%(channel)s is paused.") % name, is_grave=True)]
    if health.is_broken(now):
        return [Alarm(_("%(channel)s is out of order.") % name, is_grave=True)]
    return []


def _acts() -> list[OperatorAct]:
    """Return the last things that operators did, each with the act that undid it."""
    rows = OperatorAct.objects.select_related("by").prefetch_related("undone_by")
    return list(rows.order_by("-pk")[:_LAST_ACTS])
