"""What a bundle asks a person before it begins, and which of its steps they are spared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from procedures.definition import FormField, ProcedureDefinition
from procedures.definition.bundle import BundleDefinition
from procedures.definition.exemptions import Exemption
from procedures.definition.stated import Stated, answer_stated, asked_of_person
from procedures.enums import Answer, TriggerKind
from procedures.models import BundleVersion, ProcedureVersion, RuleVersion
from procedures.models.catalogue import in_force
from procedures.selectors.catalogue import rules_in_force

_BEST_FIRST = (Answer.YES, Answer.LIKELY, Answer.NO)


@dataclass(frozen=True, slots=True)
class Spared:
    """Whether a person is spared a step, by the exemption that comes nearest to a yes."""

    procedure: ProcedureDefinition
    exemption: Exemption
    stated: Stated

    @property
    def answer(self) -> Answer:
        """Yes, likely (one fact is missing) or no."""
        return self.stated.answer


def wishes_in_force(*, day: date) -> list[RuleVersion]:
    """Return the rules by which people may begin a bundle themselves on `day`, in order of key."""
    wishes = rules_in_force(day=day, kinds=[TriggerKind.CITIZEN_INTENT])
    return list(wishes.filter(rule__bundle__isnull=False))


def questions_of(version: BundleVersion, *, day: date) -> list[FormField]:
    """Return what only the person can say about the exemptions of the bundle's steps, each once.

    A question that the step's own form does not have is not asked: it stays unknown. One query.
    """
    found: dict[str, FormField] = {}
    for procedure, exemption in _exemptions(version, day):
        fields = {field.name: field for field in procedure.form_fields}
        for name in asked_of_person(exemption.conditions):
            if name in fields:
                found.setdefault(name, fields[name])
    return list(found.values())


def spared_by(version: BundleVersion, stated: Mapping[str, str], *, day: date) -> list[Spared]:
    """Return for each step with exemptions whether who states this is spared it; one query."""
    best: dict[str, Spared] = {}
    for procedure, exemption in _exemptions(version, day):
        found = Spared(procedure, exemption, answer_stated(exemption.conditions, stated))
        known = best.setdefault(procedure.code, found)
        if _BEST_FIRST.index(found.answer) < _BEST_FIRST.index(known.answer):
            best[procedure.code] = found
    return list(best.values())


def _exemptions(
    version: BundleVersion, day: date
) -> Iterator[tuple[ProcedureDefinition, Exemption]]:
    bundle = BundleDefinition.from_json(version.definition)
    codes = [step.procedure for step in bundle.steps if step.skipped_when_exempt]
    held = ProcedureVersion.objects.filter(in_force(day), procedure__code__in=codes)
    for document in held.order_by("procedure__code").values_list("definition", flat=True):
        procedure = ProcedureDefinition.from_json(document)
        for exemption in procedure.exemptions:
            if exemption.holds_on(day):
                yield procedure, exemption
