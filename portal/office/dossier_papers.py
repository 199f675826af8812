"""Papers on a dossier's page: what is there, a look at each file, the scan of what is brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import Official, User
from dossiers.documents.small_uploads import taking_files
from dossiers.documents.store import open_stored
from dossiers.enums import Actor, ScanVerdict
from dossiers.models import Document, Dossier, DossierPaper
from dossiers.selectors import definition_of
from dossiers.selectors.papers import is_usable
from dossiers.services.digitise_paper import digitise_paper
from dossiers.tasks import ring_for_scans
from portal.common import clock
from portal.common.downloads import closed_file
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.hands import hands_here
from portal.office.queue import dossiers_of, visible_dossier
from portal.office.queue_way import to_dossier
from portal.office.roles import Desk
from portal.office.standing import standing_of

_DESK = frozenset({Actor.RECEPTIONIST, Actor.CASE_OFFICER})


@dataclass(frozen=True)
class ShownPaper:
    """One line: the paper, where it comes from, its file where it may be opened.

    `is_unscanned`: a file is there that the scanner has not passed yet; it is not missing.
    """

    code: str
    name: str
    source: str
    is_there: bool
    is_unscanned: bool
    is_asked: bool
    file_url: str
    is_picture: bool


def papers_part(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Return what the page needs for papers: those there, those that may be asked for, the scan."""
    return {
        "papers": papers_shown(dossier),
        "listed": listed_papers(dossier),
        "may_digitise": may_digitise(request, dossier),
    }


def papers_shown(dossier: Dossier) -> list[ShownPaper]:
    """Return the papers of a dossier (one query, unless they were read)."""
    prefetch_related_objects([dossier], "papers__document")
    return [_line(paper) for paper in dossier.papers.all()]


def listed_papers(dossier: Dossier) -> list[tuple[str, str]]:
    """Return (code, name) of what may be asked for: what the released version lists."""
    return [(one.code, one.name_vi) for one in definition_of(dossier=dossier).components]


def may_digitise(request: HttpRequest, dossier: Dossier) -> bool:
    """Return whether the official works at a desk that takes this dossier's papers in."""
    hands = hands_here(request, dossier)
    return dossier.finished_at is None and bool((hands.here | hands.counter) & _DESK)


def _line(paper: DossierPaper) -> ShownPaper:
    file = paper.document
    opens = file is not None and is_usable(file)
    is_there = bool(paper.satisfied_by) or opens
    return ShownPaper(
        code=paper.component_code,
        name=paper.name_vi,
        source=_source(paper),
        is_there=is_there,
        is_unscanned=file is not None and not opens and file.scan_state != ScanVerdict.INFECTED,
        is_asked=paper.asked_at is not None and not opens,
        file_url=reverse("admin:office_document", args=[file.public_id]) if file and opens else "",
        is_picture=file is not None and file.media_type.startswith("image/"),
    )


def _source(paper: DossierPaper) -> str:
    if paper.document is not None:
        told = f"{paper.document.given_name} · {paper.document.get_scan_state_display()}"
        if paper.digitised_by_id is not None and paper.digitised_at is not None:
            day = clock.civil_date(paper.digitised_at)
            told += " · " + _("compared and digitised on %(day)s") % {"day": f"{day:%d/%m/%Y}"}
        return told
    if paper.satisfied_by:
        told = _("Taken from the register")
        return f"{told} · {paper.as_of:%d/%m/%Y}" if paper.as_of else told
    return _("On paper only: to be digitised before the processing")


@require_safe
def show_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a file of a dossier or batch in the official's reach; every look is logged."""
    standing = standing_of(request)
    mine = dossiers_of(standing).values("pk")
    reach = (
        Q(papers__dossier__in=mine) | Q(issued_as__dossier__in=mine) | Q(results__dossier__in=mine)
    )
    if standing.sees(Desk.PAPERS):
        reach |= Q(batch__agency__unit__in=standing.units_of(Desk.PAPERS))
    document = Document.objects.filter(reach, public_id=public_id).distinct().first()
    if document is None or not is_usable(document):
        raise Http404
    reference = document.papers.values_list("dossier__code", flat=True).first() or ""
    log_people_shown(
        request,
        people=[document.owner_id],
        fields=("document",),
        purpose=ViewPurpose.DOSSIER,
        reference=reference,
    )
    return closed_file(
        request,
        open_stored(document),
        name=document.given_name,
        media_type=document.media_type,
    )


@taking_files
@csrf_protect
@require_POST
def digitise(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep the scan of a paper that was brought and compared."""
    dossier = visible_dossier(request, public_id)
    official = Official.objects.filter(user=cast(User, request.user)).first()
    if official is None or not may_digitise(request, dossier):
        raise PermissionDenied
    sent = request.FILES.get("file")
    try:
        digitise_paper(
            dossier=dossier,
            component_code=request.POST.get("component", ""),
            official=official,
            data=sent.read() if sent else b"",
            given_name=(sent and sent.name) or "",
            now=clock.now(),
        )
        transaction.on_commit(ring_for_scans)
    except RefusedError as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("The scan was laid to the paper."))
    return to_dossier(request, public_id)
