"""The whole catalogue file: every procedure and bundle, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from procedures.definition.bundle import BundleDefinition, check_bundle
from procedures.definition.parts import PSEUDO_REGISTERS, FormField
from procedures.definition.procedure import ProcedureDefinition
from procedures.definition.reading import DefinitionError, Node
from procedures.definition.source import Source

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that one catalogue file says, checked as a whole."""

    registers: tuple[str, ...]
    procedures: tuple[ProcedureDefinition, ...]
    bundles: tuple[BundleDefinition, ...]

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
        by_code = {procedure.code: procedure for procedure in self.procedures}
        for index, bundle in enumerate(self.bundles):
            for problem in check_bundle(bundle, by_code):
                node.note(f"bundles[{index}].{problem.path}", problem.vi, problem.en)

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


def _field_sets(node: Node) -> Mapping[str, Sequence[FormField]]:
    sets = node.node_or_none("field_sets")
    if sets is None:
        return {}
    found = {
        name: [FormField.read(child, name) for child in sets.nodes(name)] for name in sets.names()
    }
    sets.close()
    return found


def _column(node: Node, key: str, column: str) -> tuple[str, ...]:
    return tuple(child.text(column) for child in node.nodes(key))


def _note_repeated(node: Node, place: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            node.note(place.format(index), f"{value} đã có ở trên", f"{value} stands there twice")
        seen.add(value)
