"""One version of a bundle: procedures that one event brings together, in order, one form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from procedures.definition.parts import FormField
from procedures.definition.plain import plain
from procedures.definition.procedure import ProcedureDefinition
from procedures.definition.reading import DefinitionError, Node, Problem

OWN_FIELDS = "form"
MOST_STEPS = 20

Procedures = Mapping[str, ProcedureDefinition]
"""What is in force, by code."""


@dataclass(frozen=True, slots=True)
class Step:
    """A procedure of a bundle, by code, and the earlier step it waits for.

    `skipped_when_exempt`: not filed by whom one of the procedure's exemptions spares it.
    """

    procedure: str
    after: str | None
    optional: bool
    skipped_when_exempt: bool = False

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored bundle."""
        step = cls(
            node.text("procedure"),
            node.text_or_none("after"),
            node.flag("optional", default=False),
            node.flag("skipped_when_exempt", default=False),
        )
        node.close()
        return step


@dataclass(frozen=True, slots=True)
class BundleDefinition:
    """Procedures that one event brings together; `event` is a life event or citizen_intent.

    `linked_procedure` is the one under which the law brings the steps together, where it knows one;
    each step is a dossier of its own in any case. `shared_fields` are names of form fields that
    several steps ask and a person answers once; `unverified` lists paths to be confirmed.
    """

    key: str
    name_vi: str
    name_en: str
    event: str
    linked_procedure: str | None
    steps: tuple[Step, ...]
    note: str | None
    shared_fields: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read a stored document; DefinitionError names every key at fault."""
        node = Node(raw)
        bundle = cls.read(node)
        node.raise_problems()
        return bundle

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored bundle."""
        bundle = cls(
            key=node.text("key"),
            name_vi=node.text("name_vi"),
            name_en=node.text("name_en"),
            event=node.text("event"),
            linked_procedure=node.text_or_none("linked_procedure"),
            steps=tuple(map(Step.read, node.nodes("steps"))),
            note=node.text_or_none("note"),
            shared_fields=node.texts("shared_fields", required=False),
            unverified=node.texts("unverified", required=False),
        )
        node.close()
        bundle._check(node)
        return bundle

    def to_json(self) -> dict[str, Any]:
        """Return the document that is stored with the version."""
        document: dict[str, Any] = plain(asdict(self))
        return document

    @property
    def codes(self) -> list[str]:
        """The codes of the steps, in order."""
        return [step.procedure for step in self.steps]

    @property
    def filing_code(self) -> str:
        """The code of what is filed where no step is skipped."""
        return self.linked_procedure or self.steps[0].procedure

    def _check(self, node: Node) -> None:
        """Note what is wrong in the document by itself: no steps, twice the same, a wrong order."""
        if not 1 <= len(self.steps) <= MOST_STEPS:
            node.note("steps", f"phải có 1 đến {MOST_STEPS} bước", f"1 to {MOST_STEPS} steps")
        for path, vi, en in [*self._order(), *self._shared_twice()]:
            node.note(path, vi, en)

    def _order(self) -> Iterator[tuple[str, str, str]]:
        for index, step in enumerate(self.steps):
            earlier = self.codes[:index]
            if step.procedure in earlier:
                yield f"steps[{index}].procedure", *_twice(step.procedure)
            if step.after and step.after not in earlier:
                vi = f"{step.after} không phải là bước trước đó"
                yield f"steps[{index}].after", vi, f"{step.after} is no earlier step"

    def _shared_twice(self) -> Iterator[tuple[str, str, str]]:
        for index, name in enumerate(self.shared_fields):
            if name in self.shared_fields[:index]:
                yield f"shared_fields[{index}]", *_twice(name)


def _twice(name: str) -> tuple[str, str]:
    return f"{name} đã có ở trên", f"{name} stands there twice"


def check_bundle(bundle: BundleDefinition, procedures: Procedures) -> list[Problem]:
    """Return what in a bundle does not fit the procedures it names: place and reason of each.

    Codes that nobody knows, shared fields that fewer than two steps ask or that are not of one kind
    in all of them, and steps that an exemption would skip though their procedure has none.
    """
    return [*_unknown(bundle, procedures), *_unshared(bundle, procedures)]


def refuse_unfit(bundle: BundleDefinition, procedures: Procedures) -> None:
    """Raise DefinitionError with all that `check_bundle` finds."""
    problems = check_bundle(bundle, procedures)
    if problems:
        raise DefinitionError(problems)


def _unknown(bundle: BundleDefinition, procedures: Procedures) -> Iterator[Problem]:
    linked = bundle.linked_procedure
    if linked and linked not in procedures:
        yield _no_procedure("linked_procedure", linked)
    for index, step in enumerate(bundle.steps):
        found = procedures.get(step.procedure)
        if found is None:
            yield _no_procedure(f"steps[{index}].procedure", step.procedure)
        elif step.skipped_when_exempt and not found.exemptions:
            yield Problem(
                f"steps[{index}].skipped_when_exempt",
                f"{step.procedure} không có trường hợp được miễn",
                f"{step.procedure} has no exemption",
            )


def _no_procedure(path: str, code: str) -> Problem:
    return Problem(path, f"không có thủ tục {code}", f"no procedure {code} here")


def _unshared(bundle: BundleDefinition, procedures: Procedures) -> Iterator[Problem]:
    for index, name in enumerate(bundle.shared_fields):
        path = f"shared_fields[{index}]"
        asked = [
            field
            for code in bundle.codes
            if code in procedures
            for field in procedures[code].form_fields
            if field.name == name
        ]
        if len(asked) < 2:
            yield Problem(
                path, f"ít nhất hai bước phải hỏi {name}", f"at least two steps have to ask {name}"
            )
        elif len({(field.type, field.choices_vi) for field in asked}) > 1:
            yield Problem(
                path,
                f"{name} không cùng kiểu hoặc không cùng lựa chọn trong các bước",
                f"{name} is not of one type with the same choices in all steps",
            )


def may_be_shared(codes: Iterable[str], procedures: Procedures) -> dict[str, FormField]:
    """Return by name the fields that two of the procedures ask at least, in the order of asking.

    Those of the catalogue's common sets are not among them: they are asked once in any case.
    """
    found: dict[str, FormField] = {}
    counts: Counter[str] = Counter()
    for code in dict.fromkeys(codes):
        for field in procedures[code].form_fields if code in procedures else ():
            if field.group == OWN_FIELDS:
                found.setdefault(field.name, field)
                counts[field.name] += 1
    return {name: field for name, field in found.items() if counts[name] > 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a bundle's form and the codes of the steps that need its answer."""

    field: FormField
    codes: tuple[str, ...]


def asked_once(
    codes: Iterable[str], shared_fields: Collection[str], procedures: Procedures
) -> list[Asked]:
    """Return the fields that procedures filed together ask, in order, each question once.

    The same question are fields of the catalogue's common sets (applicant, child) of one name, and
    those that the bundle names as shared; any other field is asked by each of its steps.
    """
    found: dict[tuple[str, str], tuple[FormField, list[str]]] = {}
    for code in codes:
        for field in procedures[code].form_fields if code in procedures else ():
            is_common = field.group != OWN_FIELDS or field.name in shared_fields
            key = (field.name, "" if is_common else code)
            found.setdefault(key, (field, []))[1].append(code)
    return [Asked(field, tuple(codes)) for field, codes in found.values()]
