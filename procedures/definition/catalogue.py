"""The whole catalogue file: every procedure and bundle, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from procedures.definition.parts import PSEUDO_REGISTERS, FormField
from procedures.definition.plain import plain
from procedures.definition.procedure import ProcedureDefinition
from procedures.definition.reading import DefinitionError, Node
from procedures.definition.source import Source

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A procedure (or placeholder) of a bundle, by code, and the step it waits for."""

    procedure: str
    after: str | None
    optional: bool

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored bundle."""
        step = cls(
            node.text("procedure"),
            node.text_or_none("after"),
            node.flag("optional", default=False),
        )
        node.close()
        return step


@dataclass(frozen=True, slots=True)
class BundleDefinition:
    """Procedures that one event brings together; `event` is a life event or citizen_intent."""

    key: str
    name_vi: str
    name_en: str
    event: str
    linked_procedure: str | None
    steps: tuple[Step, ...]
    note: str | None

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
        )
        node.ignore("unverified")
        node.close()
        return bundle

    def to_json(self) -> dict[str, Any]:
        """Return the document that is stored with the bundle."""
        document: dict[str, Any] = plain(asdict(self))
        return document


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that one catalogue file says, checked as a whole."""

    registers: tuple[str, ...]
    procedures: tuple[ProcedureDefinition, ...]
    bundles: tuple[BundleDefinition, ...]
    placeholders: tuple[str, ...]

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read a catalogue file; DefinitionError names every key at fault and its line."""
        source = Source(text)
        node = Node(source.document)
        try:
            return cls._read(node)
        except DefinitionError as error:
            raise source.located(error) from None

    @classmethod
    def _read(cls, node: Node) -> Self:
        node.integer("schema_version", low=SCHEMA_VERSION, high=SCHEMA_VERSION)
        sets = _field_sets(node)
        catalogue = cls(
            registers=_column(node, "registers", "code"),
            procedures=tuple(
                ProcedureDefinition.read(child, sets) for child in node.nodes("procedures")
            ),
            bundles=tuple(map(BundleDefinition.read, node.nodes("bundles", required=False))),
            placeholders=_column(node, "placeholders", "code", required=False),
        )
        node.ignore("compiled_on", "language", "timezone", "currency", "about", "design_keys")
        node.ignore("design_note", "conventions", "dossier_statuses", "paper_forms")
        node.close()
        # References are followed only in a file of the right shape: no problem that hides another.
        node.raise_problems()
        catalogue._check(node)
        node.raise_problems()
        return catalogue

    def _check(self, node: Node) -> None:
        _note_repeated(node, "registers[{}].code", self.registers)
        _note_repeated(node, "procedures[{}].key", [p.key for p in self.procedures])
        _note_repeated(node, "procedures[{}].code", [p.code for p in self.procedures])
        _note_repeated(node, "bundles[{}].key", [b.key for b in self.bundles])
        bundles = [bundle.key for bundle in self.bundles]
        for index, procedure in enumerate(self.procedures):
            named = procedure.trigger.bundle
            if named and named not in bundles:
                path = f"procedures[{index}].trigger.bundle"
                node.note(path, f"không có nhóm {named}", f"there is no bundle {named}")
        self._check_registers(node)
        for index, bundle in enumerate(self.bundles):
            self._check_bundle(node, f"bundles[{index}]", bundle)

    def _check_registers(self, node: Node) -> None:
        """Note each prefill path, paper and credential of a register that the file omits."""
        sets = node.node_or_none("field_sets")
        for fields in [] if sets is None else map(sets.nodes, sets.names()):
            self._check_register(fields, "prefill")
        for procedure in node.nodes("procedures"):
            self._check_register(procedure.nodes("form_fields"), "prefill")
            self._check_register(procedure.nodes("components"), "satisfied_by_register")
            if procedure.has("credential"):
                self._check_register([procedure.node("credential")], "register")

    def _check_register(self, nodes: Iterable[Node], key: str) -> None:
        for node in nodes:
            register = (node.text_or_none(key) or "").partition(".")[0]
            if register and register not in (*self.registers, *PSEUDO_REGISTERS):
                node.note(key, f"không có cơ sở dữ liệu {register}", f"no register {register}")

    def _check_bundle(self, node: Node, path: str, bundle: BundleDefinition) -> None:
        codes = [*self.placeholders, *(procedure.code for procedure in self.procedures)]
        steps = [step.procedure for step in bundle.steps]
        named: list[tuple[str, str | None, list[str]]] = [
            (f"steps[{i}].procedure", code, codes) for i, code in enumerate(steps)
        ]
        named += [(f"steps[{i}].after", s.after, steps[:i]) for i, s in enumerate(bundle.steps)]
        named += [("linked_procedure", bundle.linked_procedure, codes)]
        for key, code, known in named:
            if code and code not in known:
                node.note(f"{path}.{key}", f"không có thủ tục {code}", f"no procedure {code} here")


def _field_sets(node: Node) -> Mapping[str, Sequence[FormField]]:
    sets = node.node_or_none("field_sets")
    if sets is None:
        return {}
    found = {
        name: [FormField.read(child, name) for child in sets.nodes(name)] for name in sets.names()
    }
    sets.close()
    return found


def _column(node: Node, key: str, column: str, *, required: bool = True) -> tuple[str, ...]:
    return tuple(child.text(column) for child in node.nodes(key, required=required))


def _note_repeated(node: Node, place: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            node.note(place.format(index), f"{value} đã có ở trên", f"{value} stands there twice")
        seen.add(value)
