"""Many dossiers handed over to one colleague: first told which go and which stay, then done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from citizens.enums import Role, ViewPurpose
from citizens.models import Grant, Official, User
from dossiers.enums import Action
from dossiers.models import Dossier
from dossiers.services import advance
from dossiers.services.locks import hold_around
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.access import log_people_shown
from portal.office.clock_colours import Day
from portal.office.hands import offers_here, read_hands
from portal.office.presses import may_hand_over
from portal.office.queue import row_of
from portal.office.queue_bulk import (
    Left,
    asked_query,
    back_to_queue,
    chosen_in,
    found_of,
    overtaken,
    tell_left,
)
from portal.office.standing import standing_of

_LONGEST_NOTE = 500


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [path("queue/hand-over/", guarded(hand_over), name="office_queue_hand_over")]


@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Say which of the chosen dossiers can be handed over, and to whom; with `sure` do it."""
    standing = standing_of(request)
    if not may_hand_over(standing.roles):
        raise PermissionDenied
    chosen = chosen_in(request.POST.getlist("dossier"))
    if not chosen:
        messages.info(request, _("Choose at least one dossier first."))
        return back_to_queue(request)
    found = found_of(standing, chosen)
    read_hands(request, list(found.values()))
    movable = {one.pk for one in found.values() if not _reason_against(request, one)}
    going = [one for one in found.values() if one.pk in movable]
    to = _colleague(request, going)
    note = " ".join(request.POST.get("note", "").split())[:_LONGEST_NOTE]
    if "sure" not in request.POST or to is None or not note:
        return _ask(request, list(found.values()), movable, gone_count=len(chosen) - len(found))
    left: dict[str, list[str]] = defaultdict(list)
    for public_id, dossier in found.items():
        reason = _do(request, dossier, chosen[public_id], to, note)
        if reason:
            left[reason].append(dossier.code)
    done = len(found) - sum(map(len, left.values()))
    if done:
        told = ngettext(
            "%(count)d dossier is with %(name)s now.",
            "%(count)d dossiers are with %(name)s now.",
            done,
        )
        messages.success(request, told % {"count": done, "name": to})
    tell_left(request, left, gone_count=len(chosen) - len(found))
    return back_to_queue(request)


def _ask(
    request: HttpRequest, found: list[Dossier], movable: set[int], *, gone_count: int
) -> HttpResponse:
    """Show which dossiers go and which stay and why, whom to choose; nothing is done yet."""
    day = Day.of(standing_of(request).day)
    going = [one for one in found if one.pk in movable]
    staying = [one for one in found if one.pk not in movable]
    if "sure" in request.POST:
        messages.error(request, _("Choose the colleague, and say why."))
    log_people_shown(
        request,
        people=[one.owner_id for one in found],
        fields=("full_name", "dossier_code", "procedure", "status"),
        purpose=ViewPurpose.DOSSIER,
    )
    context = {
        "title": _("Hand over many dossiers"),
        "rows": [row_of(one, day) for one in going],
        "left": [Left(row_of(one, day), _reason_against(request, one)) for one in staying],
        "colleagues": _colleagues(going, day.today),
        "chosen_to": request.POST.get("to", ""),
        "typed": request.POST.get("note", ""),
        "longest": _LONGEST_NOTE,
        "gone_count": gone_count,
        "back": asked_query(request),
        "is_fullwidth": "1",
    }
    return render(
        request, "office/queue_hand_over.html", admin.site.each_context(request) | context
    )


def _do(request: HttpRequest, dossier: Dossier, version: str, to: Official, note: str) -> str:
    """Hand one dossier over in a transaction of its own; return why it was not done, or empty."""
    if str(dossier.version) != version:
        return overtaken(dossier)
    reason = _reason_against(request, dossier)
    if reason:
        return reason
    try:
        with transaction.atomic():
            hold_around(dossier.pk)
            advance(
                dossier=dossier,
                action=Action.REASSIGN,
                user=cast(User, request.user),
                version=dossier.version,
                note=note,
                to=to,
                now=clock.now(),
            )
    except StaleVersionError:
        dossier.refresh_from_db(fields=["status"])
        return overtaken(dossier)
    except RefusedError as refused:
        return " ".join(refused.reasons)
    return ""


def _reason_against(request: HttpRequest, dossier: Dossier) -> str:
    """Return why the official cannot hand the dossier over; empty when they can."""
    if any(offer.action is Action.REASSIGN for offer in offers_here(request, dossier)):
        return ""
    told = _("It is “%(status)s”, or not yours to hand over: another role or office, or family.")
    return told % {"status": dossier.get_status_display()}


def _colleagues(dossiers: Collection[Dossier], day: date) -> QuerySet[Official]:
    """Return the case officers of the agencies that decide about the dossiers, by name.

    Whoever has all of them already is none to choose.
    """
    desks = {one.assignee_id for one in dossiers}
    agencies = {one.competent_id for one in dossiers}
    granted = Grant.objects.standing(day).filter(role=Role.CASE_OFFICER)
    here = Official.objects.filter(agency__in=agencies, user__is_active=True)
    mine = here.filter(pk__in=granted.values("official"))
    if len(desks) == 1:
        mine = mine.exclude(pk=desks.pop())
    return mine.select_related("user", "agency").order_by("user__display_name", "pk")


def _colleague(request: HttpRequest, going: Collection[Dossier]) -> Official | None:
    key = request.POST.get("to", "")
    if not key.isdecimal() or len(key) > 17:
        return None
    return _colleagues(going, standing_of(request).day).filter(pk=int(key)).first()
