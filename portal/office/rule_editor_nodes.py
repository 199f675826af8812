"""A tree of conditions as a page shows it: each node with its fields, buttons and problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.registers.declared import FORMATS
from citizens.registers.formats import Target
from portal.office.register_words import in_language
from portal.office.rule_editor_tree import ROOT, Branch, Placed, placed
from procedures.definition import Problem
from procedures.definition.predicates import PREDICATES, Codes, Parameter, Type
from procedures.selectors.known_codes import TABLES, KnownCodes

Choice = tuple[str, Any]
Choices = Sequence[Choice]

_INPUTS = {
    Type.INTEGER: "number",
    Type.DECIMAL: "line",
    Type.DAY: "day",
    Type.CHOICE: "select",
    Type.CHOICES: "checks",
    Type.TEXTS: "area",
    Type.TEXT: "line",
}
_SHOWN = 2  # comparisons that an empty predicate begins with
GROUP_WORDS: tuple[Choice, ...] = (
    ("all", _("All of these hold")),
    ("any", _("At least one of these holds")),
)


@dataclass(frozen=True)
class ParameterShown:
    """One field of a predicate; `suggested` are values to choose from while typing."""

    name: str
    label: str
    input: str
    values: tuple[str, ...]
    choices: Choices
    suggested: Choices
    problems: tuple[Problem, ...]
    is_comparison: bool

    @property
    def is_filled(self) -> bool:
        """Whether something stands in it."""
        return bool(self.values)

    @property
    def html_id(self) -> str:
        """The id of the field on the page."""
        return self.name.replace(".", "-")

    @property
    def value(self) -> str:
        """What stands in a field of one value."""
        return "\n".join(self.values)


@dataclass(frozen=True)
class NodeShown:
    """One node with its fields, the nodes below it, and what is wrong with it."""

    place: str
    node: Branch
    label: str
    parameters: tuple[ParameterShown, ...]
    parts: tuple[NodeShown, ...]
    problems: tuple[Problem, ...]
    is_first: bool
    is_last: bool

    @property
    def html_id(self) -> str:
        """The id of the node on the page."""
        return self.place.replace(".", "-")

    @property
    def folded(self) -> list[ParameterShown]:
        """Comparisons that are not used: all but the first where none is."""
        compared = [one for one in self.parameters if one.is_comparison]
        unused = [one for one in compared if not _is_used(one)]
        return unused[_SHOWN:] if len(unused) == len(compared) else unused

    @property
    def main(self) -> list[ParameterShown]:
        """The fields that are always seen."""
        folded = self.folded
        return [one for one in self.parameters if one not in folded]

    @property
    def is_root(self) -> bool:
        """Whether it is the group that holds all others."""
        return self.place == ROOT

    @property
    def is_nested(self) -> bool:
        """Whether it stands in a group that stands in a group."""
        return self.place.count(".") > 1


def _is_used(one: ParameterShown) -> bool:
    return one.is_filled or bool(one.problems)


def shown_tree(root: Branch, known: KnownCodes, problems: Sequence[Problem]) -> NodeShown:
    """Return the tree for the page, problems of its document beside the nodes at fault."""
    places = {one.place: one for one in placed(root)}
    return _shown(places, ROOT, known, problems, (True, True))


@dataclass(frozen=True)
class Place:
    """Where on the page something is to be mended: its anchor, its name, and what is wrong."""

    anchor: str
    label: Any
    problem: Problem


def places_in(shown: NodeShown) -> Iterator[Place]:
    """Yield what is wrong with a node, its fields and the nodes below it, from top to bottom."""
    name = shown.label.rstrip(" …:") or _("Group of conditions")
    for problem in shown.problems:
        yield Place(shown.html_id, name, problem)
    for one in shown.parameters:
        for problem in one.problems:
            yield Place(one.html_id, f"{name} – {one.label}", problem)
    for part in shown.parts:
        yield from places_in(part)


def predicate_choices() -> list[Choice]:
    """Return the predicates to choose from, each by its sentence."""
    return [(one.key, _named(one.key)) for one in PREDICATES.values()]


def at_no_node(root: Branch, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems with the conditions as a whole."""
    taken = {id(problem) for one in placed(root) for problem in _problems_of(one, problems)}
    whole = [one for one in problems if one.path.startswith("conditions")]
    return [one for one in whole if id(one) not in taken]


def _named(key: str) -> str:
    predicate = PREDICATES[key]
    return in_language(predicate.vi, predicate.en).format(given="…")


