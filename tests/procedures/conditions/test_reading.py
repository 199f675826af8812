"""Documents of conditions: what is refused, where, and why; what is said in words."""

from __future__ import annotations

from typing import Any

import pytest

from procedures.definition.conditions import DEEPEST, MOST, read_tree, tree_to_json
from procedures.definition.predicates import PREDICATES
from procedures.definition.reading import Node
from procedures.definition.sentences import tree_in_words


@pytest.mark.parametrize("key", PREDICATES)
def test_the_example_of_a_predicate_is_read_back(key: str) -> None:
    document = {key: dict(PREDICATES[key].example)}
    node = Node(document)

    tree = read_tree(node)

    assert not node.problems
    assert tree_to_json(tree) == document
    words = tree_in_words(tree)
    assert "{" not in words.vi + words.en


def _deep(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"age": {"min": 1}}
    for _ in range(levels):
        tree = {"not": tree}
    return tree


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({}, "conditions"),
        ({"age": {"min": 1}, "unit": {}}, "conditions"),
        ({"all": []}, "conditions.all"),
        ({"all": "x"}, "conditions.all"),
        ({"older": {"min": 1}}, "conditions.older"),
        ({"age": {}}, "conditions.age"),
        ({"age": {"min": "60"}}, "conditions.age.min"),
        ({"age": {"min": True}}, "conditions.age.min"),
        ({"age": {"min": 131}}, "conditions.age.min"),
        ({"age": {"min": 60, "max": 20}}, "conditions.age.max"),
        ({"age": {"min": 60, "at": "birth"}}, "conditions.age.at"),
        ({"age": {"min": 60, "years": 1}}, "conditions.age.years"),
        ({"unit": {}}, "conditions.unit.codes"),
        ({"unit": {"codes": []}}, "conditions.unit.codes"),
        ({"unit": {"codes": ["20194'"]}}, "conditions.unit.codes"),
        ({"unit": {"codes": [20194]}}, "conditions.unit.codes[0]"),
        ({"matter": {"procedure": "3.000347", "state": "gone"}}, "conditions.matter.state"),
        ({"household_status": {"in": ["rich"]}}, "conditions.household_status.in"),
        (
            {"record": {"register": "HEALTH", "kind": "cme", "field": "a'b", "min": 1}},
            "conditions.record.field",
        ),
        (
            {"record": {"register": "HEALTH", "kind": "cme", "field": "hours"}},
            "conditions.record",
        ),
        (
            {"record": {"register": "HEALTH", "kind": "cme", "field": "hours", "after": "2026"}},
            "conditions.record.after",
        ),
        ({"exemption": {"procedure": "1.013225", "key": "a\x00b"}}, "conditions.exemption.key"),
        ({"exemption": {"procedure": "1.013225", "key": "k" * 201}}, "conditions.exemption.key"),
        ({"unit": {"codes": ["20194"] * 201}}, "conditions.unit.codes"),
        ({"any": [{"age": {"min": 1}}, {"not": {"age": {}}}]}, "conditions.any[1].not.age"),
        (_deep(DEEPEST + 1), "conditions" + ".not" * DEEPEST),
        ({"any": [{"age": {"min": 1}}] * (MOST + 1)}, "conditions"),
    ],
    ids=str,
)
def test_a_bad_condition_is_refused_with_its_place(document: dict[str, Any], place: str) -> None:
    node = Node(document, "conditions")

    read_tree(node)

    assert [problem.path for problem in node.problems] == [place]
    assert all(problem.vi and problem.en for problem in node.problems)


def test_a_tree_is_told_in_words() -> None:
    node = Node(
        {
            "all": [
                {"age": {"min": 60, "at": "due"}},
                {"any": [{"household_status": {"in": ["poor", "near_poor"]}}, {"not": _deep(0)}]},
            ]
        }
    )

    words = tree_in_words(read_tree(node))

    assert words.vi == (
        "Tuổi từ đủ 60, tính vào ngày đến hạn và (Hộ gia đình thuộc diện hộ nghèo hoặc hộ cận nghèo"
        " hoặc không phải (Tuổi từ đủ 1))"
    )
    assert words.en.startswith("Age at least 60, counted on the due date and (")
