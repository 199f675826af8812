"""The desk "Hậu kiểm": automatic decisions to be looked at, what the looks tell, the switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import User
from dossiers.automatic.looks import (
    decisions_in,
    estimated_error,
    to_be_handled_anew,
    to_be_revoked,
    waiting,
)
from dossiers.enums import SampleVerdict
from dossiers.models import AutomaticDecision
from dossiers.selectors import definition_of
from dossiers.services.review_automatic import (
    review_decision,
    revoke_decision,
    why_not_to_judge,
)
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.access import log_people_shown
from portal.office.automatic_switches import own_kind, switches_shown
from portal.office.automatic_words import FEATURES, ground_lines, per_cent
from portal.office.people_named import people_shown
from portal.office.roles import Desk
from portal.office.standing import standing_of

PER_PAGE, UNFIT = 30, 422
Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_TABS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "wait": (gettext_lazy("To be looked at"), waiting),
    "wrong": (gettext_lazy("Found wrong, to be revoked by another"), to_be_revoked),
    "anew": (gettext_lazy("Revoked, to be handled anew"), to_be_handled_anew),
    "all": (gettext_lazy("All automatic decisions"), lambda rows: rows),
}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("automatic/", guarded(show_list), name="office_automatic"),
        path("automatic/<uuid:public_id>/", guarded(show_one), name="office_automatic_one"),
        path("automatic/<uuid:public_id>/judge/", guarded(judge), name="office_automatic_judge"),
    ]


def _visible(request: HttpRequest) -> QuerySet[AutomaticDecision]:
    standing = standing_of(request)
    if not standing.sees(Desk.AUTOMATIC):
        raise PermissionDenied
    rows = decisions_in(units=standing.units_of(Desk.AUTOMATIC))
    kind = own_kind(standing)
    return rows if kind is None else rows.filter(dossier__competent__kind=kind)


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List what waits, and say what the looks so far tell of all decisions."""
    rows = _visible(request)
    tab = request.GET.get("tab", "wait")
    pick = _TABS.get(tab, _TABS["wait"])[1]
    page = Paginator(pick(rows), PER_PAGE).get_page(request.GET.get("page"))
    people = [one for row in page.object_list for one in people_shown(row.dossier)]
    log_people_shown(request, people=people, fields=("full_name",), purpose=ViewPurpose.DOSSIER)
    context = {
        "title": _("Post-inspection"),
        "tab": tab,
        "tabs": [(key, label, choose(rows).count()) for key, (label, choose) in _TABS.items()],
        "page": page,
        "figures": _figures(rows),
        **switches_shown(request),
    }
    return render(request, "office/automatic.html", admin.site.each_context(request) | context)


def _figures(rows: QuerySet[AutomaticDecision]) -> dict[str, Any]:
    found = estimated_error(rows)
    figures: dict[str, Any] = {
        "decided": rows.count(),
        "drawn": rows.filter(is_drawn=True).count(),
        "asked": rows.filter(asked_at__isnull=False).count(),
    }
    if found is not None:
        figures |= {
            "looked": found.looked_count,
            "wrong": found.wrong_count,
            "rate": per_cent(found.rate),
            "low": per_cent(found.low),
            "high": per_cent(found.high),
        }
    return figures


@require_safe
def show_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the grounds and the weight of one decision, with the verdict or the press for it."""
    return _page(request, _one(request, public_id))


def _page(
    request: HttpRequest, decision: AutomaticDecision, *, typed: str = "", status: int = 200
) -> HttpResponse:
    """Return the page; `typed` is what stood in a form that was refused."""
    log_people_shown(
        request,
        people=people_shown(decision.dossier),
        fields=("full_name", "form"),
        purpose=ViewPurpose.DOSSIER,
        reference=decision.dossier.code,
    )
    definition = definition_of(dossier=decision.dossier)
    user = cast(User, request.user)
    context = {
        "title": decision.dossier.code,
        "decision": decision,
        "grounds": ground_lines(decision.grounds, definition),
        "features": [
            (FEATURES[name], per_cent(value))
            for name, value in decision.features.items()
            if name in FEATURES
        ],
        "risk": per_cent(decision.risk),
        "share": per_cent(decision.sample_share),
        "why_not": why_not_to_judge(decision=decision, user=user, day=clock.today()),
        "typed": typed,
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/automatic_one.html", shown, status=status)


@require_POST
def judge(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep a verdict, or revoke what another official found wrong; refused, the note stays."""
    decision = _one(request, public_id)
    note = request.POST.get("note", "")
    try:
        _judged(request, decision, note)
    except (RefusedError, StaleVersionError) as refused:
        messages.error(request, " ".join(getattr(refused, "reasons", None) or [str(refused)]))
        return _page(request, _one(request, public_id), typed=note, status=UNFIT)
    messages.success(request, _("Noted, with your name."))
    return redirect("admin:office_automatic_one", public_id)


def _judged(request: HttpRequest, decision: AutomaticDecision, note: str) -> None:
    given, user, now = request.POST.get("verdict", ""), cast(User, request.user), clock.now()
    version = shown_version(request.POST.get("version", ""))
    if given == "revoke":
        revoke_decision(decision=decision, user=user, version=version, now=now)
    elif given in set(SampleVerdict):
        review_decision(
            decision=decision,
            user=user,
            version=version,
            verdict=SampleVerdict(given),
            note=note,
            now=now,
        )
    else:
        raise Http404


def _one(request: HttpRequest, public_id: UUID) -> AutomaticDecision:
    found = _visible(request).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
