"""On which grounds a version decides a dossier by itself: each named, dated, met or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Sum

from citizens.enums import PartyKind
from citizens.models import Citizen, Discrepancy
from citizens.selectors import is_family_of
from dossiers.enums import PaymentState
from dossiers.models import Dossier, ModeSwitch
from dossiers.selectors import definition_of
from portal.common import clock
from procedures.answers import has_come_of_age
from procedures.definition import ProcedureDefinition
from procedures.definition.parts import Component, FormField
from procedures.enums import Answer, FieldSource, TriggerKind

GENERATED = "GENERATED"
_NOT_OF_A_REGISTER = ("GENERATED", "COMPUTED", "APPLICANT")
_BY_THE_PORTAL = (FieldSource.COMPUTED, FieldSource.APPLICANT)


class Requirement(StrEnum):
    """What is asked of a dossier; PAPER, FACTS and FIELD are followed by ``:`` and a name."""

    PAPER = "paper"
    FACTS = "facts"
    FIELD = "field"
    DISCREPANCY = "discrepancy"
    ALIVE = "alive"
    FEE = "fee"
    APART = "apart"
    RULES = "rules"
    ENTITLED = "entitled"


@dataclass(frozen=True)
class Ground:
    """A requirement with its source (a register's code or "") and the civil date it was true of."""

    requirement: str
    source: str
    as_of: date | None
    met: bool

    @property
    def kind(self) -> Requirement:
        """Which of the requirements it is."""
        return Requirement(self.requirement.partition(":")[0])

    @property
    def name(self) -> str:
        """The paper's code, the register's code or the field's name; "" for the others."""
        return self.requirement.partition(":")[2]

    def to_json(self) -> dict[str, Any]:
        """Return what a decision stores."""
        as_of = self.as_of.isoformat() if self.as_of else None
        return {
            "requirement": self.requirement,
            "source": self.source,
            "as_of": as_of,
            "met": self.met,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Ground:
        """Read what a decision stored."""
        as_of = date.fromisoformat(stored["as_of"]) if stored["as_of"] else None
        return cls(stored["requirement"], stored["source"], as_of, stored["met"])


def grounds_of(*, dossier: Dossier, switch: ModeSwitch, day: date) -> list[Ground]:
    """Return every ground of the dossier as it was filed and as things are on `day`.

    ValueError when its version does not decide by itself: then there are none.
    """
    definition = definition_of(dossier=dossier)
    if definition.automatic is None:
        raise ValueError("This version does not decide by itself.")
    oldest = definition.automatic.max_age_days
    filed = clock.civil_date(dossier.submitted_at)
    return [
        Ground(Requirement.ENTITLED, "", filed, met=_is_entitled(dossier, definition, filed)),
        *_papers(dossier, definition, filed, oldest),
        *_facts(dossier.form, definition, filed, oldest),
        Ground(Requirement.DISCREPANCY, "", day, met=not _is_disputed(dossier)),
        Ground(Requirement.ALIVE, "", day, met=_is_alive(dossier)),
        Ground(Requirement.FEE, "", day, met=_is_settled(dossier)),
        Ground(Requirement.APART, "", day, met=_is_apart(dossier, switch, day)),
    ]


def _is_entitled(dossier: Dossier, definition: ProcedureDefinition, filed: date) -> bool:
    """Return whether a released rule says for certain that the matter is the owner's.

    What is granted at an age is granted from the birthday on; all else answers a notice. Whoever
    files without one is looked at by an official.
    """
    if definition.trigger.kind is TriggerKind.AGE_MILESTONE and definition.credential is None:
        procedure = dossier.procedure_version.procedure
        return has_come_of_age(procedure=procedure, party=dossier.owner, day=filed)
    suggestion = dossier.suggestion
    return suggestion is not None and suggestion.answer == Answer.YES


def _papers(
    dossier: Dossier, definition: ProcedureDefinition, filed: date, oldest: int
) -> Iterator[Ground]:
    kept = {paper.component_code: paper for paper in dossier.papers.all()}
    for component in definition.components:
        if component.required:
            paper = kept.get(component.code)
            source = paper.satisfied_by if paper else ""
            as_of = paper.as_of if paper else None
            yield _paper(component, source, as_of, filed, oldest)


def _paper(
    component: Component, source: str, as_of: date | None, filed: date, oldest: int
) -> Ground:
    met = source == GENERATED or (source != "" and _is_fresh(as_of, filed, oldest))
    return Ground(f"{Requirement.PAPER}:{component.code}", source, as_of, met)


def _facts(
    form: Mapping[str, Any], definition: ProcedureDefinition, filed: date, oldest: int
) -> Iterator[Ground]:
    """Return one ground a register, with the oldest of its facts, and one a field that has none.

    What the form asks of everybody (a choice, a wish) needs no register; what a register should
    have said and the person wrote instead, or contested, is somebody's to look at.
    """
    dates: dict[str, date | None] = {}
    for field in definition.form_fields:
        entry = form.get(field.name)
        if entry is None or field.prefill is None:
            continue
        if entry["source"] == FieldSource.REGISTER and entry["register"]:
            stated = date.fromisoformat(entry["as_of"]) if entry["as_of"] else None
            before = dates.get(entry["register"], stated)
            older = None if before is None or stated is None else min(before, stated)
            dates[entry["register"]] = older
        elif not _needs_no_register(field, entry["source"]):
            yield Ground(f"{Requirement.FIELD}:{field.name}", entry["source"], None, met=False)
    for register, as_of in sorted(dates.items()):
        met = _is_fresh(as_of, filed, oldest)
        yield Ground(f"{Requirement.FACTS}:{register}", register, as_of, met)


def _needs_no_register(field: FormField, source: str) -> bool:
    of_the_portal = str(field.prefill).split(".")[0] in _NOT_OF_A_REGISTER
    return source in _BY_THE_PORTAL or (of_the_portal and source != FieldSource.CONTESTED)


def _is_fresh(as_of: date | None, filed: date, oldest: int) -> bool:
    return as_of is not None and (filed - as_of).days <= oldest


def _is_disputed(dossier: Dossier) -> bool:
    concerned = {dossier.owner_id, dossier.applicant_id}
    return Discrepancy.objects.open().filter(subject__in=concerned).exists()


def _is_alive(dossier: Dossier) -> bool:
    """Return whether the applicant lives, and the owner if it is a person."""
    people = {dossier.applicant_id}
    if dossier.owner.kind == PartyKind.CITIZEN:
        people.add(dossier.owner_id)
    return Citizen.objects.alive().filter(pk__in=people).count() == len(people)


def _is_settled(dossier: Dossier) -> bool:
    """Return whether it is free, or all of the fee was paid; an unknown fee is neither."""
    if dossier.fee_vnd is None:
        return False
    paid = dossier.payments.filter(state=PaymentState.PAID).aggregate(sum=Sum("amount_vnd"))
    return dossier.fee_vnd == 0 or (paid["sum"] or 0) >= dossier.fee_vnd


def _is_apart(dossier: Dossier, switch: ModeSwitch, day: date) -> bool:
    """Return whether nobody who made the version decide by itself is family of those concerned."""
    version = dossier.procedure_version
    concerned = (dossier.owner_id, dossier.applicant_id)
    makers = (version.written_by, version.released_by, switch.official)
    return not any(
        user is not None and is_family_of(user=user, concerned=concerned, day=day)
        for user in makers
    )
