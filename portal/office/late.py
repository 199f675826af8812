"""Late dossiers by agency, as counted and as corrected; and disputes, decided by another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from citizens.enums import ViewPurpose
from citizens.models import User
from dossiers.documents.store import open_stored
from dossiers.enums import DisputeState
from dossiers.models import Dispute, Dossier
from dossiers.selectors import (
    Standing,
    by_agency,
    disputes_of,
    late_dossiers,
    may_judge,
    standing_clock_of,
)
from dossiers.selectors.papers import is_usable
from dossiers.selectors.speaking import JUDGES
from dossiers.services import decide_dispute
from portal.common import clock
from portal.common.downloads import closed_file
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.access import log_people_shown
from portal.office.dossier_clock import KIND_WORDS
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file

PERIODS = (30, 90, 365)
_USUAL = 90
MOST_ON_PAGE = 200
_HEADINGS = (
    gettext_lazy("code"), gettext_lazy("procedure"), gettext_lazy("agency"),
    gettext_lazy("due on"), gettext_lazy("finished on"), gettext_lazy("working days late"),
    gettext_lazy("as corrected"), gettext_lazy("at the office"),
    gettext_lazy("waiting for the citizen"), gettext_lazy("waiting for a system"),
    gettext_lazy("causes"),
)  # fmt: skip


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("late/", guarded(show_late), name="office_late"),
        path("late/file/", guarded(late_file), name="office_late_file"),
        path("disputes/<uuid:public_id>/", guarded(show_dispute), name="office_dispute"),
        path("disputes/<uuid:public_id>/file/", guarded(show_evidence), name="office_evidence"),
    ]


def _in_reach(request: HttpRequest) -> QuerySet[Dossier]:
    """Return the dossiers decided in the official's units; 403 without this desk."""
    standing = standing_of(request)
    if not standing.sees(Desk.LATE):
        raise PermissionDenied
    if standing.everywhere:
        return Dossier.objects.all()
    return Dossier.objects.filter(competent__unit__in=standing.units_of(Desk.LATE).values("pk"))


def waiting_disputes(request: HttpRequest) -> int:
    """Return how many open disputes the official may decide, but for those of own family."""
    standing = standing_of(request)
    units = standing.units(JUDGES)
    mine = Dispute.objects.filter(state=DisputeState.OPEN, dossier__competent__unit__in=units)
    others = mine.exclude(raised_by=standing.user).exclude(dossier__assignee=standing.user.pk)
    return others.exclude(dossier__events__official=standing.user).count()


def _asked(request: HttpRequest) -> tuple[int, list[Standing]]:
    """Return the period asked for, in days back, and what was late in it."""
    dossiers, given = _in_reach(request), request.GET.get("days", "")
    days = int(given) if given in map(str, PERIODS) else _USUAL
    today = clock.today()
    return days, late_dossiers(dossiers=dossiers, day=today, since=today - timedelta(days=days))


@require_safe
def show_late(request: HttpRequest) -> HttpResponse:
    """Show sums by agency, the late dossiers, and the disputes; no person is named."""
    days, rows = _asked(request)
    context = {
        "title": _("Late dossiers"),
        "days": days,
        "periods": PERIODS,
        "sums": by_agency(rows),
        "rows": rows[:MOST_ON_PAGE],
        "left_out": max(0, len(rows) - MOST_ON_PAGE),
        "disputes": disputes_of(dossiers=_in_reach(request))[:MOST_ON_PAGE],
        "is_fullwidth": "1",
    }
    return render(request, "office/late.html", admin.site.each_context(request) | context)


@require_safe
def late_file(request: HttpRequest) -> HttpResponse:
    """Hand out the late dossiers of the period as a file, both figures in it."""
    _days, rows = _asked(request)
    table = [tuple(str(word) for word in _HEADINGS), *map(tuple, map(_cells, rows))]
    return table_file(request, "ho-so-tre-han", table)


def _cells(row: Standing) -> Iterator[object]:
    dossier, told = (
        row.dossier,
        [f"{KIND_WORDS[kind]}: {days}" for kind, days in row.causes.items()],
    )
    yield dossier.code
    yield dossier.procedure_version.name_vi
    yield dossier.competent.name_vi
    yield f"{row.clock.plain_due_on:%d/%m/%Y}" if row.clock.plain_due_on else ""
    yield f"{row.clock.ended_on:%d/%m/%Y}" if row.clock.ended_on else ""
    yield row.late.raw
    yield row.late.corrected
    yield row.spent.office
    yield row.spent.citizen
    yield row.spent.system
    yield "; ".join([*told, *([f"{_('not stated')}: {row.unstated}"] if row.unstated else [])])


@require_http_methods(["GET", "HEAD", "POST"])
def show_dispute(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a dispute beside the dossier's ledger; whoever may judge it decides here."""
    dispute = _dispute(request, public_id)
    if request.method == "POST":
        _decide(request, dispute)
        return redirect("admin:office_dispute", public_id=public_id)
    user, day = cast(User, request.user), clock.today()
    context = {
        "title": dispute.dossier.code,
        "dispute": dispute,
        "dossier": dispute.dossier,
        "standing": standing_clock_of(dossier=dispute.dossier, day=day),
        "ledger": dispute.dossier.clock_events.all(),
        "may_judge": dispute.decided_at is None and may_judge(dispute=dispute, user=user, day=day),
        "opens": dispute.evidence is not None and is_usable(dispute.evidence),
    }
    return render(request, "office/dispute.html", admin.site.each_context(request) | context)


@require_safe
def show_evidence(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the file that a unit laid to its dispute; none that is not found harmless (F31)."""
    dispute = _dispute(request, public_id)
    evidence = dispute.evidence
    if evidence is None or not is_usable(evidence):
        raise Http404(_("No dispute here."))
    log_people_shown(
        request,
        people=[evidence.owner_id],
        fields=("document",),
        purpose=ViewPurpose.DOSSIER,
        reference=dispute.dossier.code,
    )
    return closed_file(
        request,
        open_stored(evidence),
        name=evidence.given_name,
        media_type=evidence.media_type,
    )


def _dispute(request: HttpRequest, public_id: UUID) -> Dispute:
    """Return a dispute in the official's reach; Http404 for any other."""
    rows = disputes_of(dossiers=_in_reach(request)).select_related("evidence")
    dispute = rows.filter(public_id=public_id).first()
    if dispute is None:
        raise Http404(_("No dispute here."))
    return dispute


def _decide(request: HttpRequest, dispute: Dispute) -> None:
    given = request.POST.get("days", "")
    try:
        decide_dispute(
            dispute=dispute,
            user=cast(User, request.user),
            version=shown_version(request.POST.get("version", "")),
            granted_days=int(given) if given.isdecimal() and len(given) < 5 else -1,
            answer=request.POST.get("answer", ""),
            now=clock.now(),
        )
    except (RefusedError, StaleVersionError) as refusal:
        for reason in getattr(refusal, "reasons", None) or [str(refusal)]:
            messages.error(request, reason)
    else:
        messages.success(request, _("The dispute is decided; both figures stay."))
