"""What a bundle asks a person before it begins, and which of its steps they are spared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procedures.definition import FormField, ProcedureDefinition
from procedures.definition.bundle import BundleDefinition
from procedures.definition.exemptions import Exemption
from procedures.definition.stated import Stated, answer_stated, asked_of_person
from procedures.enums import Answer, TriggerKind, VersionStatus
from procedures.models import BundleVersion, ProcedureVersion, RuleVersion
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
    return questions_of_each([(version, day)])[0]


def questions_of_each(asked: Iterable[tuple[BundleVersion, date]]) -> list[list[FormField]]:
    """Return `questions_of` bundles, each on its day; one query for all, none for none."""
    pairs = list(asked)
    held = _held([version for version, _day in pairs])
    return [_questions(version, day, held) for version, day in pairs]


def spared_by(version: BundleVersion, stated: Mapping[str, str], *, day: date) -> list[Spared]:
    """Return for each step with exemptions whether who states this is spared it; one query."""
    best: dict[str, Spared] = {}
    for procedure, exemption in _exemptions(version, day, _held([version])):
        found = Spared(procedure, exemption, answer_stated(exemption.conditions, stated))
        known = best.setdefault(procedure.code, found)
        if _BEST_FIRST.index(found.answer) < _BEST_FIRST.index(known.answer):
            best[procedure.code] = found
    return list(best.values())


def _questions(
    version: BundleVersion, day: date, held: Sequence[ProcedureVersion]
) -> list[FormField]:
    found: dict[str, FormField] = {}
    for procedure, exemption in _exemptions(version, day, held):
        fields = {field.name: field for field in procedure.form_fields}
        for name in asked_of_person(exemption.conditions):
            if name in fields:
                found.setdefault(name, fields[name])
    return list(found.values())


def _codes(version: BundleVersion) -> set[str]:
    """Return the procedures of the steps that somebody may be spared."""
    bundle = BundleDefinition.from_json(version.definition)
    return {step.procedure for step in bundle.steps if step.skipped_when_exempt}


def _held(versions: Iterable[BundleVersion]) -> list[ProcedureVersion]:
    """Return whatever was released of the steps that somebody may be spared, in order of code."""
    codes = {code for version in versions for code in _codes(version)}
    if not codes:
        return []
    released = ProcedureVersion.objects.filter(status=VersionStatus.RELEASED)
    return list(
        released.filter(procedure__code__in=codes)
        .select_related("procedure")
        .order_by("procedure__code")
    )


def _exemptions(
    version: BundleVersion, day: date, held: Iterable[ProcedureVersion]
) -> Iterator[tuple[ProcedureDefinition, Exemption]]:
    codes = _codes(version)
    for one in held:
        if one.procedure.code not in codes or day not in one.valid:
            continue
        procedure = ProcedureDefinition.from_json(one.definition)
        for exemption in procedure.exemptions:
            if exemption.holds_on(day):
                yield procedure, exemption
