"""About whom an official may ask the rules: people and organisations of their own units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse

from citizens.enums import PartyKind
from citizens.models import Citizen, Party
from citizens.selectors import household_of
from portal.office.names import party_name
from portal.office.roles import Desk
from portal.office.standing import Standing


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a page is about. `parties` are the party and the household at home, by their kind."""

    standing: Standing
    party: Party
    person: Citizen | None
    parties: Mapping[str, Party]

    @property
    def day(self) -> date:
        """The civil date of the answers."""
        return self.standing.day

    @property
    def name(self) -> str:
        """The name of the person or organisation."""
        return party_name(self.party)

    @property
    def page(self) -> str:
        """The page of the person or organisation."""
        kind = "citizen" if self.person is not None else "organisation"
        return reverse(f"admin:citizens_{kind}_change", args=[self.party.pk])


def asked_about(standing: Standing, public_id: UUID) -> Asked:
    """Return whom a page is about; PermissionDenied without the desk, Http404 out of scope."""
    if not standing.sees(Desk.PEOPLE):
        raise PermissionDenied
    rows = _in_scope(standing).select_related("citizen__unit", "organisation")
    party = rows.filter(public_id=public_id).first()
    if party is None:
        raise Http404
    person = party.citizen if party.kind == PartyKind.CITIZEN else None
    parties: dict[str, Party] = {str(party.kind): party}
    home = None if person is None else _home(standing, person)
    if home is not None:
        parties[str(home.kind)] = home
    return Asked(standing, party, person, parties)


def party_with_number(standing: Standing, number: str) -> Party | None:
    """Return the person with a personal number, None where nobody in scope has it."""
    found = _in_scope(standing).filter(citizen__pin_index=Citizen.index_of(number))
    return found.first()


def named_in_scope(standing: Standing, people: Iterable[int]) -> dict[int, str]:
    """Return the names of those of `people` whom the official may see."""
    rows: Any = Citizen.objects.filter(pk__in=set(people))
    if not standing.everywhere:
        rows = rows.filter(unit__in=standing.units_of(Desk.PEOPLE).values("pk"))
    return {person.pk: person.full_name for person in rows}


def _in_scope(standing: Standing) -> QuerySet[Party]:
    rows = Party.objects.filter(kind__in=(PartyKind.CITIZEN, PartyKind.ORGANISATION))
    if standing.everywhere:
        return rows
    units = standing.units_of(Desk.PEOPLE).values("pk")
    return rows.filter(Q(citizen__unit__in=units) | Q(organisation__unit__in=units))


def _home(standing: Standing, person: Citizen) -> Party | None:
    """Return the household in which a person lives, where the official may look."""
    home = household_of(citizen=person, day=standing.day)
    if home is None:
        return None
    units = standing.units_of(Desk.PEOPLE)
    is_near = standing.everywhere or units.filter(pk=home.unit_id).exists()
    return home.party if is_near else None
