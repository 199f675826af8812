"""After filing: what was filed, papers handed in later, the fee, and the signed result."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponseBase
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen
from dossiers.documents.facts.frame import spelled_code
from dossiers.documents.store import open_stored
from dossiers.enums import Action, FormKind, PaymentState, PaymentWay, Status
from dossiers.models import Dossier, DossierPaper, IssuedForm, Payment
from dossiers.payments import vietqr
from dossiers.payments.fees import due_payment
from dossiers.payments.gateways import account
from dossiers.selectors import FiledField, filed_form, is_helper
from dossiers.selectors.issued_forms import forms_for_people, standing_of
from dossiers.services.return_online import returned_online
from portal.api.answers import KEY, WRITE_ERRORS
from portal.api.bodies import DossierBody, NothingBody, Words
from portal.api.dossiers import body_of, own_dossier, pressed
from portal.api.filing_bodies import (
    FeeBody,
    FeesBody,
    FiledBody,
    FiledFieldBody,
    FiledPaperBody,
    IssuedBody,
    OutcomeBody,
    TransferBody,
)
from portal.api.once import once
from portal.api.openapi import operation
from portal.api.readers import CitizenView, PdfRenderer, own_rows, said, tagged
from portal.api.taking import nothing
from portal.common import clock
from portal.common.downloads import sealed_paper
from portal.common.row_security import with_application_rights


class Filed(CitizenView):
    """The form and the papers."""

    @operation("What a dossier was filed with", answers=FiledBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return it; whoever only helped reads nothing of it."""
        row = own_dossier(citizen, public_id)
        if is_helper(dossier=row, reader=citizen):
            return tagged(request, FiledBody([], []), row.version)
        fields = [_field(one) for one in filed_form(dossier=row)]
        papers = [_paper(one) for one in row.papers.select_related("document")]
        return tagged(request, FiledBody(fields, papers), row.version)


class Supplement(CitizenView):
    """What an office asked for."""

    @operation(
        "Hand in what an office asked for, as it is laid ready; If-Match holds the dossier's ETag",
        answers=DossierBody,
        takes=NothingBody,
        headers=("If-Match", *KEY),
        errors=(*WRITE_ERRORS, 412, 428),
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Hand it in; the clock runs again."""
        return pressed(request, citizen, public_id, Action.SUPPLEMENT)


class Fees(CitizenView):
    """What is to be paid, and how."""

    @operation("The fees of a dossier, and how to pay one that is due", answers=FeesBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return them; the bank tells us when one was paid."""
        row = own_dossier(citizen, public_id)
        asked = row.payments.exclude(state=PaymentState.CANCELLED).order_by("pk")
        return tagged(request, FeesBody([_fee(one) for one in asked]), row.version)


class Outcome(CitizenView):
    """What came out."""

    @operation("The signed papers of a dossier, the latest first", answers=OutcomeBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return them."""
        row = own_dossier(citizen, public_id)
        is_helping = is_helper(dossier=row, reader=citizen)
        forms = forms_for_people(dossier=row, reader=citizen, is_helping=is_helping)
        has_result = any(form.kind == FormKind.RESULT for form in forms)
        is_decided = hasattr(row, "result") and not is_helping
        body = OutcomeBody(
            papers=[_issued(row, form) for form in forms],
            waits_for_fee=is_decided and due_payment(row) is not None,
            may_receive=has_result and row.status == Status.DONE,
        )
        return tagged(request, body, row.version)


class OutcomeFile(CitizenView):
    """One of those papers."""

    renderer_classes = [JSONRenderer, PdfRenderer]

    @operation("A signed paper itself", media="application/pdf")
    @own_rows
    def get(
        self, request: Request, citizen: Citizen, public_id: UUID, paper: UUID
    ) -> HttpResponseBase:
        """Return it; looking changes nothing."""
        forms = forms_for_people(dossier=own_dossier(citizen, public_id), reader=citizen)
        form = forms.filter(document__public_id=paper).first()
        if form is None:
            raise Http404
        return sealed_paper(form.document.given_name, open_stored(form.document), keep=True)


class Receive(CitizenView):
    """The result reached its owner."""

    @operation(
        "Take the signed result: the dossier says then that it was returned",
        answers=DossierBody,
        takes=NothingBody,
        headers=KEY,
        errors=(400, 409, 413, 415),
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Note it; a second time changes nothing. 404 before there is a result."""
        nothing(request)
        row = own_dossier(citizen, public_id)
        forms = forms_for_people(dossier=row, reader=citizen)
        if not forms.filter(kind=FormKind.RESULT).exists():
            raise Http404
        with with_application_rights():
            returned_online(dossier=row, now=clock.now())
        return said(body_of(own_dossier(citizen, public_id)))


def _field(one: FiledField) -> FiledFieldBody:
    return FiledFieldBody(
        name=one.name,
        label=Words(one.label_vi, one.label_en or None),
        value=one.value,
        source=one.source,
        register=one.register,
        as_of=date.fromisoformat(one.as_of) if one.as_of else None,
    )


def _paper(row: DossierPaper) -> FiledPaperBody:
    document = row.document
    return FiledPaperBody(
        code=row.component_code,
        name=row.name_vi,
        satisfied_by=row.satisfied_by,
        document=document.public_id if document else None,
        file=(document.title_vi or document.given_name) if document else "",
    )


def _fee(row: Payment) -> FeeBody:
    by_bank = row.way == PaymentWay.BANK_TRANSFER
    return FeeBody(
        id=row.public_id,
        amount_vnd=row.amount_vnd,
        basis=row.basis,
        reference=row.reference,
        state=row.state,
        way=row.way,
        asked_at=row.asked_at,
        paid_at=row.paid_at,
        receipt=row.transaction if by_bank else row.receipt_number,
        transfer=_transfer(row) if row.state == PaymentState.DUE else None,
    )


def _transfer(row: Payment) -> TransferBody | None:
    ours = account()
    if ours is None:
        return None
    text = vietqr.transfer_text(
        bank=ours.bank_bin,
        account=ours.number,
        amount_vnd=row.amount_vnd,
        content=row.reference,
    )
    return TransferBody(
        bank=ours.bank,
        bank_bin=ours.bank_bin,
        account=ours.number,
        holder=ours.holder,
        content=row.reference,
        vietqr=text,
        is_simulated=ours.is_simulated,
    )


def _issued(dossier: Dossier, form: IssuedForm) -> IssuedBody:
    document, form.dossier = form.document, dossier  # one dossier is read once for all its papers
    return IssuedBody(
        id=document.public_id,
        kind=form.kind,
        title=document.title_vi,
        number=document.number,
        issued_on=document.issued_on,
        size=document.size,
        code=spelled_code(form.verify_code),
        standing=standing_of(form, now=clock.now()),
    )
