"""The prefilled form as pages and dossiers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from citizens.models import Citizen, Party
from citizens.selectors import Origin
from procedures.definition import Component, FormField, ProcedureDefinition
from procedures.definition.conditions import Tree
from procedures.definition.stated import meets, truth
from procedures.enums import FieldSource, FieldType, TriggerKind
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill.events import About, about_event
from procedures.prefill.facts import Facts, gather
from procedures.prefill.offices import offices_of
from procedures.prefill.paths import find, value_of

GENERATED = "GENERATED"
CHILD_GROUP = "child"


@dataclass(frozen=True, slots=True)
class Filled:
    """A field with its value as text (dates ISO, lists one a line), source and as-of date.

    `register` is the code of the register for values that one states; `as_of` the civil date on
    which it (or the applicant's confirmation) held. A missing value is "". `origin` names the one
    stored value that it is, if it is one. Of a contested value `held` is what the register says.
    """

    name: str
    label_vi: str
    label_en: str
    type: FieldType
    required: bool
    choices: tuple[str, ...]
    value: str
    source: FieldSource
    register: str | None
    register_name_vi: str
    register_name_en: str
    as_of: date | None
    group: str
    origin: Origin | None = None
    held: str = ""
    hint_vi: str = ""
    hint_en: str = ""
    choices_en: tuple[str, ...] = ()
    conditions: Tree | None = None

    @property
    def english(self) -> dict[str, str]:
        """The English words of the choices, by the Vietnamese ones; empty where there are none."""
        return dict(zip(self.choices, self.choices_en, strict=True)) if self.choices_en else {}

    @property
    def is_missing(self) -> bool:
        """Whether the citizen has to give this; pictures are handed in as papers instead."""
        return self.required and not self.value and self.type != FieldType.IMAGE


@dataclass(frozen=True, slots=True)
class PaperStatus:
    """A paper of the dossier: made by the portal, known to a register, or brought by the citizen.

    `satisfied_by` is GENERATED, a register's code, or None for a paper to be shown at the office;
    one with a condition is needed only where the condition applies. `comes_from` is (vi, en) what
    an earlier step is called whose result the register will hold when this paper is needed.
    """

    component_code: str
    name_vi: str
    required: bool
    satisfied_by: str | None
    as_of: date | None
    condition_vi: str | None
    register_name_vi: str = ""
    register_name_en: str = ""
    comes_from: tuple[str, str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing but the citizen can answer for it."""
        return self.satisfied_by is None and self.comes_from is None

    @property
    def is_brought(self) -> bool:
        """Whether the citizen brings it in any case."""
        return self.required and self.is_open

    @property
    def is_conditional(self) -> bool:
        """Whether it is needed only where its condition applies, and no register answers for it."""
        return not self.required and self.is_open


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it stands when opened: nothing of it is stored."""

    fields: list[Filled]
    papers: list[PaperStatus]

    @property
    def missing(self) -> list[Filled]:
        """The required fields that nobody knows and that belong here: all that must be asked."""
        return [field for field in self.fitting({}).fields if field.is_missing]

    def fitting(self, answers: Mapping[str, str]) -> Form:
        """Return the form without the fields that these answers make needless."""
        said = {**answers, **{field.name: field.value for field in self.fields if field.value}}

        def belongs(field: Filled) -> bool:
            tree = field.conditions
            return tree is None or truth(tree, lambda leaf: meets(leaf, said)) is not False

        return replace(self, fields=[field for field in self.fields if belongs(field)])


def prefill_form(
    *,
    version: ProcedureVersion,
    subject: Party,
    applicant: Citizen,
    suggestion: Suggestion | None,
    day: date,
) -> Form:
    """Return the form of `version` about `subject`, filed by `applicant`, as known on `day`.

    Without a suggestion the birth or death in the applicant's family that the procedure is for is
    looked for. Whether the applicant may see the subject's data is the caller's to check. Reads
    personal and sensitive data in a constant number of queries; writes nothing.
    """
    definition = ProcedureDefinition.from_json(version.definition)
    about = About(subject)
    if suggestion is None:
        about = about_event(definition=definition, subject=subject, applicant=applicant, day=day)
    facts = gather(
        subject=about.subject,
        applicant=applicant,
        suggestion=suggestion,
        day=day,
        event=about.event,
    )
    return form_of(definition, facts)


def form_of(definition: ProcedureDefinition, facts: Facts) -> Form:
    """Return the form of a procedure as far as the facts fill it."""
    return Form(
        fields=[
            _filled(field, facts, offices_of(field, definition, facts))
            for field in definition.form_fields
            if not _repeats_applicant(field, facts)
        ],
        papers=[_paper(component, facts) for component in definition.components],
    )


def _repeats_applicant(field: FormField, facts: Facts) -> bool:
    """Whether a field asks about a child where those who file are the person of the milestone."""
    is_about_self = facts.applicant.pk == facts.subject.pk
    is_child = (
        facts.people.get("child") == facts.person or facts.trigger == TriggerKind.AGE_MILESTONE
    )
    return field.group == CHILD_GROUP and is_about_self and is_child


def _filled(field: FormField, facts: Facts, offices: tuple[str, ...]) -> Filled:
    found = value_of(field, facts)
    register = facts.registers.get(found.register or "") if found else None
    return Filled(
        name=field.name,
        label_vi=field.label_vi,
        label_en=field.label_en,
        type=field.type,
        required=field.required,
        choices=field.choices_vi or offices,
        value=found.value if found else "",
        source=found.source if found else FieldSource.MISSING,
        register=found.register if found else None,
        register_name_vi=register.name_vi if register else "",
        register_name_en=register.name_en if register else "",
        as_of=found.as_of if found else None,
        group=field.group,
        origin=found.origin if found else None,
        held=found.held if found else "",
        hint_vi=field.hint_vi or "",
        hint_en=field.hint_en or "",
        choices_en=field.choices_en,
        conditions=field.conditions,
    )


def _paper(component: Component, facts: Facts) -> PaperStatus:
    path = component.satisfied_by_register
    found = None if path in (None, GENERATED) else find(str(path), facts, facts.person)
    satisfied_by = GENERATED if path == GENERATED else found.register if found else None
    register = facts.registers.get(satisfied_by or "")
    return PaperStatus(
        component_code=component.code,
        name_vi=component.name_vi,
        required=component.required,
        satisfied_by=satisfied_by,
        as_of=facts.day if path == GENERATED else found.as_of if found else None,
        condition_vi=component.condition_vi,
        register_name_vi=register.name_vi if register else "",
        register_name_en=register.name_en if register else "",
    )
