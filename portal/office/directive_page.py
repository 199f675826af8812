"""One directive: given on its own page, then explained, sent back or accepted where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import Agency, User
from dossiers.models import Dossier
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.acting import pressed, tell_refused
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.reporting.models import CountedDossier
from portal.reporting.overdue.directing import (
    accept_directive,
    explain_directive,
    give_directive,
    send_back,
)
from portal.reporting.overdue.directives import (
    directives_for,
    heads_of,
    may_direct,
    may_explain,
    overdue_of,
    with_steps,
)
from portal.reporting.overdue.enums import DirectiveAct, DirectiveState
from portal.reporting.overdue.models import LONGEST_WORDS, Directive
from portal.reporting.overdue.published import DaysLate, overdue_rows

MOST = 200
Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


@dataclass(frozen=True)
class Late:
    """A dossier on the page: working days beyond its last one, None once it is settled."""

    dossier: Dossier
    field: str
    due_on: date | None
    days: int | None


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("directives/new/<str:code>/", guarded(give), name="office_directive_new"),
        path("directives/<uuid:public_id>/", guarded(show_one), name="office_directive"),
        path("directives/<uuid:public_id>/act/", guarded(act), name="office_directive_act"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Let a leader choose among an office's overdue dossiers and ask about them."""
    user, today = cast(User, request.user), clock.today()
    agency = Agency.objects.select_related("unit").filter(code=code).first()
    if agency is None:
        raise Http404
    if not may_direct(agency=agency, user=user, day=today):
        raise PermissionDenied
    if request.method == "POST":
        given = _give(request, agency)
        if given is not None:
            return redirect("admin:office_directive", public_id=given.public_id)
    rows = overdue_of(agency=agency, today=today)
    fields = sorted(set(rows.order_by().values_list("field", flat=True)))
    chosen = request.GET.get("field", "")
    if chosen in fields:
        rows = rows.filter(field=chosen)
    found = list(rows[: MOST + 1])
    context = {
        "title": _("New directive"),
        "agency": agency,
        "heads": heads_of(agency=agency, day=today),
        "rows": _lates(found[:MOST], today),
        "left_out": len(found) > MOST,
        "fields": [(one, one == chosen) for one in fields],
        "longest": LONGEST_WORDS,
        "today": today,
        "typed": request.POST.get("words", ""),
        "typed_day": request.POST.get("due_on", ""),
        "is_fullwidth": "1",
    }
    return render(request, "office/directive_new.html", admin.site.each_context(request) | context)


def _give(request: HttpRequest, agency: Agency) -> Directive | None:
    named = {one for text in request.POST.getlist("dossier") if (one := _uuid(text))}
    dossiers = Dossier.objects.filter(public_id__in=named).values_list("pk", flat=True)
    try:
        given = give_directive(
            agency=agency,
            dossiers=set(dossiers),
            user=cast(User, request.user),
            words=request.POST.get("words", ""),
            due_on=_day(request.POST.get("due_on", "")),
            now=clock.now(),
        )
    except RefusedError as refused:
        tell_refused(request, refused)
        return None
    messages.success(request, _("The directive is given; the head of the office sees it."))
    return given


@require_http_methods(["GET", "HEAD"])
def show_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what was asked and said, the dossiers, and what this official may do."""
    user, today = cast(User, request.user), clock.today()
    row = _in_reach(request, public_id)
    steps = row.steps.all()
    explained = any(one.act == DirectiveAct.EXPLAINED and one.by_id == user.pk for one in steps)
    leads = may_direct(agency=row.agency, user=user, day=today)
    context = {
        "title": _("Directive"),
        "row": row,
        "steps": steps,
        "is_late": row.is_late(today),
        "dossiers": _about(row, today),
        "may_explain": row.state == DirectiveState.OPEN
        and may_explain(directive=row, user=user, day=today),
        "may_judge": row.state == DirectiveState.EXPLAINED and leads and not explained,
        "sees_dossiers": standing_of(request).sees(Desk.QUEUE),
        "longest": LONGEST_WORDS,
        "today": today,
        "is_fullwidth": "1",
    }
    return render(request, "office/directive.html", admin.site.each_context(request) | context)


@require_POST
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Explain, send back or accept, as the press says; the services say who may."""
    row = _in_reach(request, public_id)
    said = {"directive": row, **pressed(request)}
    try:
        match request.POST.get("act"):
            case DirectiveAct.EXPLAINED:
                explain_directive(**said)
            case DirectiveAct.SENT_BACK:
                send_back(**said, due_on=_day(request.POST.get("due_on", "")))
            case DirectiveAct.ACCEPTED:
                accept_directive(**said)
            case _:
                raise Http404
    except (RefusedError, StaleVersionError) as refused:
        tell_refused(request, refused)
    else:
        messages.success(request, _("Noted."))
    return redirect("admin:office_directive", public_id=public_id)


def _in_reach(request: HttpRequest, public_id: UUID) -> Directive:
    """Return a directive that the official may read; Http404 for any other."""
    standing = standing_of(request)
    if not standing.sees(Desk.DIRECTIVES):
        raise PermissionDenied
    mine = directives_for(user=cast(User, request.user), day=standing.day)
    row = with_steps(mine, today=standing.day).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _about(row: Directive, today: date) -> list[Late]:
    """Return the dossiers of a directive, those overdue still first."""
    counted = CountedDossier.objects.filter(dossier__directives=row)
    still = set(overdue_rows(today=today).filter(pk__in=counted).values_list("pk", flat=True))
    joined = counted.select_related("dossier__procedure_version").order_by("due_on", "pk")
    found = joined.defer("dossier__form_enc", "dossier__procedure_version__definition")
    lates = _lates(found, today)
    shown = [
        one if one.dossier.pk in still else Late(one.dossier, one.field, one.due_on, None)
        for one in lates
    ]
    return sorted(shown, key=lambda one: one.days is None)


def _lates(rows: Any, today: date) -> list[Late]:
    late = DaysLate(today)
    return [
        Late(row.dossier, row.field, row.due_on, late(row.due_on or today, row.held_on))
        for row in rows
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
