"""What was prepared for the reader: the list, one of them, and why it is there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen
from portal.api.bodies import SuggestionBody, WhyBody, Words
from portal.api.openapi import operation
from portal.api.paging import page_of
from portal.api.readers import CitizenView, own_rows, tagged
from portal.common import clock
from procedures.models import Suggestion
from procedures.selectors import explain, suggestion_for, suggestions_of


class Suggestions(CitizenView):
    """What waits for an answer."""

    @operation(
        "What waits for the person's answer, by the day that counts",
        answers=SuggestionBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of them."""
        waiting = suggestions_of(citizen=citizen, day=clock.today())
        return page_of(request, waiting, by="due_on", shape=_bodies, read=date.fromisoformat)


class OneSuggestion(CitizenView):
    """One of them, in whatever state."""

    @operation("One matter that was prepared", answers=SuggestionBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return it."""
        return tagged(request, body_of(own_suggestion(citizen, public_id)))


class Why(CitizenView):
    """Why it is there."""

    @operation("Why a matter was prepared", answers=WhyBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return reason, law, days and what happens otherwise."""
        row = own_suggestion(citizen, public_id)
        told = explain(suggestion=row, day=clock.today())
        harm = told.consequence_vi
        body = WhyBody(
            reason=Words(told.sentence_vi, told.sentence_en),
            legal_basis=list(told.legal_basis),
            due_on=told.due_on,
            days_left=told.days_left,
            earliest_on=told.earliest_on,
            latest_on=told.latest_on,
            consequence=Words(harm, told.consequence_en) if harm else None,
        )
        return tagged(request, body)


def own_suggestion(citizen: Citizen, public_id: UUID) -> Suggestion:
    """Return one of the person's suggestions; anybody else's does not exist (F33)."""
    try:
        return suggestion_for(citizen=citizen, public_id=public_id)
    except Suggestion.DoesNotExist:
        raise Http404 from None


def body_of(row: Suggestion) -> SuggestionBody:
    """Return a suggestion as it is told."""
    told = explain(suggestion=row, day=clock.today())
    rule = row.rule
    return SuggestionBody(
        id=row.public_id,
        state=row.state,
        answer=row.answer,
        about=row.subject.public_id,
        procedure=rule.procedure.key if rule.procedure else None,
        bundle=rule.bundle.key if rule.bundle else None,
        reason=Words(told.sentence_vi, told.sentence_en),
        due_on=row.due_on,
        opened_on=row.opened_on,
        put_off_until=row.next_remind_on if row.state == "snoozed" else None,
    )


def _bodies(rows: list[Suggestion]) -> list[SuggestionBody]:
    return [body_of(row) for row in rows]
