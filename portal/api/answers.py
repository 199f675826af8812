"""What the reader answers to a suggestion: the form, file it, later, no."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen
from dossiers.models import Dossier
from dossiers.selectors import dossiers_of
from dossiers.services import submit_together
from dossiers.services.submit_together import case_of
from dossiers.tasks import ring_for_automatic_decisions
from portal.api.bodies import (
    AcceptBody,
    AcceptedBody,
    FieldBody,
    FormBody,
    NothingBody,
    SnoozeBody,
    SuggestionBody,
    Words,
)
from portal.api.dossiers import body_of as dossier_body
from portal.api.once import once
from portal.api.openapi import operation
from portal.api.problems import ProblemError
from portal.api.readers import CitizenView, own_rows, said, tagged
from portal.api.suggestions import body_of, own_suggestion
from portal.api.taking import accepted, nothing, snoozed
from portal.common import clock
from portal.common.row_security import with_application_rights
from procedures.models import Suggestion
from procedures.models.suggestions import WAITING
from procedures.prefill import Filled, Together, prefill_offer
from procedures.selectors import Offer, offer_of
from procedures.services import dismiss_suggestion, snooze_suggestion

KEY = ("Idempotency-Key",)
WRITE_ERRORS = (400, 409, 413, 415, 422)
OVER = 410


class SuggestionForm(CitizenView):
    """What is known for it and what is asked."""

    @operation(
        "What is known for a matter and what is still asked",
        answers=FormBody,
        query=("step",),
        errors=(OVER,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return the prepared form; `step` names further steps of a bundle that are wanted."""
        row = own_suggestion(citizen, public_id)
        offer = offered(row, request.query_params.getlist("step"))
        form = form_of(offer, row, citizen).form
        body = FormBody(
            procedures=[version.procedure.key for version in offer.versions],
            fields=[field_body(one) for one in form.fields],
            missing=[field_body(one) for one in form.missing],
        )
        return tagged(request, body)


class Accept(CitizenView):
    """One press files what was prepared."""

    @operation(
        "File what was prepared; a second press answers with the same dossiers",
        answers=AcceptedBody,
        takes=AcceptBody,
        headers=KEY,
        errors=(*WRITE_ERRORS, OVER),
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """File it and return the dossiers."""
        brought, row = accepted(request), own_suggestion(citizen, public_id)
        filed = _filed(row)
        if not filed:
            offer = offered(row, brought.steps)
            filed = _file(row, citizen, offer, brought)
            transaction.on_commit(ring_for_automatic_decisions)
        own = dossiers_of(citizen=citizen).filter(pk__in=filed)
        return said(AcceptedBody([dossier_body(one) for one in own]))


class Snooze(CitizenView):
    """Later."""

    @operation(
        "Hear nothing of a matter until a day",
        answers=SuggestionBody,
        takes=SnoozeBody,
        headers=KEY,
        errors=WRITE_ERRORS,
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Put it off."""
        brought, row = snoozed(request), own_suggestion(citizen, public_id)
        with with_application_rights():
            snooze_suggestion(suggestion=row, citizen=citizen, until=brought.until)
        return said(body_of(own_suggestion(citizen, public_id)))


class Dismiss(CitizenView):
    """No."""

    @operation(
        "Take a matter off the person's list",
        answers=SuggestionBody,
        takes=NothingBody,
        headers=KEY,
        errors=WRITE_ERRORS,
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Dismiss it."""
        nothing(request)
        row = own_suggestion(citizen, public_id)
        with with_application_rights():
            dismiss_suggestion(suggestion=row, citizen=citizen, now=clock.now())
        return said(body_of(own_suggestion(citizen, public_id)))


def _filed(row: Suggestion) -> list[int]:
    """Return the keys of the dossiers that answer the suggestion already."""
    case = case_of(suggestion=row)
    rows = case.dossiers.all() if case else Dossier.objects.standing().filter(suggestion=row)
    return list(rows.values_list("pk", flat=True))


def offered(row: Suggestion, steps: list[str]) -> Offer:
    """Return what is offered today; 410 where the matter waits no longer."""
    offer = offer_of(suggestion=row, day=clock.today(), wanted=frozenset(steps))
    if row.state not in WAITING or not offer.versions:
        raise ProblemError(OVER)
    return offer


def form_of(offer: Offer, row: Suggestion, citizen: Citizen) -> Together:
    return prefill_offer(offer=offer, suggestion=row, applicant=citizen, day=clock.today())


def _file(row: Suggestion, citizen: Citizen, offer: Offer, brought: AcceptBody) -> list[int]:
    together = form_of(offer, row, citizen)
    with with_application_rights():
        filed = submit_together(
            applicant=citizen,
            suggestion=row,
            offer=offer,
            together=together,
            answers=brought.answers,
            now=clock.now(),
        )
    return [one.pk for one in filed]


def field_body(field: Filled) -> FieldBody:
    """Return a field of a form as it is told."""
    return FieldBody(
        name=field.name,
        label=Words(field.label_vi, field.label_en or None),
        kind=str(field.type),
        is_required=field.required,
        choices=list(field.choices),
        value=field.value,
        source=str(field.source),
        register=field.register,
        as_of=field.as_of,
    )
