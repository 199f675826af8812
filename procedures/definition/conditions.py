"""Conditions of a rule: a tree of all / any / not over named predicates, as an official edits it.

In JSON a node is ``{"all": […]}``, ``{"any": […]}``, ``{"not": {…}}`` or a predicate by its name
with its parameters, ``{"age": {"min": 60}}``. What a predicate asks of the facts is SQL of ours in
`procedures.detection`; a document holds names and values, never code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from procedures.definition.predicates import PREDICATES, Codes, Parameter, Predicate, Type
from procedures.definition.reading import Node

DEEPEST = 8
MOST = 60
LONGEST_TEXT = 200
LONGEST_LIST = 200
_GROUPS = ("all", "any")
# Codes are checked in their form; whether there is such a unit is asked where a list is at hand.
FORMS = {
    Codes.UNITS: re.compile(r"\d{5}"),
    Codes.PAPERS: re.compile(r"[a-z][a-z0-9_]{1,39}"),
    Codes.REGISTERS: re.compile(r"[A-Z]{2,8}"),
    Codes.PROCEDURES: re.compile(r"[0-9A-Z][0-9A-Z.-]{2,29}"),
}
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One predicate with its parameters; `path` is its place in the tree (``all[0].not``)."""

    predicate: str
    params: Mapping[str, Any]
    path: str = ""


@dataclass(frozen=True, slots=True)
class All:
    """Holds where every part holds."""

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


def read_tree(node: Node, *, without: Container[str] = ()) -> Tree:
    """Read a tree; every problem is noted with the key at fault.

    A node has exactly one key, a group at least one part; a tree is at most DEEPEST groups deep and
    has at most MOST predicates, none of those in `without`.
    """
    tree = _read(node, "", 1)
    used = [leaf.predicate for leaf in leaves(tree)]
    if len(used) > MOST:
        node.note("", f"quá {MOST} điều kiện", f"more than {MOST} conditions")
    for name in used:
        if name in without:
            node.note("", f"không được dùng {name} ở đây", f"{name} cannot be used here")
    return tree


def _read(node: Node, path: str, depth: int) -> Tree:
    names = node.names()
    if len(names) != 1:
        node.raw()
        node.note(
            "",
            "mỗi điều kiện phải có đúng một khóa: all, any, not hoặc tên điều kiện",
            "a condition has exactly one key: all, any, not or the name of a predicate",
        )
        return All(())
    if depth > DEEPEST:
        node.raw()
        node.note("", f"lồng quá {DEEPEST} tầng", f"nested more than {DEEPEST} deep")
        return All(())
    name = names[0]
    place = f"{path}.{name}" if path else name
    if name in _GROUPS:
        return _read_group(node, name, place, depth)
    if name == "not":
        return Not(_read(node.node(name), place, depth + 1))
    if name not in PREDICATES:
        node.raw()
        known = ", ".join(PREDICATES)
        node.note(
            name, f"không có điều kiện này; có: {known}", f"no such predicate; known: {known}"
        )
        return All(())
    child = node.node(name)
    _check(child, PREDICATES[name])
    return Leaf(name, {key: _composed(value) for key, value in child.raw().items()}, place)


def _composed(value: Any) -> Any:
    """Return texts in Unicode's composed form (NFC), as the registers' are."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return [_composed(one) for one in value] if isinstance(value, list) else value


def _read_group(node: Node, name: str, place: str, depth: int) -> Tree:
    children = node.nodes(name)
    if node.raw().get(name) == []:
        node.note(name, "cần ít nhất một điều kiện", "needs at least one condition")
    parts = tuple(_read(one, f"{place}[{at}]", depth + 1) for at, one in enumerate(children))
    return All(parts) if name == "all" else AnyOf(parts)


def _check(node: Node, predicate: Predicate) -> None:
    """Note what is wrong with the parameters of one predicate."""
    compared = [one for one in predicate.parameters if one.is_comparison]
    if compared and not any(node.has(one.name) for one in compared):
        vi = ", ".join(f"{one.vi} ({one.name})" for one in compared)
        en = ", ".join(f"{one.en} ({one.name})" for one in compared)
        node.note("", f"cần ít nhất một trong: {vi}", f"needs at least one of: {en}")
    for parameter in predicate.parameters:
        if parameter.is_required or node.has(parameter.name):
            _check_parameter(node, parameter)
    if node.has("min") and node.has("max"):
        low, high = node.raw()["min"], node.raw()["max"]
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            node.note("max", "nhỏ hơn min", "is smaller than min")
    known = {one.name for one in predicate.parameters}
    for name in node.names():
        if name not in known:
            node.note(name, "khóa này không có trong mẫu", "there is no such key")


def _check_parameter(node: Node, parameter: Parameter) -> None:
    name = parameter.name
    match parameter.type:
        case Type.INTEGER:
            node.integer(name, low=parameter.low, high=parameter.high)
        case Type.DECIMAL:
            node.number(name, low=parameter.low, high=parameter.high)
        case Type.DAY:
            _check_day(node, name)
        case Type.CHOICE:
            _check_members(node, name, parameter, [node.text(name)])
        case Type.CHOICES:
            _check_members(node, name, parameter, _some(node, name))
        case Type.TEXTS:
            _check_forms(node, parameter, _some(node, name))
        case Type.TEXT:
            _check_forms(node, parameter, [node.text(name)])


def _some(node: Node, name: str) -> list[str]:
    values = list(node.texts(name))
    if node.raw().get(name) == []:
        node.note(name, "cần ít nhất một giá trị", "needs at least one value")
    if len(values) > LONGEST_LIST:
        node.note(name, f"quá {LONGEST_LIST} giá trị", f"more than {LONGEST_LIST} values")
    return values


def _check_day(node: Node, name: str) -> None:
    if not isinstance(node.raw()[name], str):
        node.note(name, "không phải ngày dạng NNNN-TT-NN", "is not a date YYYY-MM-DD")
    else:
        node.day_or_none(name)


def _check_members(node: Node, name: str, parameter: Parameter, values: list[str]) -> None:
    allowed = [value for value, _vi, _en in parameter.choices]
    for value in values:
        if value and value not in allowed:
            choice = ", ".join(allowed)
            node.note(name, f"{value} không thuộc: {choice}", f"{value} is not one of: {choice}")


def _check_forms(node: Node, parameter: Parameter, values: list[str]) -> None:
    form = FORMS[parameter.codes] if parameter.codes else None
    if parameter.name == "field":
        form = _FIELD
    for value in values:
        if len(value) > LONGEST_TEXT or any(ord(sign) < 32 for sign in value):
            node.note(
                parameter.name,
                f"phải là một dòng, không quá {LONGEST_TEXT} ký tự",
                f"must be one line of at most {LONGEST_TEXT} characters",
            )
        elif value and form is not None and not form.fullmatch(value):
            node.note(
                parameter.name, f"{value} không đúng dạng", f"{value} does not have the right form"
            )


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
