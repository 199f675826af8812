"""Three answers in SQL: what is not known is NULL, and AND, OR and NOT treat it as Kleene did.

Beside the truth of a tree there is its cost: how many facts that are not known would have to turn
out right for it to hold. Nothing is yes, one is likely, more or a fact that is wrong is no.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from django.db.models import BooleanField, Func, IntegerField, Value
from django.db.models.functions import Least

from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree

WRONG = 1_000  # more than any number of unknown facts
# Whatever Django takes as an expression: its stubs have no one name for that.
Term: TypeAlias = Any
ValueOf = Callable[[Leaf], Term]


class _Joined(Func):
    output_field = BooleanField(null=True)
    template = "(%(expressions)s)"


class Both(_Joined):
    """AND of conditions."""

    arg_joiner = " AND "


class Either(_Joined):
    """OR of conditions."""

    arg_joiner = " OR "


class Negated(_Joined):
    """NOT of a condition."""

    template = "(NOT (%(expressions)s))"


class IsTrue(_Joined):
    """Whether a condition is known to hold."""

    template = "((%(expressions)s) IS TRUE)"


class _Cost(Func):
    output_field = IntegerField()


class _CostOfTrue(_Cost):
    """0 where the condition holds, 1 where that is not known, WRONG where it does not."""

    template = f"coalesce((NOT (%(expressions)s))::int * {WRONG}, 1)"


class _CostOfFalse(_Cost):
    template = f"coalesce((%(expressions)s)::int * {WRONG}, 1)"


class _Sum(_Cost):
    template = "(%(expressions)s)"
    arg_joiner = " + "


UNKNOWN: Term = Value(None, output_field=BooleanField(null=True))


def truth(tree: Tree, value_of: ValueOf) -> Term:
    """Return the tree as one condition: true, false, or NULL where it is not known."""
    match tree:
        case Leaf():
            return value_of(tree)
        case Not(part):
            return Negated(truth(part, value_of))
        case All(parts):
            return Both(*(truth(part, value_of) for part in parts))
        case AnyOf(parts):
            return Either(*(truth(part, value_of) for part in parts))


def cost(tree: Tree, value_of: ValueOf, *, wanted: bool = True) -> Term:
    """Return how many unknown facts have to turn out right for the tree to be `wanted`."""
    match tree:
        case Leaf():
            return (_CostOfTrue if wanted else _CostOfFalse)(value_of(tree))
        case Not(part):
            return cost(part, value_of, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            costs = [cost(part, value_of, wanted=wanted) for part in parts]
            return _together(costs, needs_all=isinstance(tree, All) == wanted)


def _together(costs: Sequence[Term], *, needs_all: bool) -> Term:
    if len(costs) == 1:
        return costs[0]
    return _Sum(*costs) if needs_all else Least(*costs)
