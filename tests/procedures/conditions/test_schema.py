"""The published schema is that of the code, and the reader of documents agrees with it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from procedures.definition.conditions import read_tree
from procedures.definition.predicates import PREDICATES
from procedures.definition.reading import Node
from procedures.definition.schema import conditions_schema

DOCS = Path(__file__).resolve().parents[3] / "docs" / "rules.md"


def test_the_docs_publish_the_schema_as_it_is() -> None:
    text = DOCS.read_text(encoding="utf-8")

    published = re.search(r"```json\n(.*?)\n```", text, re.DOTALL)

    assert published is not None
    assert json.loads(published[1]) == conditions_schema()
    assert all(f"| `{key}` |" in text for key in PREDICATES)


@pytest.mark.parametrize(
    ("document", "is_good"),
    [
        *(({key: dict(one.example)}, True) for key, one in PREDICATES.items()),
        ({"all": [{"age": {"min": 60}}, {"not": {"age": {"max": 20}}}]}, True),
        ({}, False),
        ({"all": []}, False),
        ({"age": {}}, False),
        ({"age": {"min": "60"}}, False),
        ({"age": {"min": 60, "years": 1}}, False),
        ({"unit": {"codes": ["Hải Châu"]}}, False),
        ({"matter": {"procedure": "3.000347", "state": "gone"}}, False),
        ({"age": {"min": 1}, "unit": {"codes": ["20194"]}}, False),
    ],
    ids=str,
)
def test_schema_and_reader_agree(document: dict[str, Any], is_good: bool) -> None:
    node = Node(document)
    read_tree(node)

    valid = jsonschema.Draft202012Validator(conditions_schema()).is_valid(document)

    assert (valid, not node.problems) == (is_good, is_good)
