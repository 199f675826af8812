"""Trees of conditions: SQL and plain Python give the same three answers."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest
from django.db.models import BooleanField, Value

from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree, read_tree, tree_to_json
from procedures.definition.reading import Node
from procedures.definition.stated import (
    answer,
    answer_stated,
    asked_of_person,
)
from procedures.definition.stated import (
    cost as plain_cost,
)
from procedures.definition.stated import (
    truth as plain_truth,
)
from procedures.detection.conditions.logic import cost, truth
from procedures.enums import Answer
from procedures.models import Procedure

VALUES: tuple[bool | None, ...] = (True, False, None)


def leaf(name: str) -> Leaf:
    return Leaf("stated", {"field": name}, name)


A, B = leaf("a"), leaf("b")


@pytest.mark.parametrize(("a", "b"), list(product(VALUES, VALUES)))
def test_truth_is_kleenes(a: bool | None, b: bool | None) -> None:
    values = {"a": a, "b": b}

    def value_of(one: Leaf) -> bool | None:
        return values[one.path]

    def both() -> bool | None:
        if a is False or b is False:
            return False
        return None if None in (a, b) else True

    assert plain_truth(All((A, B)), value_of) == both()
    de_morgan = Not(AnyOf((Not(A), Not(B))))
    assert plain_truth(de_morgan, value_of) == both()


@pytest.mark.parametrize(
    ("tree", "values", "expected"),
    [
        (All((A, B)), (True, True), Answer.YES),
        (All((A, B)), (True, None), Answer.LIKELY),
        (All((A, B)), (None, None), Answer.NO),  # two facts are missing
        (All((A, B)), (False, None), Answer.NO),
        (AnyOf((A, B)), (None, None), Answer.LIKELY),  # either one would do
        (AnyOf((A, B)), (False, None), Answer.LIKELY),
        (AnyOf((A, B)), (None, True), Answer.YES),
        (Not(All((A, B))), (None, None), Answer.LIKELY),
        (Not(AnyOf((A, B))), (None, None), Answer.NO),
    ],
)
def test_likely_means_that_one_fact_is_missing(
    tree: Tree, values: tuple[bool | None, bool | None], expected: Answer
) -> None:
    named = dict(zip("ab", values, strict=True))

    assert answer(tree, lambda one: named[one.path]) == expected


@pytest.mark.django_db
def test_random_trees_are_answered_alike_by_the_database() -> None:
    random = Random(20261126)  # noqa: S311 - reproducible, no secret
    Procedure.objects.create(key="row", code="row")
    for _ in range(150):
        values: dict[str, bool | None] = {}
        _ask_both(_random_tree(random, values, depth=3), values)


def _ask_both(tree: Tree, values: dict[str, bool | None]) -> None:
    def in_sql(one: Leaf) -> Value:
        return Value(values[one.path], BooleanField(null=True))

    def in_python(one: Leaf) -> bool | None:
        return values[one.path]

    rows = Procedure.objects.filter(key="row")
    row = rows.annotate(truth=truth(tree, in_sql), cost=cost(tree, in_sql)).values().get()
    assert row["truth"] == plain_truth(tree, in_python)
    assert min(row["cost"], 1000) == min(plain_cost(tree, in_python), 1000)


def _random_tree(random: Random, values: dict[str, bool | None], depth: int) -> Tree:
    kind = random.choice(["leaf", "all", "any", "not"]) if depth else "leaf"
    if kind == "leaf":
        name = f"x{len(values)}"
        values[name] = random.choice(VALUES)
        return leaf(name)
    if kind == "not":
        return Not(_random_tree(random, values, depth - 1))
    count = random.randint(1, 3)
    parts = tuple(_random_tree(random, values, depth - 1) for _ in range(count))
    return All(parts) if kind == "all" else AnyOf(parts)


def read(document: dict[str, Any]) -> Tree:
    node = Node(document)
    tree = read_tree(node)
    node.raise_problems()
    return tree


HOUSE = {
    "all": [
        {"stated": {"field": "storeys", "max": 6}},
        {"not": {"stated": {"field": "place", "in": ["Khu bảo tồn"]}}},
        {"stated": {"field": "begun_on", "after": "2026-06-30"}},
    ]
}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"storeys": 2, "place": "Phường", "begun_on": "2026-07-01"}, Answer.YES),
        ({"storeys": 7, "place": "Phường", "begun_on": "2026-07-01"}, Answer.NO),
        ({"storeys": 2, "place": "Khu bảo tồn", "begun_on": "2026-07-01"}, Answer.NO),
        ({"storeys": 2, "place": "Phường", "begun_on": "2026-06-30"}, Answer.NO),
        ({"storeys": 2, "place": "", "begun_on": "2026-07-01"}, Answer.LIKELY),
        ({"storeys": "hai", "place": "Phường", "begun_on": "2026-07-01"}, Answer.LIKELY),
        ({"storeys": 2}, Answer.NO),
    ],
)
def test_what_a_person_states_is_answered_without_a_register(
    stated: dict[str, Any], expected: Answer
) -> None:
    tree = read(HOUSE)

    assert answer_stated(tree, stated).answer == expected
    assert asked_of_person(tree) == ["storeys", "place", "begun_on"]
    assert tree_to_json(tree) == HOUSE
