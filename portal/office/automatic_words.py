"""Grounds, features and figures of automatic decisions in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import Register
from dossiers.automatic.grounds import GENERATED, Ground, Requirement
from procedures.definition import ProcedureDefinition

FEATURES: Mapping[str, Any] = {
    "facts_age": gettext_lazy("Age of the facts"),
    "corrections": gettext_lazy("Facts corrected before"),
    "recent_change": gettext_lazy("Address or telephone changed lately"),
    "filed_by_helper": gettext_lazy("Filed by a helper"),
    "amount": gettext_lazy("Amount"),
    "first_time": gettext_lazy("First time"),
}
_PLAIN: Mapping[Requirement, Any] = {
    Requirement.ENTITLED: gettext_lazy("A released rule says for certain that it is theirs"),
    Requirement.DISCREPANCY: gettext_lazy("No value about the person is in doubt"),
    Requirement.ALIVE: gettext_lazy("Owner and applicant are alive"),
    Requirement.FEE: gettext_lazy("The fee is paid, or there is none"),
    Requirement.APART: gettext_lazy("Not family of who released or switched it on"),
    Requirement.RULES: gettext_lazy("The catalogue says how long the result is valid"),
}


@dataclass(frozen=True)
class GroundLine:
    """A ground as a line: what, from where, true of which day, met or not."""

    label: str
    source: str
    as_of: date | None
    met: bool


def ground_lines(
    stored: Iterable[Mapping[str, Any]], definition: ProcedureDefinition
) -> list[GroundLine]:
    """Return stored grounds as lines, those that are missing first (one query)."""
    registers = dict(Register.objects.values_list("pk", "name_vi"))
    papers = {paper.code: paper.name_vi for paper in definition.components}
    fields = {field.name: field.label_vi for field in definition.form_fields}
    lines = []
    for raw in stored:
        ground = Ground.from_json(raw)
        names = {
            Requirement.PAPER: papers.get(ground.name, ground.name),
            Requirement.FACTS: _("Facts of the form"),
            Requirement.FIELD: _("“%(field)s” comes from a register")
            % {"field": fields.get(ground.name, ground.name)},
        }
        source = registers.get(ground.source, "")
        if ground.source == GENERATED:
            source = _("made by the portal")
        label = str(names.get(ground.kind) or _PLAIN[ground.kind])
        lines.append(GroundLine(label, source, ground.as_of, ground.met))
    return sorted(lines, key=lambda line: line.met)


def per_cent(share: float) -> str:
    """Return a share as per cent with one digit, as it is written in Viet Nam."""
    return f"{share * 100:.1f} %".replace(".", ",")
