"""Who signs for whom and who stands in: delegations of signature and absences of the agencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import Agency, Official, User
from dossiers.models import Absence, Delegation
from dossiers.selectors import holds_office
from dossiers.selectors.delegations import Saved, days_saved
from dossiers.services.absences import enter_absence, finish_absence
from dossiers.services.delegate import delegate, revoke_delegation
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.standing_in_forms import AbsenceForm, DelegationForm

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
UNFIT = 422
_PAGE = "admin:office_standing_in"
_SHOWN_DAYS = 365


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("standing-in/", guarded(show), name="office_standing_in"),
        path("standing-in/delegate/", guarded(make), name="office_delegate"),
        path("standing-in/revoke/", guarded(revoke), name="office_delegation_revoke"),
        path("standing-in/away/", guarded(away), name="office_absence"),
        path("standing-in/back/", guarded(back), name="office_absence_end"),
    ]


@dataclass(frozen=True)
class DelegationRow:
    """A delegation with what it brought; `state` is standing, coming, revoked or over."""

    delegation: Delegation
    last: date | None
    saved: Saved
    state: str
    may_revoke: bool


@dataclass(frozen=True)
class AbsenceRow:
    """An absence; `state` is standing, coming or over."""

    absence: Absence
    last: date | None
    state: str
    may_end: bool


@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest) -> HttpResponse:
    """Show the delegations and absences of the agencies within reach."""
    return _page(request)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Read a delegation back to its holder; the second press makes it."""
    me = _me(request)
    form = DelegationForm(request.POST, holder=me)
    if not form.is_valid():
        return _page(request, delegation_form=form, status=UNFIT)
    given = form.cleaned_data
    if request.POST.get("press") != "confirm":
        context = {"title": _("Read before you sign"), "form": form, "given": given, "me": me}
        shown = admin.site.each_context(request) | context
        return render(request, "office/standing_in_read.html", shown)
    try:
        delegate(holder=me, now=clock.now(), **given)
    except RefusedError as refusal:
        form.add_error(None, list(refusal.reasons))
        return _page(request, delegation_form=form, status=UNFIT)
    messages.success(request, _("%(name)s may sign now.") % {"name": given["deputy"]})
    return redirect(_PAGE)


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take a delegation back at once."""
    me = _me(request)
    row = get_object_or_404(_delegations(request), pk=_number(request, "delegation"))
    return _do(
        request,
        _("The delegation is revoked."),
        lambda: revoke_delegation(
            delegation=row, by=me, version=_version(request), now=clock.now()
        ),
    )


@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """Enter an absence, the own one or as a head."""
    me = _me(request)
    form = AbsenceForm(request.POST, by=me)
    if not form.is_valid():
        return _page(request, absence_form=form, status=UNFIT)
    try:
        absence = enter_absence(by=me, now=clock.now(), **form.cleaned_data)
    except RefusedError as refusal:
        form.add_error(None, list(refusal.reasons))
        return _page(request, absence_form=form, status=UNFIT)
    told = _("%(cover)s stands in for %(name)s.")
    messages.success(request, told % {"cover": absence.cover, "name": absence.official})
    return redirect(_PAGE)


@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """End an absence early."""
    me = _me(request)
    row = get_object_or_404(_absences(request), pk=_number(request, "absence"))
    return _do(
        request,
        _("The absence is ended."),
        lambda: finish_absence(absence=row, by=me, version=_version(request), now=clock.now()),
    )


def _page(
    request: HttpRequest,
    *,
    delegation_form: DelegationForm | None = None,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if not standing_of(request).sees(Desk.STANDING_IN):
        raise PermissionDenied
    day = clock.today()
    me: Official | None = getattr(request.user, "official", None)
    is_head = me is not None and holds_office(official=me, day=day)
    context = {
        "title": _("Signing and standing in"),
        "delegations": [_delegation(row, me, is_head, day) for row in _delegations(request)],
        "absences": [_absence(row, me, is_head, day) for row in _absences(request)],
        "delegation_form": delegation_form or (DelegationForm(holder=me) if is_head else None),
        "absence_form": absence_form or (AbsenceForm(by=me) if me is not None else None),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/standing_in.html", shown, status=status)


def _agencies(request: HttpRequest) -> QuerySet[Agency]:
    """Return the agencies whose delegations and absences the official may see."""
    standing = standing_of(request)
    return Agency.objects.filter(unit__in=standing.units_of(Desk.STANDING_IN).values("pk"))


def _delegations(request: HttpRequest) -> QuerySet[Delegation]:
    rows = Delegation.objects.filter(agency__in=_agencies(request).values("pk"))
    shown = rows.exclude(valid__endswith__lt=clock.today() - timedelta(days=_SHOWN_DAYS))
    return shown.select_related("agency", "holder__user", "deputy__user").order_by("-pk")


def _absences(request: HttpRequest) -> QuerySet[Absence]:
    rows = Absence.objects.filter(official__agency__in=_agencies(request).values("pk"))
    shown = rows.exclude(away__endswith__lt=clock.today() - timedelta(days=_SHOWN_DAYS))
    tables = ("official__user", "official__agency", "cover__user")
    return shown.select_related(*tables).order_by("-pk")


def _delegation(row: Delegation, me: Official | None, is_head: bool, day: date) -> DelegationRow:
    state = "revoked" if row.revoked_at is not None else _state(row.valid, day)
    is_mine = me is not None and (
        row.holder_id == me.pk or (is_head and row.agency_id == me.agency_id)
    )
    may = is_mine and state in ("standing", "coming")
    return DelegationRow(row, _last(row.valid), days_saved(delegation=row), state, may)


def _absence(row: Absence, me: Official | None, is_head: bool, day: date) -> AbsenceRow:
    state = "over" if row.ended_at is not None else _state(row.away, day)
    is_mine = me is not None and (
        row.official_id == me.pk or (is_head and row.official.agency_id == me.agency_id)
    )
    return AbsenceRow(row, _last(row.away), state, is_mine and state != "over")


def _state(valid: Any, day: date) -> str:
    if valid.lower is not None and day < valid.lower:
        return "coming"
    return "over" if valid.upper is not None and day >= valid.upper else "standing"


def _last(valid: Any) -> date | None:
    """Return the last day, included."""
    return None if valid.upper is None else valid.upper - timedelta(days=1)


def _me(request: HttpRequest) -> Official:
    """Return the official who presses; PermissionDenied for whoever does no casework."""
    if not standing_of(request).edits(Desk.STANDING_IN):
        raise PermissionDenied
    official: Official | None = getattr(cast(User, request.user), "official", None)
    if official is None:
        raise PermissionDenied
    return official


def _do(request: HttpRequest, done: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except StaleVersionError as overtaken:
        messages.warning(request, str(overtaken))
    except RefusedError as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, done)
    return redirect(_PAGE)


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 18 else 0


def _version(request: HttpRequest) -> int:
    return shown_version(request.POST.get("version", ""))
