"""The published list of conditions, and a tree of random ones through the form and back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from portal.office.rule_editor_nodes import NodeShown, shown_tree
from portal.office.rule_editor_tree import (
    Branch,
    document_of,
    placed,
    pressed,
    tree_of,
    tree_posted,
)
from procedures.definition.conditions import DEEPEST
from procedures.definition.predicates import PREDICATES
from procedures.definition.reading import Problem
from procedures.selectors.known_codes import TABLES, KnownCodes

NOTHING = KnownCodes({}, {}, {}, {}, {}, frozenset(), {}, {}, date(2026, 11, 26))

_LEAVES = st.sampled_from([{one.key: dict(one.example)} for one in PREDICATES.values()])
TREES: Any = st.recursive(
    _LEAVES,
    lambda part: st.one_of(
        part.map(lambda one: {"not": one}).filter(lambda one: "not" not in one["not"]),
        st.tuples(st.sampled_from(["all", "any"]), st.lists(part, min_size=2, max_size=3)).map(
            lambda found: {found[0]: found[1]}
        ),
    ),
    max_leaves=9,
)


def sent(shown: NodeShown, into: MultiValueDict[str, str]) -> MultiValueDict[str, str]:
    """Return what a browser sends of a tree that is shown."""
    into[f"{shown.place}.kind"] = shown.node.kind
    if shown.node.is_negated:
        into[f"{shown.place}.not"] = "1"
    for one in shown.parameters:
        values = [one.value] if one.input == "area" else list(one.values)
        into.setlist(one.name, values)
    for part in shown.parts:
        sent(part, into)
    return into


@given(TREES)
def test_a_tree_goes_through_the_form_and_comes_back(document: dict[str, Any]) -> None:
    form = sent(shown_tree(tree_of(document), NOTHING, []), MultiValueDict())

    assert document_of(tree_posted(form)) == document


@given(TREES, st.data())
def test_a_problem_stands_beside_its_node(document: dict[str, Any], data: Any) -> None:
    root = tree_of(document)
    one = data.draw(st.sampled_from([node for node in placed(root) if node.path]))
    problem = Problem(f"{one.inner}.{one.node.kind}", "sai", "wrong")

    shown = shown_tree(root, NOTHING, [problem])

    for step in one.place.split(".")[1:]:
        assert shown.problems == ()
        shown = shown.parts[int(step)]
    assert shown.problems == (problem,)


@given(TREES, st.data())
def test_no_button_loses_a_condition_that_it_does_not_remove(
    document: dict[str, Any], data: Any
) -> None:
    root = tree_of(document)
    before = sorted(node.node.kind for node in placed(root) if not node.node.is_group)
    places = [node.place for node in placed(root)]

    for _press in range(6):
        action = data.draw(st.sampled_from(["up", "down", "wrap", "out", "not"]))
        pressed(root, action, data.draw(st.sampled_from(places)))

    after = sorted(node.node.kind for node in placed(root) if not node.node.is_group)
    assert after == before


def test_groups_are_wrapped_no_deeper_than_a_form_can_send() -> None:
    root = Branch("all", parts=[Branch("age", given={"min": ["1"]})])

    for _press in range(40):
        pressed(root, "wrap", "c.0")

    form = sent(shown_tree(root, NOTHING, []), MultiValueDict())
    assert tree_posted(form) == root
    assert max(node.place.count(".") for node in placed(root)) > DEEPEST


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
def test_every_condition_is_published(client: Client) -> None:
    html = client.get(reverse("admin:office_rule_conditions")).content.decode()
    schema = client.get(reverse("admin:office_rule_conditions_schema"))

    for key, one in PREDICATES.items():
        assert f"<code>{key}</code>" in html
        assert all(f"<code>{parameter.name}</code>" in html for parameter in one.parameters)
    assert "Cư trú (trụ sở) tại đơn vị" in html
    assert set(PREDICATES) < set(json.loads(schema.content)["$defs"]["node"]["properties"])
    assert schema.headers["Content-Type"] == "application/schema+json"


def test_fields_of_a_table_are_suggested() -> None:
    chosen = Branch("record", given={"register": ["HEALTH"], "kind": ["cme"]})

    shown = shown_tree(Branch("all", parts=[chosen]), NOTHING, []).parts[0]

    field = next(one for one in shown.parameters if one.name.endswith(".field"))
    assert ("hours", TABLES["HEALTH.cme.hours"].vi) in field.suggested
