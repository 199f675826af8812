"""Old paper results in batches: scan, index, seal, link to the person, close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from citizens.enums import ViewPurpose
from citizens.models import Citizen, Official, User
from dossiers.documents.small_uploads import taking_files
from dossiers.models import DigitisingBatch, Dossier
from dossiers.selectors.papers import digitised_share
from dossiers.services import digitise_batch as service
from dossiers.tasks import ring_for_scans
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.queue import dossiers_of
from portal.office.roles import Desk
from portal.office.standing import standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
MOST_SHOWN = 100


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("papers/", guarded(show_batches), name="office_papers"),
        path("papers/<uuid:public_id>/", guarded(show_batch), name="office_papers_batch"),
        path("papers/<uuid:public_id>/close/", guarded(close), name="office_papers_close"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def show_batches(request: HttpRequest) -> HttpResponse:
    """Show the batches of the official's units, and begin one."""
    rows = _batches(request)
    if request.method == "POST":
        try:
            batch = service.open_batch(
                official=_official(request), name=request.POST.get("name", "")
            )
        except RefusedError as refused:
            messages.error(request, " ".join(refused.reasons))
            return redirect("admin:office_papers")
        return redirect("admin:office_papers_batch", batch.public_id)
    counted = rows.annotate(
        scans=Count("documents"), sealed=Count("documents", filter=Q(documents__is_signed=True))
    )
    standing = standing_of(request)
    digital, begun = digitised_share(Dossier.objects.filter(pk__in=dossiers_of(standing)))
    context = {
        "title": _("Old papers"),
        "batches": counted.order_by("-pk")[:MOST_SHOWN],
        "may_edit": standing.edits(Desk.PAPERS),
        "digital": digital,
        "begun": begun,
        "share": f"{100 * digital / begun:.1f}".replace(".", ",") if begun else "",
    }
    return render(request, "office/papers.html", admin.site.each_context(request) | context)


@taking_files
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def show_batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the scans of a batch; a POST adds one or seals one."""
    batch = _batch(request, public_id)
    if request.method == "POST":
        try:
            _act(request, batch)
        except RefusedError as refused:
            messages.error(request, " ".join(refused.reasons))
        return redirect("admin:office_papers_batch", public_id)
    scans = list(batch.documents.select_related("owner__citizen").order_by("-pk"))
    log_people_shown(
        request,
        people=[one.owner_id for one in scans],
        fields=("full_name", "document"),
        purpose=ViewPurpose.DOSSIER,
    )
    context = {
        "title": batch.name,
        "batch": batch,
        "scans": scans,
        "may_edit": standing_of(request).edits(Desk.PAPERS) and batch.closed_at is None,
        "today": clock.today(),
    }
    return render(request, "office/papers_batch.html", admin.site.each_context(request) | context)


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a batch."""
    batch = _batch(request, public_id)
    _official(request)
    try:
        service.close_batch(batch=batch, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("The batch is closed."))
    return redirect("admin:office_papers_batch", public_id)


def _act(request: HttpRequest, batch: DigitisingBatch) -> None:
    official = _official(request)
    if "seal" in request.POST:
        document = batch.documents.filter(public_id=_uuid(request.POST["seal"])).first()
        if document is None:
            raise Http404
        service.seal_scan(document=document, now=clock.now())
        messages.success(request, _("The scan is sealed."))
        return
    sent = request.FILES.get("file")
    service.add_scan(
        batch=batch,
        official=official,
        citizen=_person(request),
        index=service.Index(
            title_vi=request.POST.get("title", ""),
            number=request.POST.get("number", ""),
            issuer=request.POST.get("issuer", ""),
            issued_on=_day(request.POST.get("issued_on", "")),
        ),
        data=sent.read() if sent else b"",
        given_name=(sent and sent.name) or "",
    )
    transaction.on_commit(ring_for_scans)
    messages.success(request, _("The scan was added and linked to the person."))


def _person(request: HttpRequest) -> Citizen:
    """Return whom the paper is about, by the number that was posted (never in an address)."""
    number = request.POST.get("pin", "").replace(" ", "")
    is_number = len(number) == 12 and number.isdecimal()
    found = (
        Citizen.objects.filter(pin_index=Citizen.index_of(number)).first() if is_number else None
    )
    if found is None:
        raise RefusedError(_("No person with this number is known here."))
    log_people_shown(request, people=[found.pk], fields=("full_name",), purpose=ViewPurpose.DOSSIER)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError(_("Please write the day on which the paper was issued.")) from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _batches(request: HttpRequest) -> QuerySet[DigitisingBatch]:
    standing = standing_of(request)
    if not standing.sees(Desk.PAPERS):
        raise PermissionDenied
    rows = DigitisingBatch.objects.select_related("agency", "official__user")
    if standing.everywhere:
        return rows
    return rows.filter(agency__unit__in=standing.units_of(Desk.PAPERS).values("pk"))


def _batch(request: HttpRequest, public_id: UUID) -> DigitisingBatch:
    batch = _batches(request).filter(public_id=public_id).first()
    if batch is None:
        raise Http404
    return batch


def _official(request: HttpRequest) -> Official:
    """Return who digitises; 403 for those who only look."""
    official = Official.objects.filter(user=cast(User, request.user)).first()
    if official is None or not standing_of(request).edits(Desk.PAPERS):
        raise PermissionDenied
    return official
