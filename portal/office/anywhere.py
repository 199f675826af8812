"""At any counter: the dossier of whoever stands here, though another unit's agency decides it.

It is found by its whole code and the whole personal number of its owner or applicant, which only
they can show; every look is logged. What a counter may do is what the table marks `anywhere`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.enums import ViewPurpose
from citizens.models import Citizen, User
from citizens.services.count_tries import count_try
from dossiers.enums import Action
from dossiers.models import Dossier
from dossiers.selectors import Offer, offered_actions
from dossiers.services import advance
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.access import log_people_shown
from portal.office.names import party_name
from portal.office.people_named import people_shown
from portal.office.presses import presses_for
from portal.office.queue import dossiers_of
from portal.office.roles import Desk
from portal.office.standing import standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_SALT, _SECONDS = "office.anywhere", 15 * 60
MOST_LOOKS, TOO_MANY = 20, 429
_LOGGED = ("full_name", "dossier_code", "procedure", "status")
# Asking for papers has a form of its own where the dossier is at home.
_AT_COUNTERS = frozenset({Action.RECEIVE, Action.SUPPLEMENT, Action.RETURN_RESULT})


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("anywhere/", guarded(find), name="office_anywhere"),
        path("anywhere/step/", guarded(press), name="office_anywhere_step"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for code and number; show the dossier that both name, or say that none is there."""
    user = _at_counter(request)
    wait = _count_look(user) if request.method == "POST" else 0
    dossier = _named(request) if request.method == "POST" and not wait else None
    if dossier is not None and dossiers_of(standing_of(request)).filter(pk=dossier.pk).exists():
        return redirect("admin:office_dossier", dossier.public_id)
    context: dict[str, Any] = {
        "title": _("A dossier of another office"),
        "code": request.POST.get("code", "").strip()[:40],
        "is_missing": request.method == "POST" and dossier is None and not wait,
        "wait_minutes": -(-wait // 60),
    }
    if dossier is not None:
        log_people_shown(
            request,
            people=people_shown(dossier),
            fields=_LOGGED,
            purpose=ViewPurpose.COUNTER,
            reference=dossier.code,
        )
        context |= {
            "dossier": dossier,
            "owner": party_name(dossier.owner),
            "presses": presses_for(_offers(dossier, user), may_start=False),
            "key": signing.dumps([dossier.pk, user.pk], salt=_SALT),
        }
    shown = admin.site.each_context(request) | context
    answer = render(request, "office/anywhere.html", shown, status=TOO_MANY if wait else 200)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _count_look(user: User) -> int:
    """Return the seconds to wait for who has looked too often: nobody tries numbers out here."""
    return count_try(
        what="anywhere", key=str(user.pk), most=MOST_LOOKS, seconds=_SECONDS, now=clock.now()
    )


@require_POST
def press(request: HttpRequest) -> HttpResponse:
    """Take a step at this counter on the dossier that was found within the last minutes."""
    user = _at_counter(request)
    try:
        found = signing.loads(request.POST.get("key", ""), salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature as invalid:
        raise PermissionDenied from invalid
    if found[1] != user.pk:
        raise PermissionDenied
    dossier = Dossier.objects.get(pk=found[0])
    given = request.POST.get("press", "")
    offers = {offer.action.value: offer.action for offer in _offers(dossier, user)}
    if given not in offers:
        messages.warning(request, _("This step is not possible here now. Please look again."))
        return redirect("admin:office_anywhere")
    try:
        advance(
            dossier=dossier,
            action=offers[given],
            user=user,
            version=shown_version(request.POST.get("version", "")),
            now=clock.now(),
        )
    except StaleVersionError as overtaken:
        messages.warning(request, str(overtaken))
    except RefusedError as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("%(code)s: done at this office.") % {"code": dossier.code})
    return redirect("admin:office_anywhere")


def _at_counter(request: HttpRequest) -> User:
    if not standing_of(request).edits(Desk.COUNTER):
        raise PermissionDenied
    return cast(User, request.user)


def _named(request: HttpRequest) -> Dossier | None:
    """Return the dossier of this code whose owner or applicant has this number."""
    number = "".join(request.POST.get("number", "").split())
    if not (number.isascii() and number.isdecimal() and len(number) == 12):
        return None
    index = Citizen.index_of(number)
    whose = Q(owner__citizen__pin_index=index) | Q(applicant__pin_index=index)
    code = request.POST.get("code", "").strip().upper()
    rows = Dossier.objects.filter(whose, code=code)
    return rows.select_related("procedure_version", "competent", "owner__citizen").first()


def _offers(dossier: Dossier, user: User) -> list[Offer]:
    offers = offered_actions(dossier=dossier, user=user, day=clock.today())
    return [offer for offer in offers if offer.action in _AT_COUNTERS]
