"""For whom a page about data is opened: the person, or a child or adult they may act for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest

from citizens.enums import PartyKind
from citizens.models import Citizen
from portal.common import clock
from portal.web.presenters.people import GROWN_UP, parties_of
from procedures.rules import age_on

SPEAKS_FROM = 7  # domain.md section 7, unverified: from seven years on the child's wish counts too


@dataclass(frozen=True)
class Face:
    """One person to choose on the page; `query` leads there."""

    name: str
    query: str
    is_open: bool


@dataclass(frozen=True)
class Whose:
    """Whom the page is about, and who else it could be about."""

    citizen: Citizen
    is_self: bool
    faces: list[Face]

    @property
    def query(self) -> str:
        """The end of an address that keeps the choice, "" for oneself."""
        return "" if self.is_self else f"?for={self.citizen.party.public_id}"

    @property
    def page_query(self) -> str:
        """What stands before `page=` in the addresses of further pages."""
        return "" if self.is_self else f"for={self.citizen.party.public_id}&"

    @property
    def name(self) -> str:
        """The name of somebody else, "" for oneself."""
        return "" if self.is_self else self.citizen.full_name

    @property
    def must_be_asked(self) -> bool:
        """Whether it is a child old enough to be asked."""
        age = age_on(self.citizen.birth_date, clock.today())
        return not self.is_self and SPEAKS_FROM <= age < GROWN_UP


def whose(request: HttpRequest, reader: Citizen) -> Whose:
    """Return whom `?for=` names; Http404 for anybody the reader may not act for today."""
    parties = parties_of(reader, clock.today())[1:]
    others = [party.citizen for party in parties if party.kind == PartyKind.CITIZEN]
    wanted = request.GET.get("for", "")
    people = {str(other.party.public_id): other for other in others}
    if wanted and (not _is_uuid(wanted) or wanted not in people):
        raise Http404
    citizen = people.get(wanted, reader)
    faces = [Face(reader.full_name, "?", citizen.pk == reader.pk)] + [
        Face(other.full_name, f"?for={key}", other.pk == citizen.pk)
        for key, other in people.items()
    ]
    return Whose(citizen, citizen.pk == reader.pk, faces if others else [])


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
