"""How a party or a paper is called on a page; reads only what the query brought along."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from citizens.enums import PartyKind
from citizens.models import Party
from citizens.models.parties import Fold
from portal.common import clock
from procedures.models import RuleVersion
from procedures.models.catalogue import in_force

_MADE_OF = {
    PartyKind.CITIZEN: "citizen",
    PartyKind.ORGANISATION: "organisation",
    PartyKind.HOUSEHOLD: "household",
}
SUBJECT_UNITS = ("citizen__unit", "organisation__unit", "household__unit")
SUBJECT_TABLES = ("citizen", "organisation", "household")


class Renamed:
    """A row as it is, under the name by which its desk calls it."""

    def __init__(self, row: Any, name: str) -> None:
        self._row, self._name = row, name

    def __getattr__(self, attribute: str) -> Any:
        """Return whatever the row has."""
        return getattr(self._row, attribute)

    def __str__(self) -> str:
        return self._name


def through(path: str, ends: tuple[str, ...]) -> tuple[str, ...]:
    """Return the look-ups `ends` as seen from a row whose `path` leads to a party."""
    return tuple(f"{path}__{end}" for end in ends)


def name_column() -> Coalesce | F:
    """Return the name of a row in the language of the page, the Vietnamese one where it has one."""
    if get_language() != "en":
        return F("name_vi")
    return Coalesce(NullIf("name_en", Value("")), "name_vi")


def party_name(party: Party | None) -> str:
    """Return the name of a citizen, organisation or household; join its table in the query."""
    if party is None:
        return "–"
    return str(getattr(party, _MADE_OF[PartyKind(party.kind)], ""))


def named_like(rows: QuerySet[Any], path: str, term: str) -> QuerySet[Any]:
    """Return rows whose folded name at `path` holds every word of `term`, accents or not."""
    for word in term.split():
        rows = rows.filter(**{f"{path}__contains": Fold(Value(word))})
    return rows


def with_paper_names(credentials: QuerySet[Any]) -> QuerySet[Any]:
    """Return credentials with `paper_named`: how the rules in force call a paper of that kind."""
    key = "definition__paper_en" if get_language() == "en" else "definition__paper_vi"
    rules = RuleVersion.objects.filter(in_force(clock.today()))
    kind = Coalesce(KT("definition__credential_kind"), KT("definition__identity_kind"))
    named = rules.annotate(of=kind).filter(of=OuterRef("kind")).values(name=KT(key))[:1]
    annotated: QuerySet[Any] = credentials.annotate(paper_named=Subquery(named))
    return annotated


def paper_name(credential: Any) -> str:
    """Return the paper's name, or its key in the registers where no rule speaks of it."""
    return str(getattr(credential, "paper_named", None) or credential.kind)