def _shown(
    places: dict[str, Placed],
    place: str,
    known: KnownCodes,
    problems: Sequence[Problem],
    ends: tuple[bool, bool],
) -> NodeShown:
    one = places[place]
    node, count = one.node, len(one.node.parts)
    parameters = () if node.is_group else tuple(_parameters(one, known, problems))
    mine = {id(problem) for parameter in parameters for problem in parameter.problems}
    return NodeShown(
        place=place,
        node=node,
        label="" if node.is_group else _named(node.kind),
        parameters=parameters,
        parts=tuple(
            _shown(places, f"{place}.{at}", known, problems, (at == 0, at == count - 1))
            for at in range(count)
        ),
        problems=tuple(one for one in _problems_of(one, problems) if id(one) not in mine),
        is_first=ends[0],
        is_last=ends[1],
    )


def _problems_of(one: Placed, problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield what is wrong with a node itself or, of a predicate, with its parameters."""
    if not one.path:
        return
    own = f"{one.inner}.{one.node.kind}"
    for problem in problems:
        is_own = problem.path in (one.path, one.inner, own)
        if is_own or (not one.node.is_group and problem.path.startswith(f"{own}.")):
            yield problem


def _parameters(
    one: Placed, known: KnownCodes, problems: Sequence[Problem]
) -> Iterator[ParameterShown]:
    for parameter in PREDICATES[one.node.kind].parameters:
        path = f"{one.inner}.{one.node.kind}.{parameter.name}"
        values = tuple(one.node.given.get(parameter.name, ()))
        choices = _choices(one.node.kind, parameter, known)
        yield ParameterShown(
            name=f"{one.place}.p.{parameter.name}",
            label=in_language(parameter.vi, parameter.en),
            input=_input(parameter, choices),
            values=values,
            choices=with_given(choices, values) if choices else (),
            suggested=_suggested(one.node, parameter),
            problems=tuple(
                problem
                for problem in problems
                if problem.path == path or problem.path.startswith(f"{path}[")
            ),
            is_comparison=parameter.is_comparison,
        )


def with_given(choices: Choices, given: Sequence[str]) -> Choices:
    """Return the choices with those that were given but are in no list: nothing typed is lost."""
    known = {value for value, _label in choices}
    return [*choices, *((value, value) for value in given if value and value not in known)]


def _input(parameter: Parameter, choices: Choices) -> str:
    if parameter.codes is Codes.UNITS:
        return "units"
    if choices and parameter.type is Type.TEXT:
        return "select"
    return _INPUTS[parameter.type]


def _choices(kind: str, parameter: Parameter, known: KnownCodes) -> list[Choice]:
    """Return the closed list of a parameter; empty where anything may be typed."""
    if parameter.choices:
        return [(str(value), in_language(vi, en)) for value, vi, en in parameter.choices]
    if parameter.codes:
        is_coded = parameter.codes in (Codes.PROCEDURES, Codes.REGISTERS)
        return [
            (code, f"{code} · {_in(words)}" if is_coded else _in(words))
            for code, words in known.of(parameter.codes).items()
        ]
    if kind == "exemption" and parameter.name == "key":
        return [(key, f"{code} · {_in(words)}") for (code, key), words in known.exemptions.items()]
    if kind == "record" and parameter.name == "kind":
        return _tables()
    return []


def _tables() -> list[Choice]:
    """Return the tables whose rows are kept as records, by the kind under which they stand."""
    found: dict[str, list[str]] = {}
    for one in FORMATS.values():
        if one.target is Target.RECORD or one.also_record:
            name = f"{one.register} · {in_language(one.name_vi, one.name_en)}"
            found.setdefault(one.fact_kind, []).append(name)
    return [(kind, "; ".join(names)) for kind, names in found.items()]


def _suggested(node: Branch, parameter: Parameter) -> list[Choice]:
    """Return the fields of the chosen table, or of events, to be chosen while typing."""
    if parameter.name != "field":
        return []
    if node.kind == "event_fact":
        stem = "event."
    elif node.kind == "record":
        stem = ".".join((*node.given.get("register", "?"), *node.given.get("kind", "?"), ""))
    else:
        return []
    return [
        (key.removeprefix(stem), _in(words))
        for key, words in TABLES.items()
        if key.startswith(stem) and key != stem
    ]


def _in(words: Any) -> str:
    return in_language(words.vi, words.en)
