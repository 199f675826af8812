"""Conditions of a rule: a tree of all / any / not over named predicates, as an official edits it.

In JSON a node is ``{"all": […]}``, ``{"any": […]}``, ``{"not": {…}}`` or a predicate by its name
with its parameters, ``{"age": {"min": 60}}``. What a predicate asks of the facts is SQL of ours in
`procedures.detection`; a document holds names and values, never code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from procedures.definition.reading import Node


@dataclass(frozen=True, slots=True)
class Leaf:
    """One predicate with its parameters; `path` is its place in the tree (``all[0].not``)."""

    predicate: str
    params: Mapping[str, Any]
    path: str = ""


@dataclass(frozen=True, slots=True)
class All:
    """Holds where every part holds; empty, it always does."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where one part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where its part does not."""

    part: Tree


Tree: TypeAlias = "Leaf | All | AnyOf | Not"


def leaves(tree: Tree | None) -> Iterator[Leaf]:
    """Yield the predicates of a tree from left to right."""
    match tree:
        case Leaf():
            yield tree
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)


def read_tree(node: Node, path: str = "") -> Tree:
    """Read a tree; problems are noted with the key at fault. A node has exactly one key."""
    names = node.names()
    if len(names) != 1:
        node.note("", "phải có đúng một khoá", "must have exactly one key")
        return All(())
    name = names[0]
    place = f"{path}.{name}" if path else name
    if name in ("all", "any"):
        children = enumerate(node.nodes(name))
        parts = tuple(read_tree(child, f"{place}[{index}]") for index, child in children)
        return All(parts) if name == "all" else AnyOf(parts)
    if name == "not":
        return Not(read_tree(node.node(name), place))
    params = node.node(name)
    return Leaf(name, params.raw(), place)


def tree_to_json(tree: Tree | None) -> dict[str, Any] | None:
    """Return the document that `read_tree` reads back to an equal tree."""
    match tree:
        case None:
            return None
        case Leaf(predicate, params):
            return {predicate: dict(params)}
        case All(parts):
            return {"all": [tree_to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [tree_to_json(part) for part in parts]}
        case Not(part):
            return {"not": tree_to_json(part)}
