"""What stands still in the house, on the first page of those who can set it going again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.enums import Role
from dossiers.documents.signing import ENDS_SOON, SealUnusableError, seals_in_use
from notifications.models import Gate, GatewayState
from notifications.selectors import DueHeap
from portal.common import clock
from portal.common.models import Bell
from portal.office.bell_words import task_name
from portal.office.delivery_words import channel_name, why_closed
from portal.office.standing import Standing

# A due message leaves within seconds; one that waits longer means that nothing works, or too slow.
LATE_AFTER = timedelta(minutes=5)
_NAMED = 3  # of the silent tasks; when beat is dead, all are
_TOLD = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class HouseAlarm:
    """What is wrong and what to do next, and the page on which to do it: none on the server."""

    text: str
    url: str = ""


def shown_alarms(standing: Standing, due: DueHeap, now: datetime) -> list[HouseAlarm]:
    """Return what is wrong at `now`; nothing to those who could do nothing about it."""
    if not standing.roles & _TOLD:
        return []
    delivery = reverse("admin:office_delivery")
    found = [HouseAlarm(text, delivery) for text in _of_sending(due, now)]
    of_the_server = (*_of_the_beat(now), *_of_the_seals(now))
    return found + [HouseAlarm(text) for text in of_the_server]


def _of_sending(due: DueHeap, now: datetime) -> Iterator[str]:
    """Say what keeps messages; a closed gate explains that they are late."""
    gate = Gate.objects.filter(paused=True).first()
    if gate is not None:
        yield _("All sending is stopped: read why, and open it again: %(why)s") % {
            "why": why_closed(gate) or "–"
        }
    else:
        yield from _of_late_messages(due, now)
    is_broken = Q(broken_until__gt=now)
    stopped = GatewayState.objects.filter(is_broken | Q(is_paused=True)).order_by("channel")
    for state in stopped:
        told = (
            _("%(channel)s is paused: let it go on as soon as its reason is gone.")
            if state.is_paused
            else _("%(channel)s is out of order: read what the gateway said last.")
        )
        yield told % {"channel": channel_name(state.channel)}


def _of_late_messages(due: DueHeap, now: datetime) -> Iterator[str]:
    if due.since is not None and now - due.since > LATE_AFTER:
        told = _(
            "Messages are late, the oldest should have left at %(hour)s: see whether the "
            "dispatcher is running."
        )
        yield told % {"hour": _hour(due.since)}


def _of_the_beat(now: datetime) -> Iterator[str]:
    """Name the tasks that were not heard for longer than they may be."""
    bells = list(Bell.objects.all())
    silent = sorted((bell for bell in bells if bell.expected_by < now), key=_awaited_since)
    if not bells:
        yield _("Nothing happens by itself: start worker and beat on the server.")
    elif silent:
        more = ["…"] if len(silent) > _NAMED else []
        names = ", ".join([*map(_heard, silent[:_NAMED]), *more])
        told = ngettext(
            "A task is silent: %(names)s. See whether worker and beat are running, and what the "
            "worker's log says of it.",
            "%(n)s tasks are silent: %(names)s. See whether worker and beat are running, and what "
            "the worker's log says of them.",
            len(silent),
        )
        yield told % {"n": len(silent), "names": names}


def _awaited_since(bell: Bell) -> datetime:
    return bell.expected_by


def _heard(bell: Bell) -> str:
    """Return what the task does, and when it last ended well."""
    named = {"task": task_name(bell.task)}
    if bell.heard_at is None:
        return _("%(task)s (never yet)") % named
    return _("%(task)s (last %(hour)s)") % (named | {"hour": _hour(bell.heard_at)})


def _of_the_seals(now: datetime) -> Iterator[str]:
    try:
        seals = seals_in_use()
    except SealUnusableError:
        yield _("A seal cannot be opened and papers wait: set PDF_SIGNER anew on the server.")
        return
    if not seals:
        return
    ends = seals[0].certificate.not_valid_after
    named = {"name": seals[0].name, "day": f"{clock.civil_time(ends):%d/%m/%Y}"}
    if ends < now:
        yield _("The certificate of %(name)s ran out on %(day)s: bring in the new one.") % named
    elif ends - now <= ENDS_SOON:
        yield _("The certificate of %(name)s runs out on %(day)s: order the next one.") % named


def _hour(at: datetime) -> str:
    return f"{clock.civil_time(at):%H:%M %d/%m}"
