"""Who is signed in, and the papers that registers hold of them and of those they act for."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Citizen, Credential, Party
from citizens.selectors import name_of
from portal.api.bodies import CredentialBody, MeBody, PartyBody
from portal.api.openapi import operation
from portal.api.paging import page_of
from portal.api.readers import CitizenView, own_rows, tagged
from portal.common.masking import mask_number


class Me(CitizenView):
    """The reader."""

    @operation("Who is signed in, and for whom they may act", answers=MeBody)
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return the person."""
        others = [_party(one) for one in citizen.represented or ()]
        return tagged(request, MeBody(citizen.party.public_id, citizen.full_name, others))


class Credentials(CitizenView):
    """Papers of the reader and of those they act for."""

    @operation(
        "Papers that registers hold, the latest issued first",
        answers=CredentialBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of them."""
        return page_of(
            request, _held_by(citizen), by="-issued_on", shape=_credentials, read=date.fromisoformat
        )


def _held_by(citizen: Citizen) -> QuerySet[Credential]:
    holders = [citizen.pk, *(one.pk for one in citizen.represented or ())]
    return Credential.objects.filter(holder__in=holders).select_related("holder")


def _credentials(rows: list[Credential]) -> list[CredentialBody]:
    return [
        CredentialBody(
            id=row.public_id,
            holder=row.holder.public_id,
            kind=row.kind,
            category=row.category,
            number=mask_number(row.number),
            status=row.status,
            register=row.register_id,
            issued_on=row.issued_on,
            expires_on=row.expires_on,
            as_of=row.as_of,
        )
        for row in rows
    ]


def _party(party: Party) -> PartyBody:
    return PartyBody(party.public_id, party.kind, name_of(party))
