"""Corrections that were decided here survive a delivery that still states the replaced value.

Before rows meet the facts, the staged value is put right: stated as replaced, it becomes the
corrected one; stated as corrected, the register has caught up; anything else is a third value,
which opens a case while the correction stands. What a row does not state is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection

from citizens.enums import FactTable
from citizens.registers.formats import Format, Target
from citizens.selectors import standing_corrections

_TABLE: Mapping[Target, FactTable] = MappingProxyType(
    {
        Target.PERSON: FactTable.CITIZEN,
        Target.PAPER: FactTable.CREDENTIAL,
        Target.RECORD: FactTable.RECORD,
        Target.ORGANISATION: FactTable.ORGANISATION,
    }
)
# How a corrected fact is found among staged rows.
_SAME: Mapping[Target, str] = MappingProxyType(
    {
        Target.PERSON: "citizens_citizen f ON f.party_id = c.object_id"
        " JOIN staged s ON s.key = f.pin_index",
        Target.PAPER: "citizens_credential f ON f.id = c.object_id"
        " JOIN staged s ON s.key = f.number_index",
        Target.RECORD: "citizens_registerrecord f ON f.id = c.object_id"
        " JOIN staged s ON s.key = f.key_index",
        Target.ORGANISATION: "citizens_organisation f ON f.party_id = c.object_id"
        " JOIN staged s ON s.tax_code = f.tax_code",
    }
)
_COLUMNS: Mapping[Target, Mapping[str, str]] = MappingProxyType(
    {
        Target.PERSON: {
            "full_name": "text",
            "birth_date": "date",
            "birth_precision": "text",
            "gender": "text",
            "current_address": "text",
            "permanent_address": "text",
            "died_on": "date",
        },
        Target.PAPER: {
            "category": "text",
            "issued_on": "date",
            "expires_on": "date",
            "issuer": "text",
        },
        Target.RECORD: {},
        Target.ORGANISATION: {"name": "text", "address": "text"},
    }
)
# Left empty by a register, this says something: the paper does not run out.
_EMPTY_IS_SAID = frozenset({"expires_on"})
_DETAIL = "details."
_CASES: Mapping[str, str] = MappingProxyType(
    {
        "full_name": "name",
        "birth_date": "birth_date",
        "birth_precision": "birth_date",
        "gender": "gender",
        "current_address": "address",
        "permanent_address": "address",
        "died_on": "alive",
    }
)
_FOUND = """
DROP TABLE IF EXISTS corrected;
CREATE TEMPORARY TABLE corrected AS
SELECT c.id, c.subject_id, c.object_id, c.value, s.line, coalesce({stated}, '') AS stated,
       coalesce({stated}, '') = c.value AS has_caught_up
  FROM citizens_correction c JOIN {same}
 WHERE c.settled_at IS NULL AND c.register_id = %(register)s AND c."table" = %(table)s
   AND c."column" = %(column)s AND s.problems IS NULL AND {is_said};
INSERT INTO caught_up SELECT id FROM corrected WHERE has_caught_up;
INSERT INTO found
SELECT r.line, r.subject_id, %(case)s, %(table)s, r.object_id, %(column)s, %(register)s,
       %(register)s, r.value, r.stated
  FROM corrected r JOIN citizens_correction c ON c.id = r.id
 WHERE NOT has_caught_up AND r.stated <> c.replaced;
UPDATE staged s SET {right} FROM corrected r WHERE r.line = s.line AND NOT r.has_caught_up;
"""
_NAME_PARTS = """
UPDATE staged SET family_name = split_part(full_name, ' ', 1),
       given_name = regexp_replace(full_name, '^.* ', ''),
       middle_name = btrim(regexp_replace(full_name, '^[^ ]+ ?(.*?) ?[^ ]+$', '\\1'))
 WHERE line IN (SELECT line FROM corrected)
"""


def apply_corrections(declared: Format) -> None:
    """Put staged values right where a correction of such a fact stands; costs one look if none."""
    standing = standing_corrections(table=_TABLE[declared.target]).order_by()
    columns = standing.filter(register=declared.register).values_list("column", flat=True)
    for column in sorted(set(columns)):
        staged = _staged(declared.target, column)
        if staged is not None:
            _apply(declared, column, staged)


@dataclass(frozen=True)
class _Staged:
    """Where a corrected value is staged: its text, whether a row states it, how it is written."""

    stated: str
    is_said: str
    right: str
    path: list[str]


def _staged(target: Target, column: str) -> _Staged | None:
    kind = _COLUMNS[target].get(column)
    if kind is not None:
        said = "true" if column in _EMPTY_IS_SAID else f"s.{column} IS NOT NULL"
        return _Staged(f"s.{column}::text", said, f"{column} = nullif(r.value, '')::{kind}", [])
    if target == Target.RECORD or (target == Target.PAPER and column.startswith(_DETAIL)):
        right = (
            "body = jsonb_set(s.body, %(path)s, CASE jsonb_typeof(s.body #> %(path)s)"
            " WHEN 'number' THEN to_jsonb(r.value::numeric)"
            " WHEN 'boolean' THEN to_jsonb(r.value::boolean) ELSE to_jsonb(r.value) END)"
        )
        path = column.removeprefix(_DETAIL).split(".")
        return _Staged("s.body #>> %(path)s", "s.body #> %(path)s IS NOT NULL", right, path)
    return None


def _apply(declared: Format, column: str, staged: _Staged) -> None:
    """Note who caught up and who states a third value; then put the staged value right."""
    statement = _FOUND.format(
        stated=staged.stated,
        same=_SAME[declared.target],
        is_said=staged.is_said,
        right=staged.right,
    )
    parameters: dict[str, Any] = {
        "register": declared.register,
        "table": str(_TABLE[declared.target]),
        "column": column,
        "case": _CASES.get(column, "identity"),
        "path": staged.path,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if column == "full_name":
            cursor.execute(_NAME_PARTS)
