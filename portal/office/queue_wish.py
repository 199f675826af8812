"""What an official asks the queue for; the address holds it whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from citizens.enums import Role
from dossiers.enums import ClockColour
from dossiers.models import Dossier
from dossiers.models.dossiers import FINISHED
from portal.office.clock_colours import SIGNS, Day
from portal.office.standing import Standing

_CASEWORK = {Role.RECEPTIONIST, Role.CASE_OFFICER}
OWN_AGENCY, WHOLE_UNIT = "agency", "unit"
# The day that the order follows: before a clock runs, the one that the citizen was told to expect.
URGENT_ON = Coalesce("due_on", "expected_on")
# In which a dossier's address carries the queue that it was opened from, and its place there.
WAY, AT = "queue", "at"


@dataclass(frozen=True)
class Wish:
    """What the official asked the queue for; anything unknown is left out."""

    colour: ClockColour | None
    status: int | None
    procedure: int | None
    mine: bool
    own_agency: bool
    text: str
    person: UUID | None

    @classmethod
    def of(cls, asked: QueryDict, standing: Standing) -> Wish:
        """Read the query string; without a word on the place, what the official's roles suggest."""
        colours = {colour.value: colour for colour in SIGNS}
        return cls(
            colour=colours.get(asked.get("due", "")),
            status=_number(asked.get("status")),
            procedure=_number(asked.get("procedure")),
            mine=asked.get("mine") == "1",
            own_agency=asked.get("where", where_first(standing)) == OWN_AGENCY,
            text=asked.get("q", "").replace("\0", "").strip()[:100],
            person=_key(asked.get("person")),
        )

    def apply(self, dossiers: QuerySet[Dossier], day: Day) -> QuerySet[Dossier]:
        """Return what was asked for; without a colour, all that is not finished."""
        if self.colour is not None:
            dossiers = dossiers.filter(day.condition(self.colour))
        elif self.status is None and not (self.text or self.person):
            dossiers = dossiers.exclude(day.condition(ClockColour.ENDED))
        if self.status is not None:
            dossiers = dossiers.filter(status=self.status)
        return dossiers

    @property
    def is_ended(self) -> bool:
        """Whether only finished dossiers are asked for."""
        return self.colour is ClockColour.ENDED or self.status in FINISHED

    @property
    def is_narrow(self) -> bool:
        """Whether something beside the place and the search is chosen."""
        chosen = self.colour, self.status, self.procedure, self.mine, self.person
        return any(one is not None and one is not False for one in chosen)

    @property
    def chosen(self) -> str:
        """What was chosen, as the end of an address: no words of a search, and no person."""
        return _query(self._chosen)

    @property
    def query(self) -> str:
        """Everything that was asked for, as the end of the queue's address."""
        return _query(self._chosen | {"q": self.text or None, "person": self.person})

    @property
    def way(self) -> str:
        """The end of a dossier's address that leads on to the next of these."""
        return urlencode({WAY: self.query})

    def way_at(self, day: date | None) -> str:
        """Return `way` for the dossier that stands under a day, or under none."""
        return f"{self.way}&{urlencode({AT: day or ''})}"

    @property
    def _chosen(self) -> dict[str, object]:
        return {
            "where": OWN_AGENCY if self.own_agency else WHOLE_UNIT,
            "due": self.colour and self.colour.value,
            "status": self.status,
            "procedure": self.procedure,
            "mine": "1" if self.mine else None,
        }


def _query(asked: dict[str, object]) -> str:
    return urlencode({name: value for name, value in asked.items() if value is not None})


def where_first(standing: Standing) -> str:
    """Return the place to begin with: case workers of many agencies share a unit, leaders none."""
    return OWN_AGENCY if standing.roles <= _CASEWORK else WHOLE_UNIT


def _key(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 10 else None
