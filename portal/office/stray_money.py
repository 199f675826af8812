"""Money that fits no fee: who settles it says to which fee it belongs, or that it went back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import UnitKind
from citizens.models import User
from dossiers.models import PaymentNotice
from dossiers.services.settle_notice import STRAY, assign_notice, return_notice
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.roles import Desk
from portal.office.standing import standing_of

PER_PAGE = 20


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("stray-money/", guarded(show_stray), name="office_stray_money"),
        path("stray-money/<int:key>/", guarded(settle), name="office_stray_money_settle"),
    ]


def _check(request: HttpRequest) -> User:
    """Return who looks after the money of the whole province; PermissionDenied for others."""
    units = standing_of(request).units_edited(Desk.STRAY_MONEY)
    if not units.filter(kind=UnitKind.PROVINCE).exists():
        raise PermissionDenied
    return cast(User, request.user)


def waiting_money(request: HttpRequest) -> int:
    """Return how many sums wait for who looks after the money, 0 for everybody else."""
    units = standing_of(request).units_edited(Desk.STRAY_MONEY)
    if not units.filter(kind=UnitKind.PROVINCE).exists():
        return 0
    return PaymentNotice.objects.filter(verdict__in=STRAY).count()


@require_safe
def show_stray(request: HttpRequest) -> HttpResponse:
    """List what waits for a decision, oldest first, and what was decided last."""
    _check(request)
    notices = PaymentNotice.objects.select_related("payment__dossier", "settled_by")
    open_ones = notices.filter(verdict__in=STRAY).order_by("pk")
    context = {
        "title": _("Money that fits no fee"),
        "page": Paginator(open_ones, PER_PAGE).get_page(request.GET.get("page")),
        "settled": notices.filter(settled_at__isnull=False).order_by("-settled_at")[:PER_PAGE],
        "is_fullwidth": "1",
    }
    return render(request, "office/stray_money.html", admin.site.each_context(request) | context)


@require_POST
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Assign the money to a fee, or note that it went back, as the button says."""
    user, notice = _check(request), get_object_or_404(PaymentNotice, pk=key)
    note = request.POST.get("note", "")
    try:
        if request.POST.get("press") == "assign":
            assign_notice(
                notice=notice,
                user=user,
                reference=request.POST.get("reference", ""),
                note=note,
                now=clock.now(),
            )
            done = _("The money was assigned; the dossier goes on.")
        else:
            return_notice(notice=notice, user=user, note=note, now=clock.now())
            done = _("Noted: the money went back.")
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("admin:office_stray_money")
