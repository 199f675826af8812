"""What a predicate is given to compile itself, and the comparisons that several share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DecimalField,
    ExpressionWrapper,
    Func,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    LessThan,
    LessThanOrEqual,
)

from procedures.definition.conditions import leaves
from procedures.definition.stated import DAY, NUMBER
from procedures.detection.conditions.logic import UNKNOWN, Both, Either, Term
from procedures.detection.facts import FactPath, ScannedRule

Params = Mapping[str, Any]
HOUSEHOLD_PAPER = "poor_household_status"


class Delivered:
    """Of which kinds any paper or event is known, whoever's: else absence says nothing.

    The kinds that some rules name are asked by one query, at the first question.
    """

    def __init__(self, rules: Iterable[ScannedRule] = (), *, also: Iterable[str] = ()) -> None:
        """Take the rules whose conditions will ask, and what else will be asked."""
        trees = (rule.definition.conditions for rule in rules)
        params = (leaf.params for tree in trees for leaf in leaves(tree))
        self._named = {HOUSEHOLD_PAPER, *(one["kind"] for one in params if "kind" in one), *also}
        self._told: dict[str, bool] = {}

    def of_named(self) -> frozenset[str]:
        """Return the kinds that the rules name and of which anything is known."""
        return frozenset(kind for kind in self._named if kind in self)

    def __contains__(self, kind: str) -> bool:
        """Return whether anything of the kind is known."""
        if kind not in self._told:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT kind, was_delivered(kind) FROM unnest(%s::text[]) AS kind",
                    [sorted({kind, *self._named} - self._told.keys())],
                )
                self._told |= dict(cursor.fetchall())
        return self._told[kind]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule whose facts are asked on the civil date `day`."""

    rule: ScannedRule
    day: date
    delivered: Delivered = field(default_factory=Delivered)

    @property
    def path(self) -> FactPath:
        """How the facts name their party."""
        return self.rule.path

    @property
    def party(self) -> OuterRef:
        """The key of the fact's party, for the rows of another table."""
        return OuterRef(self.path.party_id)


@dataclass(frozen=True, slots=True)
class Told:
    """The data that an answer was read from: a text, and the register and day it speaks of."""

    shows: Term = field(default_factory=lambda: Value(None, CharField()))
    register: Term = field(default_factory=lambda: Value(None, CharField()))
    as_of: Term | None = None


class Number(Func):
    """A text as a number, NULL where it is none."""

    template = f"substring(%(expressions)s from '^{NUMBER}$')::numeric"
    output_field = DecimalField(null=True)

    def __init__(self, text: Term) -> None:
        """Take an expression of text."""
        super().__init__(Whole(text))


class Whole(Func):
    """The whole of a text, in brackets."""

    template = "(%(expressions)s)"
    output_field = CharField()


class Day(Func):
    """The date that a text begins with, as text that sorts like dates; NULL where it is none."""

    template = f"substring((%(expressions)s) from '^{DAY}')"
    output_field = CharField()


def compared(text: Term, params: Params) -> Term:
    """Return whether a text meets all comparisons of `params`; NULL where it is NULL."""
    parts: list[Term] = []
    for name, given in params.items():
        match name:
            case "equals":
                parts.append(Exact(text, Value(given)))
            case "in":
                parts.append(In(text, list(given)))
            case "min":
                parts.append(GreaterThanOrEqual(Number(text), Value(given)))
            case "max":
                parts.append(LessThanOrEqual(Number(text), Value(given)))
            case "before":
                parts.append(LessThan(Day(text), Value(given)))
            case "after":
                parts.append(GreaterThan(Day(text), Value(given)))
    return Both(*parts)


def one_of(column: Term, values: Sequence[str]) -> Term:
    """Return whether a column holds one of the values; NULL where it is NULL."""
    return In(column, list(values))


def as_condition(condition: Q | Term) -> Term:
    """Return a condition as an expression."""
    return ExpressionWrapper(condition, output_field=BooleanField(null=True))


def as_text(column: Term) -> Term:
    """Return a column as text."""
    return Cast(column, CharField())


def as_day(column: Term) -> Term:
    """Return a column as a date."""
    return ExpressionWrapper(column, output_field=DateField(null=True))


def if_delivered(condition: Term, *, is_delivered: bool) -> Term:
    """Return the condition; where the register never delivered, what it denies is not known."""
    return condition if is_delivered else Either(condition, UNKNOWN)
