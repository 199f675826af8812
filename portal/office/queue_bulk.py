"""One press for many dossiers of a page: first told which it will move and which not, then done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from citizens.enums import ViewPurpose
from citizens.models import User
from dossiers.enums import Status
from dossiers.models import Dossier
from dossiers.services import advance
from dossiers.services.locks import hold_around
from dossiers.tasks import ring_for_forms, ring_for_steps
from dossiers.workflow import step_for
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.access import log_people_shown
from portal.office.clock_colours import Day
from portal.office.hands import presses_here, read_hands
from portal.office.names import SUBJECT_TABLES, through
from portal.office.presses import Press, in_bulk
from portal.office.queue import PER_PAGE, Row, dossiers_of, row_of
from portal.office.standing import Standing, standing_of

_TABLES = ("procedure_version", "competent__unit__parent", "assignee__user")
_OWNER_TABLES = through("owner", SUBJECT_TABLES)


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [path("queue/bulk/", guarded(bulk), name="office_queue_bulk")]


@dataclass(frozen=True)
class Left:
    """A dossier that the press will not move, and why."""

    row: Row
    reason: str


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Say what a press would do to the chosen dossiers; with `sure` it is done."""
    standing = standing_of(request)
    key = request.POST.get("press", "")
    press = next((one for one in in_bulk(standing.roles) if one.key == key), None)
    if press is None:
        raise PermissionDenied
    chosen = chosen_in(request.POST.getlist("dossier"))
    if not chosen:
        messages.info(request, _("Choose at least one dossier first."))
        return back_to_queue(request)
    found = found_of(standing, chosen)
    if "sure" in request.POST:
        _do_all(request, press, chosen, found)
        return back_to_queue(request)
    return _ask(request, press, chosen, found)


def _ask(
    request: HttpRequest, press: Press, chosen: dict[UUID, str], found: dict[UUID, Dossier]
) -> HttpResponse:
    """Show which dossiers the press moves, and which not and why; nothing is done yet."""
    day = Day.of(standing_of(request).day)
    read_hands(request, list(found.values()))
    rows: list[Row] = []
    left: list[Left] = []
    for dossier in found.values():
        reason = _reason_against(request, dossier, press)
        row = row_of(dossier, day)
        if reason:
            left.append(Left(row, reason))
        else:
            rows.append(row)
    log_people_shown(
        request,
        people=[one.owner_id for one in found.values()],
        fields=("full_name", "dossier_code", "procedure", "status"),
        purpose=ViewPurpose.DOSSIER,
    )
    context = {
        "title": _("Many dossiers at once"),
        "press": press,
        "rows": rows,
        "left": left,
        "gone_count": len(chosen) - len(found),
        "back": asked_query(request),
        "is_fullwidth": "1",
    }
    return render(request, "office/bulk.html", admin.site.each_context(request) | context)


def _do_all(
    request: HttpRequest, press: Press, chosen: dict[UUID, str], found: dict[UUID, Dossier]
) -> None:
    """Move each dossier in a transaction of its own; say how many, and which were left and why."""
    done = 0
    left: dict[str, list[str]] = defaultdict(list)
    for public_id, version in chosen.items():
        dossier = found.get(public_id)
        if dossier is None:
            continue
        reason = _do(request, dossier, press, version)
        if reason:
            left[reason].append(dossier.code)
        else:
            done += 1
    if done:
        told = ngettext(
            "%(count)d dossier: done – %(press)s.", "%(count)d dossiers: done – %(press)s.", done
        )
        messages.success(request, told % {"count": done, "press": press.label})
        ring_for_steps()
        ring_for_forms()
    tell_left(request, left, gone_count=len(chosen) - len(found))


def tell_left(request: HttpRequest, left: Mapping[str, list[str]], *, gone_count: int) -> None:
    """Say for each reason which dossiers (by code) were left, and whether some are gone."""
    for reason, codes in left.items():
        messages.warning(request, f"{reason} ({', '.join(codes)})")
    if gone_count:
        messages.warning(request, _("Some of the chosen dossiers are no longer in your queue."))


def _do(request: HttpRequest, dossier: Dossier, press: Press, version: str) -> str:
    """Take all steps of the press or none; return why it was not done, empty when it was."""
    if str(dossier.version) != version:
        return overtaken(dossier)
    reason = _reason_against(request, dossier, press)
    if reason:
        return reason
    try:
        _take(cast(User, request.user), dossier, press)
    except StaleVersionError:
        dossier.refresh_from_db(fields=["status"])
        return overtaken(dossier)
    except RefusedError as refused:
        return " ".join(refused.reasons)
    return ""


def _take(user: User, dossier: Dossier, press: Press) -> None:
    with transaction.atomic():
        hold_around(dossier.pk)
        for action in press.steps:
            dossier = advance(
                dossier=dossier,
                action=action,
                user=user,
                version=dossier.version,
                now=clock.now(),
            )


def _reason_against(request: HttpRequest, dossier: Dossier, press: Press) -> str:
    """Return why the official cannot press this for the dossier; empty when they can."""
    if any(one.steps == press.steps for one in presses_here(request, dossier)):
        return ""
    if step_for(Status(dossier.status), press.steps[0]) is None:
        told = _("It is “%(status)s”: this step does not fit.")
        return told % {"status": dossier.get_status_display()}
    return _("Not yours to do: another role or office does it, or you are family.")


def overtaken(dossier: Dossier) -> str:
    """Return that a dossier was left alone because it changed, and what it is now."""
    told = _("Changed after the list was shown, so it was left alone: it is now “%(status)s”.")
    return told % {"status": dossier.get_status_display()}


def found_of(standing: Standing, chosen: Iterable[UUID]) -> dict[UUID, Dossier]:
    """Return the chosen dossiers that the official sees, in the order in which they were chosen."""
    rows = dossiers_of(standing).select_related(*_TABLES, *_OWNER_TABLES).defer("form_enc")
    found = {one.public_id: one for one in rows.filter(public_id__in=list(chosen))}
    return {key: found[key] for key in chosen if key in found}


def chosen_in(given: list[str]) -> dict[UUID, str]:
    """Return each key with the version that the page showed, at most a page of them."""
    chosen: dict[UUID, str] = {}
    for one in given[:PER_PAGE]:
        key, _colon, version = one.partition(":")
        try:
            chosen[UUID(key)] = version
        except ValueError:
            continue
    return chosen


def asked_query(request: HttpRequest) -> str:
    """Return what the queue was asked for before the press."""
    return QueryDict(request.POST.get("back", "")[:500]).urlencode()


def back_to_queue(request: HttpRequest) -> HttpResponse:
    """Lead back to the queue as it was asked for."""
    return redirect(f"{reverse('admin:office_queue')}?{asked_query(request)}")
