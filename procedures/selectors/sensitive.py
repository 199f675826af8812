"""Which rules tell by their answers what a law of its own protects: poverty and health."""

from __future__ import annotations

from datetime import date

from citizens.enums import LifeEventKind
from citizens.registers.declared import FORMATS
from citizens.registers.describing import is_sensitive
from citizens.selectors.sensitive import SENSITIVE_PAPERS
from procedures.definition import RuleDefinition
from procedures.definition.conditions import Leaf, Tree, leaves
from procedures.models import RuleVersion
from procedures.selectors.exemptions import exemption_in_force

_EVENTS = (LifeEventKind.HOUSEHOLD_STATUS_CHANGED, LifeEventKind.INCOME_SHOCK_OR_DISASTER)
_REGISTERS = ("POV",)


def tells_sensitive(definition: RuleDefinition, *, day: date) -> bool:
    """Return whether an answer of the rule, whichever, says that somebody is poor or ill.

    Not only its conditions: that a rule about the poor has a fact about a household says so too.
    """
    if definition.credential_kind in SENSITIVE_PAPERS or set(definition.events) & set(_EVENTS):
        return True
    return _any_sensitive(definition.conditions, day)


def sensitive_versions(*, day: date) -> list[RuleVersion]:
    """Return every version of a rule, in force or not, that tells such a thing."""
    return [
        version
        for version in RuleVersion.objects.select_related("rule")
        if tells_sensitive(RuleDefinition.from_json(version.definition), day=day)
    ]


def quiet_topics(*, day: date) -> frozenset[str]:
    """Return the topics through which a rule tells of poverty or health, drafts included."""
    definitions = (RuleDefinition.from_json(one.definition) for one in sensitive_versions(day=day))
    return frozenset(one.topic for one in definitions if one.topic)


def _any_sensitive(tree: Tree | None, day: date) -> bool:
    return any(_is_sensitive(leaf, day) for leaf in leaves(tree))


def _is_sensitive(leaf: Leaf, day: date) -> bool:
    params = leaf.params
    match leaf.predicate:
        case "household_status":
            return True
        case "other_credential" | "status" | "paper_class":
            return params.get("kind") in SENSITIVE_PAPERS
        case "event":
            return params["kind"] in _EVENTS
        case "record":
            return params["register"] in _REGISTERS or _is_column(
                f"{params['register']}.{params['kind']}", params["field"]
            )
        case "event_fact":
            return any(_is_column(table, params["field"]) for table in FORMATS)
        case "exemption":
            found = exemption_in_force(code=params["procedure"], key=params["key"], day=day)
            return found is not None and _any_sensitive(found.conditions, day)
    return False


def _is_column(table: str, field: str) -> bool:
    """Return whether a table's field is declared sensitive; its stored name may be another."""
    declared = [
        one
        for one in FORMATS.values()
        if f"{one.register}.{one.fact_kind}" == table or one.key == table
    ]
    return any(
        f"body.{field}" in column.to.split("+") and is_sensitive(column)
        for one in declared
        for column in one.columns
    )
