"""What the reader begins from the catalogue: a draft, its answers, and the press that files it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen, Party
from dossiers.models import Draft
from dossiers.selectors import draft_for, drafts_of, kept_until
from dossiers.selectors.filers import unfit_owner
from dossiers.services import discard_draft, save_draft, submit_dossier
from dossiers.services.freeze_form import refused_answers
from dossiers.tasks import ring_for_automatic_decisions
from portal.api.answers import KEY, OVER, WRITE_ERRORS, field_body
from portal.api.bodies import DossierBody, NothingBody, Words
from portal.api.dossiers import body_of as dossier_body
from portal.api.dossiers import own_dossier
from portal.api.filing_bodies import AnswersBody, BeginBody, DraftBody, DraftFormBody
from portal.api.once import once
from portal.api.openapi import operation
from portal.api.paging import page_of
from portal.api.parties import own_party
from portal.api.problems import ProblemError, bad
from portal.api.readers import CitizenView, own_rows, said, tagged
from portal.api.taking import nothing, seen_version, taken
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.common.row_security import with_application_rights
from procedures.definition import ProcedureDefinition
from procedures.models import ProcedureVersion
from procedures.prefill import Form, prefill_form
from procedures.prefill.asking import asked_of
from procedures.rules import channel_from_home
from procedures.selectors import versions_in_force

VERSION_ERRORS = (*WRITE_ERRORS, OVER, 412, 428)


class Drafts(CitizenView):
    """What is begun and not filed."""

    @operation(
        "What the person began and did not file, the latest first",
        answers=DraftBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of them."""
        rows = drafts_of(applicant=citizen)
        return page_of(
            request, rows, by="-saved_at", shape=lambda found: [body_of(row) for row in found]
        )

    @operation(
        "Begin a procedure of the catalogue; one that was begun already goes on",
        answers=DraftFormBody,
        takes=BeginBody,
        headers=KEY,
        errors=WRITE_ERRORS,
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen) -> Response:
        """Begin it and return the draft with its form."""
        brought, day = taken(request, BeginBody), clock.today()
        version = versions_in_force(day=day).filter(procedure__key=brought.procedure).first()
        if version is None:
            raise Http404
        owner = own_party(citizen, brought.owner)
        _refuse_unfit(version, citizen, owner, day)
        with with_application_rights():
            draft = save_draft(
                suggestion=None,
                version=version,
                applicant=citizen,
                owner=owner,
                changes=brought.answers,
                now=clock.now(),
            )
        return said(_with_form(own_draft(citizen, draft.public_id), citizen))


class OneDraft(CitizenView):
    """One of them with its form; its ETag begins with its version."""

    @operation("A draft with its form", answers=DraftFormBody, errors=(OVER,))
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return it."""
        row = own_draft(citizen, public_id)
        return tagged(request, _with_form(row, citizen), row.version)

    @operation(
        "Keep further answers; If-Match holds the ETag that was read",
        answers=DraftFormBody,
        takes=AnswersBody,
        headers=("If-Match", *KEY),
        errors=VERSION_ERRORS,
    )
    @once
    @own_rows
    def patch(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Keep them, also those that cannot be filed yet."""
        brought, seen = taken(request, AnswersBody), seen_version(request)
        row = _begun_here(own_draft(citizen, public_id))
        with with_application_rights():
            _hold(row, seen)
            save_draft(
                suggestion=None,
                version=version_of(row),
                applicant=citizen,
                owner=row.owner,
                changes=brought.answers,
                now=clock.now(),
            )
        return said(_with_form(own_draft(citizen, public_id), citizen))

    @operation("Throw a draft away", answers=NothingBody, errors=(400, 413))
    @own_rows
    def delete(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Remove it with all that was answered in it."""
        row = own_draft(citizen, public_id)
        with with_application_rights():
            discard_draft(draft=row)
        return said(NothingBody())


class FileDraft(CitizenView):
    """The press that files."""

    @operation(
        "File a draft as it was read; If-Match holds its ETag",
        answers=DossierBody,
        takes=NothingBody,
        headers=("If-Match", *KEY),
        errors=VERSION_ERRORS,
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """File it and return the dossier; the draft is gone then."""
        nothing(request)
        row, seen = _begun_here(own_draft(citizen, public_id)), seen_version(request)
        version = version_of(row)
        _refuse_unfit(version, citizen, row.owner, clock.today())
        with with_application_rights():
            _hold(row, seen)
            dossier = submit_dossier(
                applicant=citizen,
                owner=row.owner,
                suggestion=None,
                version=version,
                answers=row.form,
                channel=channel_from_home(_definition(version).channels),
                now=clock.now(),
            )
        transaction.on_commit(ring_for_automatic_decisions)
        return said(dossier_body(own_dossier(citizen, dossier.public_id)))


def own_draft(citizen: Citizen, public_id: UUID) -> Draft:
    """Return one of the person's drafts; anybody else's does not exist (F33)."""
    try:
        return draft_for(applicant=citizen, public_id=public_id)
    except Draft.DoesNotExist:
        raise Http404 from None


def version_of(row: Draft) -> ProcedureVersion:
    """Return what is in force today of what was begun; 410 where nothing is."""
    of_today = versions_in_force(day=clock.today())
    found = of_today.filter(procedure=row.procedure_version.procedure_id).first()
    if found is None:
        raise ProblemError(OVER)
    return found


def form_of(row: Draft, citizen: Citizen) -> Form:
    """Return the form of a draft as it is known today."""
    return prefill_form(
        version=version_of(row),
        subject=row.owner,
        applicant=citizen,
        suggestion=row.suggestion,
        day=clock.today(),
    )


def body_of(row: Draft) -> DraftBody:
    """Return a draft as it is told in a list."""
    version = row.procedure_version
    return DraftBody(
        id=row.public_id,
        version=row.version,
        procedure=version.procedure.key,
        title=Words(version.name_vi, version.name_en or None),
        owner=row.owner.public_id,
        suggestion=row.suggestion.public_id if row.suggestion else None,
        saved_at=row.saved_at,
        kept_until=kept_until(row),
    )


def _with_form(row: Draft, citizen: Citizen) -> DraftFormBody:
    form, answers = form_of(row, citizen), row.form
    asked = asked_of(form)
    missing = form.missing
    return DraftFormBody(
        draft=body_of(row),
        fields=[field_body(one) for one in form.fields],
        missing=[field_body(one) for one in missing],
        optional=[field_body(one) for one in asked if one not in missing],
        answers=dict(answers),
        faults=refused_answers(fields=asked, answers=answers),
    )


def _begun_here(row: Draft) -> Draft:
    """Let only a draft through that was begun from the catalogue."""
    if row.suggestion is not None:
        where = _("This was prepared for you: answer it at its suggestion.")
        raise ProblemError(422, bad("suggestion", where))
    return row


def _hold(row: Draft, seen: int) -> None:
    """Hold what drafts of this owner are written under, and compare the version that was seen."""
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=row.owner_id)
    if not Draft.objects.filter(pk=row.pk, version=seen).exists():
        raise StaleVersionError


def _refuse_unfit(version: ProcedureVersion, citizen: Citizen, owner: Party, day: date) -> None:
    fault = unfit_owner(definition=_definition(version), applicant=citizen, owner=owner, day=day)
    if fault:
        raise RefusedError(fault)


def _definition(version: ProcedureVersion) -> ProcedureDefinition:
    return ProcedureDefinition.from_json(version.definition)
