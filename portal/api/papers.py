"""Papers that the reader hands in: what is asked for, a file laid ready for it, the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen, Party
from dossiers.documents.intake.kinds import JPEG, PDF, PNG
from dossiers.documents.intake.receiving import LARGEST
from dossiers.documents.store import open_stored
from dossiers.enums import Status
from dossiers.models import Document
from dossiers.selectors import definition_of
from dossiers.selectors.papers import (
    is_usable,
    laid_ready,
    open_supplement,
    repository_of,
    reusable_papers,
)
from dossiers.services.hand_in_papers import lay_ready, remove_upload, take_away
from dossiers.services.keep_upload import keep_upload
from dossiers.tasks import ring_for_scans
from portal.api.access import underlying
from portal.api.answers import OVER, form_of, offered
from portal.api.bodies import NothingBody
from portal.api.dossiers import own_dossier
from portal.api.drafts import form_of as form_of_draft
from portal.api.drafts import own_draft
from portal.api.filing_bodies import ChosenBody, PaperBody, SlotBody, SlotsBody
from portal.api.openapi import operation
from portal.api.paging import page_of
from portal.api.parsers import JpegParser, PdfParser, PngParser
from portal.api.parties import own_parties
from portal.api.problems import ProblemError, bad
from portal.api.readers import AnyRenderer, CitizenView, own_rows, said, tagged
from portal.api.suggestions import own_suggestion
from portal.api.taking import read_body, taken
from portal.common import clock
from portal.common.downloads import closed_file
from portal.common.row_security import with_application_rights
from procedures.prefill import PaperStatus

Asked = tuple[str, Party, list[PaperStatus]]
_KINDS = (PDF, JPEG, PNG)


class Papers(CitizenView):
    """The repository."""

    @operation(
        "Files of the person and of those they act for that may be handed in again",
        answers=PaperBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of them."""
        rows = _repository(citizen)
        return page_of(
            request, rows, by="-recorded_at", shape=lambda found: [_paper(row) for row in found]
        )


