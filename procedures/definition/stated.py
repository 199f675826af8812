"""Three answers from what a person states, without any register: the same tree in plain Python.

For pages that ask a few questions (is a permit needed for this house?). What the SQL of
`procedures.detection.conditions` answers for registers' facts, this answers for stated ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree, leaves
from procedures.enums import Answer

WRONG = 1_000
ValueOf = Callable[[Leaf], bool | None]
# What counts as a number and as a date, in registers as in what people state.
NUMBER = r"-?[0-9]{1,12}(?:[.][0-9]{1,6})?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One predicate: whether it holds (None: not known) and whether it has to, for a yes."""

    leaf: Leaf
    holds: bool | None
    wanted: bool

    @property
    def is_met(self) -> bool | None:
        """Whether it speaks for a yes; None where it is not known."""
        return None if self.holds is None else self.holds == self.wanted


@dataclass(frozen=True, slots=True)
class Stated:
    """The answer, every predicate's part in it, and which of them stand in the way of a yes."""

    answer: Answer
    reasons: tuple[Reason, ...]
    in_the_way: tuple[Reason, ...]


def answer(tree: Tree, value_of: ValueOf) -> Answer:
    """Return yes, likely (one fact is missing) or no for the values of a tree's predicates."""
    return of_cost(cost(tree, value_of))


def of_cost(missing: int) -> Answer:
    """Return the answer where so many unknown facts would have to turn out right."""
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


def reasons(tree: Tree, value_of: ValueOf, *, wanted: bool = True) -> Iterator[Reason]:
    """Yield every predicate's part in the answer, in the order of the tree."""
    match tree:
        case Leaf():
            yield Reason(tree, value_of(tree), wanted)
        case Not(part):
            yield from reasons(part, value_of, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from reasons(part, value_of, wanted=wanted)


def in_the_way(tree: Tree, value_of: ValueOf, *, wanted: bool = True) -> Iterator[Reason]:
    """Yield the predicates that would have to be otherwise for a yes, by the shortest way there.

    Nothing where the answer is yes, the one missing fact where it is likely.
    """
    if cost(tree, value_of, wanted=wanted) == 0:
        return
    match tree:
        case Leaf():
            yield Reason(tree, value_of(tree), wanted)
        case Not(part):
            yield from in_the_way(part, value_of, wanted=not wanted)
        case All(parts) | AnyOf(parts) if isinstance(tree, All) == wanted:
            for part in parts:
                yield from in_the_way(part, value_of, wanted=wanted)
        case All(parts) | AnyOf(parts):
            nearest = min(parts, key=lambda part: cost(part, value_of, wanted=wanted))
            yield from in_the_way(nearest, value_of, wanted=wanted)


def answer_stated(tree: Tree, stated: Mapping[str, Any]) -> Stated:
    """Return the answer for what a person states, by field; other predicates are not known."""

    def value_of(leaf: Leaf) -> bool | None:
        return meets(leaf, stated)

    return Stated(
        answer(tree, value_of),
        tuple(reasons(tree, value_of)),
        tuple(in_the_way(tree, value_of)),
    )


def asked_of_person(tree: Tree) -> list[str]:
    """Return the fields that the person has to state, in the order of the tree, each once."""
    return list(dict.fromkeys(_stated_fields(tree)))


def meets(leaf: Leaf, stated: Mapping[str, Any]) -> bool | None:
    """Return whether a stated fact meets its predicate; None where it was not stated."""
    if leaf.predicate != "stated":
        return None
    value = stated.get(leaf.params["field"])
    return None if value in (None, "") else compare(str(value), leaf.params)


def compare(value: str, params: Mapping[str, Any]) -> bool | None:
    """Return whether a text meets all comparisons of `params`; None where it cannot be compared."""
    results = [_compare(name, value, given) for name, given in params.items()]
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
        case "min" | "max" if re.fullmatch(NUMBER, value):
            number, limit = Decimal(value), Decimal(str(given))
            return number >= limit if name == "min" else number <= limit
        case "before" | "after" if day := re.match(DAY, value):
            begins, limit_day = day.group(), str(given)
            return begins < limit_day if name == "before" else begins > limit_day
        case "min" | "max" | "before" | "after":
            return None
        case _:
            return True
