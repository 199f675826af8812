"""The published schema of a rule's conditions (JSON Schema, 2020-12), made from the predicates."""

from __future__ import annotations

from typing import Any

from procedures.definition.conditions import FORMS, LONGEST_LIST, LONGEST_TEXT
from procedures.definition.predicates import PREDICATES, Parameter, Predicate, Type

_PLAIN: dict[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    Type.DAY: {"type": "string", "format": "date"},
    Type.CHOICE: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.DECIMAL: {"type": "number"},
}
_NODE = {"$ref": "#/$defs/node"}


def conditions_schema() -> dict[str, Any]:
    """Return the schema that every tree of conditions meets.

    What it cannot say (depth, number of predicates, a smallest above a largest value, whether there
    is such a unit) is checked when a definition is read or released.
    """
    groups = {name: {"type": "array", "minItems": 1, "items": _NODE} for name in ("all", "any")}
    keys = groups | {"not": _NODE} | {key: _predicate(one) for key, one in PREDICATES.items()}
    node = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": keys,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Conditions of a rule",
        "$ref": "#/$defs/node",
        "$defs": {"node": node},
    }


def _predicate(predicate: Predicate) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": predicate.en.replace("{given}", "…"),
        "type": "object",
        "additionalProperties": False,
        "properties": {one.name: _parameter(one) for one in predicate.parameters},
        "required": [one.name for one in predicate.parameters if one.is_required],
    }
    compared = [one.name for one in predicate.parameters if one.is_comparison]
    if compared:
        found["anyOf"] = [{"required": [name]} for name in compared]
    return found


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Return the schema of one parameter."""
    if parameter.type in (Type.TEXTS, Type.CHOICES):
        item = _narrowed(parameter, _PLAIN[Type.TEXT])
        return {"type": "array", "minItems": 1, "maxItems": LONGEST_LIST, "items": item}
    plain = dict(_PLAIN[parameter.type])
    if parameter.type in (Type.INTEGER, Type.DECIMAL):
        return plain | {"minimum": parameter.low, "maximum": parameter.high}
    return _narrowed(parameter, plain)


def _narrowed(parameter: Parameter, plain: dict[str, Any]) -> dict[str, Any]:
    if parameter.choices:
        return {"enum": [str(value) for value, _vi, _en in parameter.choices]}
    form = FORMS.get(parameter.codes) if parameter.codes else None
    return plain | {"pattern": f"^{form.pattern}$"} if form else plain