class OnePaper(CitizenView):
    """One file of it."""

    @operation("What is known of a file", answers=PaperBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return it."""
        return tagged(request, _paper(_own_paper(citizen, public_id)))

    @operation(
        "Take a file that the person sent out of the repository",
        answers=NothingBody,
        errors=(400, 413, 422),
    )
    @own_rows
    def delete(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Remove it; what a dossier holds stays with the dossier."""
        row = _own_paper(citizen, public_id)
        with with_application_rights():
            remove_upload(document=row, now=clock.now())
        return said(NothingBody())


class PaperFile(CitizenView):
    """The bytes of one."""

    renderer_classes = [JSONRenderer, AnyRenderer]

    @operation("A file itself, once it was found harmless", media=_KINDS)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> HttpResponseBase:
        """Return it as it was kept."""
        row = _own_paper(citizen, public_id)
        if not is_usable(row):
            raise Http404
        below, kind = underlying(request), row.media_type
        return closed_file(below, open_stored(row), name=row.given_name, media_type=kind)


class SlotsView(CitizenView):
    """What is asked for; a kind of thing that asks for papers says which ones."""

    # Says why, whose papers, and which.
    asked: Callable[[Citizen, UUID], Asked]

    @operation("Papers to hand in, and what is laid ready", answers=SlotsBody, errors=(OVER,))
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return them."""
        return tagged(request, _slots(citizen, self.asked(citizen, public_id)))


class SlotView(CitizenView):
    """One of what is asked for: a file sent, or chosen from the repository, or taken away."""

    parser_classes: Any = [JSONParser, PdfParser, JpegParser, PngParser]

    # Says why, whose papers, and which.
    asked: Callable[[Citizen, UUID], Asked]

    def take_body(self, request: Request) -> None:
        """Leave a file to its parser, which reads no more of it than a paper may have."""
        if request.content_type not in _KINDS:
            read_body(request)
        elif int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise ProblemError(413)

    @operation(
        "Lay a file ready for a paper: the body is the file, or names one of the repository",
        answers=SlotsBody,
        takes=ChosenBody,
        files=_KINDS,
        query=("name",),
        errors=(400, OVER, 413, 415, 422),
    )
    @own_rows
    def put(self, request: Request, citizen: Citizen, public_id: UUID, code: str) -> Response:
        """Lay it ready; an earlier choice is replaced, the same one again changes nothing."""
        _why, owner, papers = asked = self.asked(citizen, public_id)
        _refuse_other(papers, code)
        if request.content_type in _KINDS:
            document = self._sent(request, owner, code)
        else:
            document = _chosen(citizen, owner, taken(request, ChosenBody).document)
        with with_application_rights():
            now = clock.now()
            lay_ready(
                applicant=citizen, owner=owner, component_code=code, document=document, now=now
            )
        return said(_slots(citizen, asked))

    @operation("Undo a choice", answers=SlotsBody, errors=(400, OVER, 413))
    @own_rows
    def delete(self, request: Request, citizen: Citizen, public_id: UUID, code: str) -> Response:
        """Undo it; the file stays in the repository."""
        _why, owner, papers = asked = self.asked(citizen, public_id)
        _refuse_other(papers, code)
        with with_application_rights():
            take_away(applicant=citizen, owner=owner, component_code=code)
        return said(_slots(citizen, asked))

    @staticmethod
    def _sent(request: Request, owner: Party, code: str) -> Document:
        name = request.query_params.get("name", "").replace("\0", "")
        sent: Any = request.data
        data = sent if isinstance(sent, bytes) else b""  # an empty body is read by no parser
        with with_application_rights():
            kept = keep_upload(owner=owner, data=data, given_name=name, component_code=code)
        transaction.on_commit(ring_for_scans)
        return kept


def _of_suggestion(citizen: Citizen, public_id: UUID) -> Asked:
    row = own_suggestion(citizen, public_id)
    form = form_of(offered(row, []), row, citizen).form
    return "", row.subject, [one for one in form.papers if one.is_open]


def _of_draft(citizen: Citizen, public_id: UUID) -> Asked:
    row = own_draft(citizen, public_id)
    papers = form_of_draft(row, citizen).papers
    return "", row.owner, [one for one in papers if one.is_open]


def _of_dossier(citizen: Citizen, public_id: UUID) -> Asked:
    """What an office demanded after filing; nothing where it waits for nothing."""
    row = own_dossier(citizen, public_id)
    is_asked = row.status == Status.SUPPLEMENT_REQUESTED
    demand = open_supplement(dossier=row) if is_asked else None
    if demand is None:
        return "", row.owner, []
    names = {one.code: one.name_vi for one in definition_of(dossier=row).components}
    wanted = [
        PaperStatus(code, names.get(code, code), True, None, None, None)
        for code in demand.components
    ]
    return demand.note, row.owner, wanted


class SuggestionPapers(SlotsView):
    """Papers of what was prepared."""

    asked = staticmethod(_of_suggestion)


class SuggestionPaper(SlotView):
    """One of them."""

    asked = staticmethod(_of_suggestion)


class DraftPapers(SlotsView):
    """Papers of what was begun."""

    asked = staticmethod(_of_draft)


class DraftPaper(SlotView):
    """One of them."""

    asked = staticmethod(_of_draft)


class DossierPapers(SlotsView):
    """Papers that an office asked for."""

    asked = staticmethod(_of_dossier)


class DossierPaper(SlotView):
    """One of them."""

    asked = staticmethod(_of_dossier)


def _refuse_other(papers: Iterable[PaperStatus], code: str) -> None:
    if all(one.component_code != code for one in papers):
        raise Http404


def _chosen(citizen: Citizen, owner: Party, wanted: UUID) -> Document:
    files = reusable_papers(reader=citizen, owner=owner, day=clock.today())
    found = files.filter(public_id=wanted).first()
    if found is None:
        nothing_there = _("This paper is not in the repository of the person concerned.")
        raise ProblemError(422, bad("document", nothing_there))
    return found


def _slots(citizen: Citizen, asked: Asked) -> SlotsBody:
    why, owner, papers = asked
    laid = laid_ready(applicant=citizen, owner=owner)
    files = {code: row.document for code, row in laid.items()}
    return SlotsBody(why, [_slot(one, files.get(one.component_code)) for one in papers])


def _slot(paper: PaperStatus, document: Document | None) -> SlotBody:
    return SlotBody(
        code=paper.component_code,
        name=paper.name_vi,
        condition=paper.condition_vi or "",
        is_needed=paper.required or document is not None,
        document=document.public_id if document else None,
        file=document.given_name if document else "",
        check=document.scan_state if document else "",
    )


def _repository(citizen: Citizen) -> Any:
    return repository_of(parties=[party.pk for party in own_parties(citizen)])


def _own_paper(citizen: Citizen, public_id: UUID) -> Document:
    found: Document | None = _repository(citizen).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _paper(row: Document) -> PaperBody:
    return PaperBody(
        id=row.public_id,
        owner=row.owner.public_id,
        title=row.title_vi or row.given_name,
        media_type=row.media_type,
        size=row.size,
        number=row.number,
        issuer=row.issuer,
        issued_on=row.issued_on,
        recorded_at=row.recorded_at,
        check=row.scan_state,
        may_open=is_usable(row),
    )
