"""Three answers from what a person states, without any register: the same tree in plain Python.

For pages that ask a few questions (is a permit needed for this house?). What the SQL of
`procedures.detection.conditions` answers for registers' facts, this answers for stated ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree, leaves
from procedures.enums import Answer

WRONG = 1_000
ValueOf = Callable[[Leaf], bool | None]


def answer(tree: Tree, value_of: ValueOf) -> Answer:
    """Return yes, likely (one fact is missing) or no for the values of a tree's predicates."""
    missing = cost(tree, value_of)
    return {0: Answer.YES, 1: Answer.LIKELY}.get(missing, Answer.NO)


def cost(tree: Tree, value_of: ValueOf, *, wanted: bool = True) -> int:
    """Return how many unknown facts have to turn out right for the tree to be `wanted`."""
    match tree:
        case Leaf():
            value = value_of(tree)
            return 1 if value is None else WRONG * (value != wanted)
        case Not(part):
            return cost(part, value_of, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            costs = [cost(part, value_of, wanted=wanted) for part in parts]
            return sum(costs) if isinstance(tree, All) == wanted else min(costs)


def truth(tree: Tree, value_of: ValueOf) -> bool | None:
    """Return whether a tree holds, None where that is not known."""
    if cost(tree, value_of) == 0:
        return True
    return False if cost(tree, value_of, wanted=False) == 0 else None


def answer_stated(tree: Tree, stated: Mapping[str, Any]) -> Answer:
    """Return the answer for what a person states, by field; other predicates are not known."""
    return answer(tree, lambda leaf: meets(leaf, stated))


def asked_of_person(tree: Tree) -> list[str]:
    """Return the fields that the person has to state, in the order of the tree, each once."""
    return list(dict.fromkeys(_stated_fields(tree)))


def meets(leaf: Leaf, stated: Mapping[str, Any]) -> bool | None:
    """Return whether a stated fact meets its predicate; None where it was not stated."""
    if leaf.predicate != "stated":
        return None
    value = stated.get(leaf.params["field"])
    if value in (None, ""):
        return None
    results = [_compare(name, str(value), given) for name, given in leaf.params.items()]
    if False in results:
        return False
    return None if None in results else True


def _stated_fields(tree: Tree) -> Iterator[str]:
    for leaf in leaves(tree):
        if leaf.predicate == "stated":
            yield leaf.params["field"]


def _compare(name: str, value: str, given: Any) -> bool | None:
    match name:
        case "equals":
            return value == str(given)
        case "in":
            return value in tuple(given)
        case "min" | "max":
            number = _number(value)
            if number is None:
                return None
            limit = Decimal(str(given))
            return number >= limit if name == "min" else number <= limit
        case "before" | "after":
            return value < str(given) if name == "before" else value > str(given)
        case _:
            return True


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
