"""Incidents of personal data: which run against their 72 hours, and how one is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Breach, Register, User
from citizens.models.breaches import LONGEST_WORDS
from citizens.selectors.breaches import closed_breaches, open_breaches
from citizens.services.handle_breach import may_handle_breaches, open_breach
from citizens.sla import BreachClock, breach_clock
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office import breach_page, breach_tell
from portal.office.acting import tell_refused

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 30
SHOWN = {"open": gettext_lazy("Not closed"), "closed": gettext_lazy("Closed")}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("incidents/", guarded(show_list), name="office_breaches"),
        path("incidents/new/", guarded(write_down), name="office_breach_new"),
        *breach_page.urls(guarded),
        *breach_tell.urls(guarded),
    ]


def waiting_breaches(request: HttpRequest) -> list[tuple[Breach, BreachClock]]:
    """Return what whoever looks after the data still has to report, none for everybody else."""
    now = clock.now()
    if not may_handle_breaches(user=cast(User, request.user), now=now):
        return []
    waiting = open_breaches().filter(reported_at=None)
    return [(row, breach_clock(row.found_at, None, now)) for row in waiting]


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List the incidents, those first whose hours run."""
    breach_page.check(request)
    asked = request.GET.get("shown", "")
    shown, now = asked if asked in SHOWN else "open", clock.now()
    rows = open_breaches() if shown == "open" else closed_breaches()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Incidents of personal data"),
        "tabs": [(value, word, value == shown) for value, word in SHOWN.items()],
        "lines": [
            (row, breach_clock(row.found_at, row.reported_at, now)) for row in page.object_list
        ],
        "page": page,
        "is_fullwidth": "1",
    }
    return render(request, "office/breaches.html", admin.site.each_context(request) | context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_down(request: HttpRequest) -> HttpResponse:
    """Write down an incident that was found; the clock starts with the finding."""
    breach_page.check(request)
    if request.method == "POST":
        try:
            opened = open_breach(
                breach=_typed(request),
                user=cast(User, request.user),
                words=request.POST.get("words", ""),
                now=clock.now(),
            )
        except RefusedError as refused:
            tell_refused(request, refused)
        else:
            return redirect("admin:office_breach", public_id=opened.public_id)
    context = {
        "title": _("Write down an incident"),
        "typed": request.POST,
        "registers": Register.objects.order_by("code"),
        "longest": LONGEST_WORDS,
        "now": clock.civil_time(clock.now()),
        "is_fullwidth": "1",
    }
    return render(request, "office/breach_new.html", admin.site.each_context(request) | context)


def _typed(request: HttpRequest) -> Breach:
    """Return what was typed, not saved; RefusedError for what cannot be read."""
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    reasons: list[str] = []
    found_at, since = breach_page.instant(given["found_at"]), breach_page.instant(given["since"])
    until = breach_page.instant(given["until"])
    if found_at is None or since is None or (given["until"] and until is None):
        reasons.append(_("Please give day and hour."))
    actor = _official(given["account"], reasons)
    address = _address(given["address"], reasons)
    register = Register.objects.filter(code=given["register"]).first()
    if reasons:
        raise RefusedError(*reasons)
    return Breach(
        title=given["title"][:200],
        found_at=cast(datetime, found_at),
        since=cast(datetime, since),
        until=until,
        actor=actor,
        address=address,
        register=register,
    )


_FIELDS = ("title", "found_at", "since", "until", "account", "address", "register")


def _official(name: str, reasons: list[str]) -> User | None:
    found = User.objects.filter(username=name[:150], official__isnull=False).first()
    if name and found is None:
        reasons.append(_("There is no official's account of this name."))
    return found


def _address(text: str, reasons: list[str]) -> str | None:
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        reasons.append(_("This is no network address."))
        return None
