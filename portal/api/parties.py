"""For whom the reader asks: themselves, or somebody for whom they may act today."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from citizens.models import Citizen, Party


def own_parties(citizen: Citizen) -> list[Party]:
    """Return the reader first, then whom they may act for."""
    return [citizen.party, *(citizen.represented or ())]


def own_party(citizen: Citizen, public_id: UUID | None) -> Party:
    """Return one of them, the reader where none is named; anybody else does not exist (F33)."""
    if public_id is None:
        return citizen.party
    for party in own_parties(citizen):
        if party.public_id == public_id:
            return party
    raise Http404
