"""One form for several procedures that are filed by one confirmation: each question once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from citizens.models import Citizen, Party
from procedures.definition import ProcedureDefinition
from procedures.definition.bundle import Asked, BundleDefinition, asked_once
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill.facts import gather
from procedures.prefill.form import CHILD_GROUP, Filled, Form, PaperStatus, form_of
from procedures.prefill.paths import APPLICANT_GROUP
from procedures.selectors.bundles import Offer

# What the register of civil status holds once a step with this result (the national code) was
# granted: the entry of a birth with the parents, the entry of a death.
_ENTERED: Mapping[str, tuple[str, ...]] = {
    "KQ.G15.000031": ("CIVIL.birth", "CIVIL.relation"),
    "KQ.G15.000034": ("CIVIL.death",),
}


@dataclass(frozen=True, slots=True)
class Together:
    """The common form and, by procedure's code, under which name each of its fields is asked."""

    form: Form
    names: Mapping[str, Mapping[str, str]]

    def answers_for(self, code: str, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the answers that one procedure's own form takes."""
        asked = self.names[code]
        return {name: answers[key] for name, key in asked.items() if key in answers}

    def faults_of(self, code: str, faults: Mapping[str, str]) -> dict[str, str]:
        """Return what is wrong with one procedure's answers, by the names of the common form."""
        asked = self.names[code]
        return {asked.get(name, name): sentence for name, sentence in faults.items()}


def prefill_offer(
    *, offer: Offer, suggestion: Suggestion, applicant: Citizen, day: date
) -> Together:
    """Return the one form of all that one confirmation of `suggestion` files."""
    bundle = BundleDefinition.from_json(offer.bundle.definition) if offer.bundle else None
    return prefill_together(
        versions=offer.versions,
        shared_fields=bundle.shared_fields if bundle else (),
        subject=suggestion.subject,
        applicant=applicant,
        suggestion=suggestion,
        day=day,
        later=offer.later,
    )


def prefill_together(
    *,
    versions: Sequence[ProcedureVersion],
    shared_fields: Iterable[str],
    subject: Party,
    applicant: Citizen,
    suggestion: Suggestion | None,
    day: date,
    later: Sequence[ProcedureVersion] = (),
) -> Together:
    """Return one form for all `versions`; `shared_fields` are asked once though several ask them.

    The rest is as of `prefill_form`, of one version the form is the same. A field that two
    procedures ask for themselves is named ``<code>-<field>`` in the later ones. Those of `later`
    are filed when others are granted: what they ask is asked with the rest. Where they will be
    about a child that no register knows yet, what its registration will tell is not asked. Nor is a
    paper of a later step that the register will hold by an earlier step's result.
    """
    definitions = {
        version.procedure.code: ProcedureDefinition.from_json(version.definition)
        for version in (*versions, *later)
    }
    facts = gather(subject=subject, applicant=applicant, suggestion=suggestion, day=day)
    forms = {code: form_of(definition, facts) for code, definition in definitions.items()}
    for version in later:
        code = version.procedure.code
        forms[code] = _spared_papers(code, definitions, forms[code])
    if facts.is_of_newborn:
        for version in later:
            code = version.procedure.code
            forms[code] = _before_birth(definitions[code], forms[code])
    fields: dict[str, Filled] = {}
    names: dict[str, dict[str, str]] = {code: {} for code in definitions}
    for asked in asked_once(list(definitions), frozenset(shared_fields), definitions):
        filled = _of(forms, asked)
        if filled is None:
            continue
        first = asked.codes[0]
        key = f"{first}-{filled.name}" if filled.name in fields else filled.name
        is_asked_again = len(_asking(filled, definitions)) > len(asked.codes)
        fields[key] = _told_apart(filled, definitions[first]) if is_asked_again else filled
        fields[key] = replace(fields[key], name=key)
        for code in asked.codes:
            names[code][filled.name] = key
    return Together(Form(list(fields.values()), list(_papers(forms.values()))), names)


def _spared_papers(code: str, definitions: Mapping[str, ProcedureDefinition], form: Form) -> Form:
    """Return a later step's form with what the others' results put into a register by themselves.

    They are filed or granted first: a later step of a bundle waits for one that is filed at once.
    """
    comes_from = {
        path: (one.name_vi, one.name_en)
        for other, one in definitions.items()
        if other != code
        for path in _entered_by(one)
    }
    paths = {one.code: one.satisfied_by_register or "" for one in definitions[code].components}
    papers = [
        replace(paper, comes_from=comes_from.get(paths[paper.component_code]))
        if paper.is_open
        else paper
        for paper in form.papers
    ]
    return replace(form, papers=papers)


def _entered_by(definition: ProcedureDefinition) -> tuple[str, ...]:
    """Return what a register holds once a procedure was granted."""
    paper = definition.credential
    granted = (f"{paper.register}.{paper.type}",) if paper else ()
    return (*granted, *_ENTERED.get(definition.result.code or "", ()))


def _before_birth(definition: ProcedureDefinition, form: Form) -> Form:
    """Return of a child's form what nobody will know but who files: the rest comes with its PIN."""
    told_later = {
        field.name
        for field in definition.form_fields
        if field.group == CHILD_GROUP or field.prefill not in (None, "COMPUTED")
    }
    fields = [
        one
        for one in form.fields
        if one.group == APPLICANT_GROUP or (one.is_missing and one.name not in told_later)
    ]
    return replace(form, fields=fields, papers=[one for one in form.papers if one.is_brought])


def _asking(filled: Filled, definitions: Mapping[str, ProcedureDefinition]) -> list[str]:
    """Return the procedures that ask something in these words, of the same person."""
    key = (filled.label_vi, filled.group)
    return [
        code
        for code, definition in definitions.items()
        if any((one.label_vi, one.group) == key for one in definition.form_fields)
    ]


def _told_apart(filled: Filled, definition: ProcedureDefinition) -> Filled:
    """Return a question that each procedure asks for itself, with the procedure's name."""
    return replace(
        filled,
        label_vi=f"{filled.label_vi} · {definition.name_vi}",
        label_en=f"{filled.label_en} · {definition.name_en}",
    )


def _of(forms: Mapping[str, Form], asked: Asked) -> Filled | None:
    """Return the field as it is filled, required where one of the procedures requires it.

    None where the forms do not repeat what it asks.
    """
    name = asked.field.name
    found = [one for code in asked.codes for one in forms[code].fields if one.name == name]
    return replace(found[0], required=any(one.required for one in found)) if found else None


def _papers(forms: Iterable[Form]) -> Iterator[PaperStatus]:
    """Yield the papers of all forms, what one paper serves several times once."""
    seen: set[tuple[str, str | None]] = set()
    for paper in (paper for form in forms for paper in form.papers):
        key = (paper.name_vi, paper.satisfied_by)
        if key not in seen:
            seen.add(key)
            yield paper
