"""Whom to call: people who wrote something that no machine should answer.

The list names people with masked numbers; what they wrote and the number to call stand on a page of
their own, whose opening is written into the log of views like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from citizens.enums import ContactChannel, UnitKind, ViewPurpose
from citizens.models import ContactPoint, User
from notifications.models import CallBack
from notifications.models.texts import CHANNELS
from notifications.selectors.answers import written_by
from notifications.services import finish_call_back
from notifications.services.ask_call_back import LONGEST_NOTE
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.masking import mask_phone
from portal.office.access import log_people_shown
from portal.office.names import SUBJECT_TABLES, party_name, through
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of

PER_PAGE = 30
_MOST_WRITTEN = 20
Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
REASONS = {
    "not_understood": gettext_lazy("Wrote something that the portal did not understand"),
    "too_many": gettext_lazy("Wrote many times in one day"),
    "not_answered": gettext_lazy("The portal could not carry the answer out"),
    "asked_message": gettext_lazy("Asked for a call about a message"),
    "asked_dossier": gettext_lazy("Asked for a call about a dossier"),
    "asked_procedure": gettext_lazy("Asked for a call: which procedure, which papers"),
    "asked_portal": gettext_lazy("Asked for a call: help with the portal"),
    "asked_other": gettext_lazy("Asked for a call about something else"),
}
_WAYS = {str(channel): name for channel, name in CHANNELS} | {
    "chat": gettext_lazy("Chat"),
    "web": gettext_lazy("Typed on the portal, not proved"),
}


@dataclass(frozen=True)
class Call:
    """One call-back in the words of the desk; `age` is how long the person waits."""

    row: CallBack
    name: str
    number: str
    way: Any
    reason: Any
    age: str
    place: str


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("call-backs/", guarded(show_list), name="office_call_backs"),
        path("call-backs/<uuid:public_id>/", guarded(show_one), name="office_call_back"),
    ]


def open_calls(standing: Standing) -> QuerySet[CallBack]:
    """Return what waits in the official's units, who waits longest in front.

    What came from a number that is nobody's has no unit: whoever works for the whole province sees
    it. PermissionDenied without the desk.
    """
    if not standing.sees(Desk.CALL_BACKS):
        raise PermissionDenied
    units = standing.units_of(Desk.CALL_BACKS)
    mine = Q(unit__in=units)
    if units.filter(kind=UnitKind.PROVINCE).exists():
        mine |= Q(unit=None)
    rows = CallBack.objects.filter(mine, done_at=None, inbound__isnull=False)
    joined = (*through("party", SUBJECT_TABLES), "party", "unit", "inbound", "message__topic")
    return rows.select_related(*joined).order_by("recorded_at", "pk")


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List who waits for a call."""
    found = open_calls(standing_of(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    calls = [_call(row, clock.now()) for row in page.object_list]
    _log(request, [call.row for call in calls], ("full_name", "phone_masked"))
    context = {"title": _("Call-backs"), "calls": calls, "page": page}
    return render(request, "office/call_backs.html", admin.site.each_context(request) | context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what a person wrote and the number to call; a POST notes what came of it."""
    row = open_calls(standing_of(request)).filter(public_id=public_id).first()
    if row is None or row.inbound is None:
        raise Http404
    if request.method == "POST" and _finish(request, row):
        return redirect("admin:office_call_backs")
    _log(request, [row], ("full_name", "phone", "text"))
    written = written_by(row.inbound.sender_index, since=row.inbound.recorded_at)
    context = {
        "title": _("Call-back"),
        "call": _call(row, clock.now()),
        "phone": _as_dialled(_to_call(row)),
        "written": [{"at": one.recorded_at, "text": one.body} for one in written[:_MOST_WRITTEN]],
        "longest": LONGEST_NOTE,
    }
    return render(request, "office/call_back.html", admin.site.each_context(request) | context)


def _finish(request: HttpRequest, row: CallBack) -> bool:
    try:
        finish_call_back(
            call_back=row,
            by=cast(User, request.user),
            note=request.POST.get("note", ""),
            now=clock.now(),
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return False
    messages.success(request, _("Noted: the person was called."))
    return True


def _log(request: HttpRequest, rows: list[CallBack], fields: tuple[str, ...]) -> None:
    people = [row.party_id for row in rows]
    log_people_shown(request, people=people, fields=fields, purpose=ViewPurpose.SUPPORT)


def _call(row: CallBack, now: datetime) -> Call:
    return Call(
        row=row,
        name=party_name(row.party) if row.party else str(_("Number of nobody we know")),
        number=mask_phone(_to_call(row)) or "–",
        way=_WAYS.get(row.inbound.channel if row.inbound else "", ""),
        reason=REASONS.get(row.reason, row.reason),
        age=_age(int((now - row.recorded_at).total_seconds()) // 60),
        place=str(row.unit) if row.unit else "–",
    )


def _to_call(row: CallBack) -> str:
    """Return the number that wrote; for a chat the newest one of its owner, "" where none is."""
    if row.inbound is None or row.inbound.channel != "chat":
        return row.inbound.sender if row.inbound else ""
    known = ContactPoint.objects.filter(party=row.party_id, channel=ContactChannel.SMS)
    point = known.filter(verified_at__isnull=False).order_by("-verified_at").first()
    return point.value if point and row.party_id else ""


def _age(minutes: int) -> str:
    """Return how long somebody waits, in minutes, hours or days."""
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _as_dialled(phone: str) -> str:
    return f"0{phone.removeprefix('+84')}" if phone.startswith("+84") else phone
