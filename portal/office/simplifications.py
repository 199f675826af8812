"""Simplifications of a procedure at the desk: an editor writes one down, or withdraws it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.models import User
from dossiers.models.dossiers import STATUSES
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.acting import tell_refused
from portal.office.roles import Desk
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from portal.reporting.simplifying.models import CHANGES, LONGEST, Simplification
from portal.reporting.simplifying.recording import (
    STEPS,
    Wish,
    papers_of,
    record_simplification,
    withdraw_simplification,
)
from procedures.models import Procedure

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_FIELDS = ("change", "subject", "amount", "effective_on", "source")
_DIGITS = 10  # the column holds no more


def urls(guarded: Door) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [
        path("services/<int:pk>/simplify/", guarded(simplify), name="office_service_simplify"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def simplify(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was made simpler of a procedure; an editor writes here what is next."""
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE):
        raise PermissionDenied
    procedure = get_object_or_404(Procedure, pk=pk)
    edits = may_write(standing)
    if request.method == "POST":
        if not edits:
            raise PermissionDenied
        if _done(request, procedure):
            return redirect("admin:office_service_simplify", pk)
    rows = Simplification.objects.filter(procedure=procedure)
    papers = papers_of(procedure=procedure)
    steps = {name: str(dict(STATUSES)[status]) for name, status in STEPS.items()}
    context = {
        "title": _("Simplifications of a procedure"),
        "procedure": procedure,
        "rows": [
            (row, {**papers, **steps}.get(row.subject, ""))
            for row in rows.select_related("written_by", "withdrawn_by")
        ],
        "edits": edits,
        "changes": CHANGES,
        "papers": papers.items(),
        "steps": steps.items(),
        "longest": LONGEST,
        "typed": {name: request.POST.get(name, "") for name in _FIELDS},
    }
    return render(
        request, "office/simplifications.html", admin.site.each_context(request) | context
    )


def _done(request: HttpRequest, procedure: Procedure) -> bool:
    """Do what was posted; False where it was refused, and said why."""
    user, now = cast(User, request.user), clock.now()
    try:
        if one := request.POST.get("withdraw", ""):
            row = get_object_or_404(Simplification, procedure=procedure, pk=_number(one) or 0)
            because = _text(request, "because")
            withdraw_simplification(simplification=row, because=because, user=user, now=now)
        else:
            record_simplification(procedure=procedure, wish=_wish(request), user=user, now=now)
    except (RefusedError, StaleVersionError) as refused:
        tell_refused(request, refused)
        return False
    messages.success(request, _("Noted."))
    return True


def _wish(request: HttpRequest) -> Wish:
    return Wish(
        change=request.POST.get("change", ""),
        subject=_text(request, "subject"),
        amount=_number(request.POST.get("amount", "")),
        effective_on=_day(request.POST.get("effective_on", "")),
        source=_text(request, "source"),
    )


def _text(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")).replace("\x00", "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
