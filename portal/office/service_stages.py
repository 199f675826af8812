"""One stage for many services: which are meant, and what they will be, is shown before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from citizens.models import Agency, User
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.acting import tell_refused
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from portal.reporting.integration.models import LONGEST_NOTE, STAGES
from portal.reporting.integration.reading import Service, all_services, with_parts
from portal.reporting.integration.setting import (
    MOST_AT_ONCE,
    Step,
    checked,
    owners,
    set_stages,
)

_REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
def set_many(request: HttpRequest) -> HttpResponse:
    """Ask for the stage of the services chosen, show what it makes of each, then write it."""
    if not may_write(standing_of(request)):
        raise PermissionDenied
    posted = request.POST
    if request.method != "POST":
        keys = [_number(one) for one in request.GET.getlist("service")]
        return _page(request, keys, Step("", clock.today(), _owner_first(keys)), agency=None)
    step = Step(
        stage=posted.get("stage", ""),
        effective_on=_day(posted.get("effective_on", "")),
        owner=posted.get("owner", "").replace("\x00", ""),
        note=posted.get("note", "").replace("\x00", ""),
    )
    seen = _seen(posted.getlist("service"))
    try:
        if posted.get("act") == "write":
            return _written(request, seen, step)
        agency, _on = checked(step, now=clock.now())
    except RefusedError as refused:
        tell_refused(request, refused)
        return _page(request, [*seen], step, agency=None, status=_REFUSED)
    return _page(request, [*seen], step, agency=agency)


def _written(request: HttpRequest, seen: Mapping[int, int], step: Step) -> HttpResponse:
    done = set_stages(seen=seen, step=step, user=cast(User, request.user), now=clock.now())
    said = ngettext(
        "The stage is written down for %(count)d service.",
        "The stage is written down for %(count)d services.",
        done.count,
    )
    messages.success(request, said % {"count": done.count})
    if done.left:
        left = ngettext(
            "%(count)d service keeps what a colleague wrote meanwhile.",
            "%(count)d services keep what a colleague wrote meanwhile.",
            done.left,
        )
        messages.warning(request, left % {"count": done.left})
    return redirect("admin:office_services")


def _page(
    request: HttpRequest, keys: list[int], step: Step, *, agency: Agency | None, status: int = 200
) -> HttpResponse:
    """Show the services; with an `agency` the step is one that can be written."""
    day = standing_of(request).day
    meant = with_parts(all_services(day=day).filter(pk__in=keys[: MOST_AT_ONCE + 1]))
    if len(keys) > MOST_AT_ONCE:
        most = _("Please choose from 1 to %(most)d services.") % {"most": MOST_AT_ONCE}
        messages.error(request, most)
        meant, status = [], _REFUSED
    context = {
        "title": _("A stage for many services"),
        "services": [(one, _seen_of(one)) for one in meant],
        "step": step,
        "agency": agency,
        "stage_word": {str(key): word for key, word in STAGES}.get(step.stage, ""),
        "stages": STAGES,
        "owners": owners(day=day),
        "longest": LONGEST_NOTE,
        "is_fullwidth": "1",
    }
    whole = admin.site.each_context(request) | context
    return render(request, "office/service_stages.html", whole, status=status)


def _seen_of(service: Service) -> str:
    return f"{service.procedure.pk}:{service.stage.pk if service.stage else 0}"


def _seen(given: list[str]) -> dict[int, int]:
    """Return the services that were posted, each with the newest stage that the page showed."""
    pairs = (one.partition(":") for one in given)
    return {_number(key): _number(newest) for key, _colon, newest in pairs if _number(key)}


def _owner_first(keys: list[int]) -> str:
    """Return the department of the first service chosen, "" where it has none."""
    rows = all_services(day=clock.today()).filter(pk__in=keys[:1])
    return next((one.owner_code or "" for one in rows), "")


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
