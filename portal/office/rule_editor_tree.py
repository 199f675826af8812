"""A tree of conditions while it is edited: incomplete, in fields of a form, moved by buttons.

A node's place is its number in its group, and so on up to the root: ``c.0.2``. Its fields are
``c.0.2.kind``, ``c.0.2.not`` and ``c.0.2.p.<parameter>``. Nothing here is checked: what is typed is
kept as it is, and whoever reads the document (`procedures.definition`) says what is wrong where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.utils.datastructures import MultiValueDict

from procedures.definition.predicates import PREDICATES, Codes, Parameter, Type

ROOT = "c"
GROUPS = ("all", "any")
_DEEPEST, _MOST = 12, 120  # beyond what a definition accepts, so that it can say so
_LISTS = (Type.TEXTS, Type.CHOICES)

Posted = MultiValueDict[str, str]


@dataclass
class Branch:
    """A group or a predicate (`kind`), perhaps negated, with what stands in its fields."""

    kind: str
    is_negated: bool = False
    given: dict[str, list[str]] = field(default_factory=dict)
    parts: list[Branch] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it holds further nodes."""
        return self.kind in GROUPS


# ------------------------------------------------------------------------------ read
def tree_of(document: Mapping[str, Any] | None) -> Branch:
    """Return the stored conditions with a group at the root, which an empty tree has too."""
    root = _read(document) if document else Branch("all")
    return root if root.is_group else Branch("all", parts=[root])


def _read(node: Mapping[str, Any]) -> Branch:
    (kind, inner), *_rest = node.items()
    if kind == "not":
        found = _read(inner)
        found.is_negated = not found.is_negated
        return found
    if kind in GROUPS:
        return Branch(kind, parts=[_read(one) for one in inner])
    parameters = PREDICATES[kind].parameters
    given = {one.name: _texts(one, inner[one.name]) for one in parameters if one.name in inner}
    return Branch(kind, given=given)


def _texts(parameter: Parameter, value: Any) -> list[str]:
    if parameter.type in _LISTS:
        return [str(one) for one in value]
    return [str(value)]


def tree_posted(posted: Posted) -> Branch:
    """Return the tree of a form; SuspiciousOperation for what no form of ours sends."""
    count = sum(name.startswith(f"{ROOT}.") and name.endswith(".kind") for name in posted)
    if count > _MOST:
        raise SuspiciousOperation("more conditions than a form holds")
    root = _posted(posted, ROOT, 0)
    return root if root.is_group else Branch("all")


def _posted(posted: Posted, place: str, depth: int) -> Branch:
    kind = posted.get(f"{place}.kind", "all")
    if depth > _DEEPEST or (kind not in GROUPS and kind not in PREDICATES):
        raise SuspiciousOperation("a condition that no form holds")
    found = Branch(kind, is_negated=posted.get(f"{place}.not") == "1")
    if found.is_group:
        at = 0
        while f"{place}.{at}.kind" in posted:
            found.parts.append(_posted(posted, f"{place}.{at}", depth + 1))
            at += 1
        return found
    for one in PREDICATES[kind].parameters:
        texts = [text for text in posted.getlist(f"{place}.p.{one.name}") if text.strip()]
        if texts:
            found.given[one.name] = texts
    return found


# --------------------------------------------------------------------------- written
def document_of(root: Branch) -> dict[str, Any] | None:
    """Return the document of a tree; a group at the root that holds one node is that node."""
    if not root.parts:
        return None
    return _document(root.parts[0] if _is_hull(root) else root)


def _is_hull(root: Branch) -> bool:
    return len(root.parts) == 1 and not root.is_negated


def _document(node: Branch) -> dict[str, Any]:
    if node.is_group:
        found: dict[str, Any] = {node.kind: [_document(part) for part in node.parts]}
    else:
        parameters = PREDICATES[node.kind].parameters
        found = {
            node.kind: {
                one.name: _value(one, node.given[one.name])
                for one in parameters
                if one.name in node.given
            }
        }
    return {"not": found} if node.is_negated else found


def _value(parameter: Parameter, given: Sequence[str]) -> Any:
    text = given[0].strip()
    if parameter.type in _LISTS:
        lines = given if parameter.type is Type.CHOICES or parameter.codes is Codes.UNITS else None
        return list(lines) if lines else [one.strip() for one in text.splitlines() if one.strip()]
    if parameter.type is Type.INTEGER:
        return number_or_text(text)
    if parameter.type is Type.DECIMAL:
        return _decimal_or_text(text.replace(",", "."))
    return text


