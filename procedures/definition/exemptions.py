"""Cases in which a procedure is not needed: dated, with their law, and conditions like a rule's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from procedures.definition.conditions import Tree, read_tree, tree_to_json
from procedures.definition.reading import Node


@dataclass(frozen=True, slots=True)
class Exemption:
    """A case by its key; it holds from `valid_from` to `valid_to`, both included, where given.

    An exemption may not build on another one: its conditions name none.
    """

    key: str
    name_vi: str
    name_en: str
    conditions: Tree
    valid_from: date | None
    valid_to: date | None
    legal_basis: tuple[str, ...]

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored procedure."""
        found = cls(
            key=node.text("key"),
            name_vi=node.text("name_vi"),
            name_en=node.text("name_en"),
            conditions=read_tree(node.node("conditions"), without=("exemption",)),
            valid_from=node.day_or_none("valid_from"),
            valid_to=node.day_or_none("valid_to"),
            legal_basis=node.texts("legal_basis", required=False),
        )
        node.close()
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the document that `read` reads back to an equal exemption."""
        return {
            "key": self.key,
            "name_vi": self.name_vi,
            "name_en": self.name_en,
            "conditions": tree_to_json(self.conditions),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "legal_basis": list(self.legal_basis),
        }

    def holds_on(self, day: date) -> bool:
        """Return whether the law grants it on the civil date `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)
