"""Pause a channel, put it back, stop all sending: each with a reason, asked for on its own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.enums import UnitKind
from citizens.models import User
from notifications.enums import Channel, MessageState
from notifications.models import Gate, GatewayState, Message
from notifications.services import close_gate, open_gate, pause_channel, resume_channel
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.delivery_words import channel_name
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of

BACK = "admin:office_delivery"
UNPROCESSABLE = 422


@dataclass(frozen=True)
class Question:
    """What the page asks before it is done: what will happen, and the word on the button."""

    title: str
    effect: str
    press: str
    tone: str


def check_may_run(request: HttpRequest) -> User:
    """Return whoever may touch the sending; PermissionDenied for anybody else."""
    if not may_run(standing_of(request)):
        raise PermissionDenied
    return cast(User, request.user)


def may_run(standing: Standing) -> bool:
    """Return whether the official may touch the sending: it serves the whole province."""
    return standing.units_edited(Desk.DELIVERY).filter(kind=UnitKind.PROVINCE).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def gateway(request: HttpRequest, gateway: str) -> HttpResponse:
    """Ask why, then pause a channel that is in service, or put back one that is not."""
    user = check_may_run(request)
    if gateway not in set(Channel):
        raise Http404
    channel = Channel(gateway)
    state = GatewayState.objects.filter(pk=channel).first() or GatewayState(channel=channel)
    is_broken = state.broken_until is not None and state.broken_until > clock.now()
    is_stopped = state.is_paused or is_broken
    if request.method == "POST":
        is_pause = request.POST.get("press") == "pause"
        service = pause_channel if is_pause else resume_channel
        try:
            service(channel=channel, reason=request.POST.get("reason", ""), by=user)
        except RefusedError as refused:
            return _page(request, _asked(channel, is_stopped=not is_pause), refused)
        return _done(request, _paused(channel) if is_pause else _resumed(channel))
    return _page(request, _asked(channel, is_stopped=is_stopped))


@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: HttpRequest) -> HttpResponse:
    """Ask why, then stop all sending, or open it again."""
    user = check_may_run(request)
    is_closed = Gate.objects.filter(paused=True).exists()
    if request.method == "POST":
        is_close = request.POST.get("press") == "pause"
        service = close_gate if is_close else open_gate
        try:
            service(reason=request.POST.get("reason", ""), by=user)
        except RefusedError as refused:
            return _page(request, _asked_of_gate(is_closed=not is_close), refused)
        said = _("All sending is stopped.") if is_close else _("Messages leave again.")
        return _done(request, said)
    return _page(request, _asked_of_gate(is_closed=is_closed))


def _asked(channel: Channel, *, is_stopped: bool) -> Question:
    name = channel_name(channel)
    if is_stopped:
        effect = _(
            "Messages leave by %(channel)s again. What waited for a gateway is due at once; each "
            "is checked again before it leaves."
        )
        title = _("Put back into service: %(channel)s")
        return Question(
            title % {"channel": name}, effect % {"channel": name}, _("Put back"), "resume"
        )
    effect = _(
        "Nothing more leaves by %(channel)s. What is under way is finished. Messages take their "
        "next channel where there is one; the others wait. None is lost."
    )
    title = _("Pause a channel: %(channel)s") % {"channel": name}
    return Question(title, effect % {"channel": name}, _("Pause this channel"), "pause")


def _asked_of_gate(*, is_closed: bool) -> Question:
    waiting = Message.objects.filter(state=MessageState.QUEUED).count()
    if is_closed:
        effect = _(
            "%(count)d messages wait. Those that are due leave at once, sign-in codes first; each "
            "is checked again, and what came too late is not sent."
        )
        title, press = _("Let messages leave again"), _("Open again")
        return Question(title, effect % {"count": waiting}, press, "resume")
    effect = _(
        "Nothing leaves any more, sign-in codes neither: people cannot sign in by SMS. What is "
        "under way is finished. %(count)d messages wait and stay."
    )
    title, press = _("Stop all sending"), _("Stop everything")
    return Question(title, effect % {"count": waiting}, press, "pause")


def _paused(channel: Channel) -> str:
    return _("%(channel)s is paused.") % {"channel": channel_name(channel)}


def _resumed(channel: Channel) -> str:
    return _("%(channel)s is back in service.") % {"channel": channel_name(channel)}


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(BACK)


def _page(
    request: HttpRequest, question: Question, refused: RefusedError | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": question.title,
        "question": question,
        "reasons": refused.reasons if refused else (),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    status = UNPROCESSABLE if refused else 200
    return render(request, "office/delivery_gateway.html", shown, status=status)