def number_or_text(text: str) -> int | str:
    """Return a whole number, or the text as it is, of which the reader then says what is wrong."""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text


def _decimal_or_text(text: str) -> float | int | str:
    whole = number_or_text(text)
    if isinstance(whole, int):
        return whole
    return float(text) if re.fullmatch(r"-?\d{1,9}\.\d{1,6}", text) else text


# ---------------------------------------------------------------------------- places
@dataclass(frozen=True)
class Placed:
    """A node with its place in the form and in the document (`path` with, `inner` without not)."""

    node: Branch
    place: str
    path: str
    inner: str


def placed(root: Branch) -> Iterator[Placed]:
    """Yield all nodes, each with the path under which problems with it are told."""
    if _is_hull(root):
        yield Placed(root, ROOT, "", "")
        yield from _placed(root.parts[0], f"{ROOT}.0", "conditions")
    else:
        yield from _placed(root, ROOT, "conditions")


def _placed(node: Branch, place: str, path: str) -> Iterator[Placed]:
    inner = f"{path}.not" if node.is_negated else path
    yield Placed(node, place, path, inner)
    for at, part in enumerate(node.parts):
        yield from _placed(part, f"{place}.{at}", f"{inner}.{node.kind}[{at}]")


# --------------------------------------------------------------------------- buttons
def pressed(root: Branch, action: str, place: str, kind: str = "") -> str:
    """Change the tree as a button says and return the place to go on at.

    An unknown place, which only an outdated page can name, changes nothing.
    """
    line = _line(root, place)
    if line is None:
        return ROOT
    node = line[-1]
    if action in ("add", "wrap") and not _has_room(root):
        return place
    if action == "add":
        return _add(node, place, kind)
    if action == "not":
        node.is_negated = not node.is_negated
        return place
    if len(line) < 2 or action not in _MOVES:
        return ROOT
    return _MOVES[action](line, place)


def _line(root: Branch, place: str) -> list[Branch] | None:
    """Return the nodes from the root down to a place."""
    found = [root]
    for step in place.split(".")[1:]:
        parts = found[-1].parts
        if not step.isdecimal() or len(step) > 3 or int(step) >= len(parts):
            return None
        found.append(parts[int(step)])
    return found


def _has_room(root: Branch) -> bool:
    """Return whether one more group would still come back from the form."""
    places = [one.place for one in placed(root)]
    return len(places) < _MOST and max(one.count(".") for one in places) < _DEEPEST


def _add(group: Branch, place: str, kind: str) -> str:
    if group.is_group and (kind in PREDICATES or kind in GROUPS):
        group.parts.append(Branch(kind))
        return f"{place}.{len(group.parts) - 1}"
    return place


def _remove(line: list[Branch], place: str) -> str:
    line[-2].parts.pop(_number(place))
    return _above(place)


def _shift(line: list[Branch], place: str, by: int) -> str:
    parts, at = line[-2].parts, _number(place)
    to = at + by
    if 0 <= to < len(parts):
        parts[at], parts[to] = parts[to], parts[at]
        return f"{_above(place)}.{to}"
    return place


def _wrap(line: list[Branch], place: str) -> str:
    """Put a node into a group of its own, of the other kind than the one it stands in."""
    kind = "any" if line[-2].kind == "all" else "all"
    line[-2].parts[_number(place)] = Branch(kind, parts=[line[-1]])
    return place


def _out(line: list[Branch], place: str) -> str:
    """Move a node behind the group in which it stands."""
    if len(line) < 3:
        return place
    above = _above(place)
    at = _number(above) + 1
    line[-3].parts.insert(at, line[-2].parts.pop(_number(place)))
    return f"{_above(above)}.{at}"


_MOVES = {
    "remove": _remove,
    "up": lambda line, place: _shift(line, place, -1),
    "down": lambda line, place: _shift(line, place, 1),
    "wrap": _wrap,
    "out": _out,
}


def _number(place: str) -> int:
    return int(place.rpartition(".")[2])


def _above(place: str) -> str:
    return place.rpartition(".")[0]
