"""What was said to the reader: the list in words, and that a letter was read."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen
from notifications.models import Message
from notifications.selectors import inbox_of, letters_of
from notifications.services import mark_read
from portal.api.bodies import LetterBody, NothingBody
from portal.api.once import once
from portal.api.openapi import operation
from portal.api.paging import page_of
from portal.api.readers import CitizenView, own_rows, said, tagged
from portal.api.taking import nothing
from portal.common.row_security import with_application_rights


class Inbox(CitizenView):
    """Letters."""

    @operation(
        "What was said to the person in the asked language, the latest first",
        answers=LetterBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of them."""
        return page_of(request, inbox_of(party=citizen.party), by="-recorded_at", shape=_bodies)


class Letter(CitizenView):
    """One letter."""

    @operation("One letter; reading it here does not mark it as read", answers=LetterBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Return it."""
        return tagged(request, _own(citizen, public_id))


class Read(CitizenView):
    """The reader has read it."""

    @operation(
        "Note that the person read a letter; it is not said on a further channel then",
        answers=LetterBody,
        takes=NothingBody,
        headers=("Idempotency-Key",),
        errors=(400, 409, 413, 415),
    )
    @once
    @own_rows
    def post(self, request: Request, citizen: Citizen, public_id: UUID) -> Response:
        """Note it; a second time changes nothing."""
        nothing(request)
        _own(citizen, public_id)
        with with_application_rights():
            mark_read(party=citizen.party, public_id=public_id)
        return said(_own(citizen, public_id))


def _own(citizen: Citizen, public_id: UUID) -> LetterBody:
    row = inbox_of(party=citizen.party).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return _bodies([row])[0]


def _bodies(rows: list[Message]) -> list[LetterBody]:
    told = letters_of(messages=rows, language=get_language() or "vi")
    return [
        LetterBody(one.public_id, one.subject, one.body, one.code, one.sent_at, one.is_read)
        for one in told
    ]
