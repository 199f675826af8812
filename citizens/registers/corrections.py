"""Corrections that were decided here survive a delivery that still states the replaced value.

Before rows meet the facts, the staged value is put right: stated as replaced, it becomes the
corrected one; stated as corrected, the register has caught up; anything else is a third value,
which opens a case while the correction stands. What a row does not state is left alone, and a
delivery older than the fact settles and opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import connection

from citizens.enums import FactTable
from citizens.registers.formats import Format, Target
from citizens.selectors import standing_corrections

_TABLES: Mapping[Target, tuple[FactTable, ...]] = MappingProxyType(
    {
        Target.PERSON: (FactTable.CITIZEN, FactTable.RECORD),
        Target.PAPER: (FactTable.CREDENTIAL, FactTable.RECORD),
        Target.RECORD: (FactTable.RECORD,),
        Target.ORGANISATION: (FactTable.ORGANISATION,),
    }
)
# How a corrected fact is found among staged rows.
_SAME: Mapping[FactTable, str] = MappingProxyType(
    {
        FactTable.CITIZEN: "citizens_citizen f ON f.party_id = c.object_id"
        " JOIN staged s ON s.key = f.pin_index",
        FactTable.CREDENTIAL: "citizens_credential f ON f.id = c.object_id"
        " JOIN staged s ON s.key = f.number_index",
        FactTable.RECORD: "citizens_registerrecord f ON f.id = c.object_id"
        " AND f.register_id = %(register)s AND f.kind = %(record_kind)s"
        " JOIN staged s ON s.key = f.key_index",
        FactTable.ORGANISATION: "citizens_organisation f ON f.party_id = c.object_id"
        " JOIN staged s ON s.tax_code = f.tax_code",
    }
)
_COLUMNS: Mapping[FactTable, Mapping[str, str]] = MappingProxyType(
    {
        FactTable.CITIZEN: {
            "full_name": "text",
            "birth_date": "date",
            "birth_precision": "text",
            "gender": "text",
            "current_address": "text",
            "permanent_address": "text",
            "died_on": "date",
            "emigrated_on": "date",
        },
        FactTable.CREDENTIAL: {
            "category": "text",
            "issued_on": "date",
            "expires_on": "date",
            "issuer": "text",
        },
        FactTable.RECORD: {},
        FactTable.ORGANISATION: {"name": "text", "address": "text"},
    }
)
# Left empty in a file that has the column, this says something: the paper does not run out, the
# person is back.
_EMPTY_IS_SAID = frozenset({"expires_on", "emigrated_on"})
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
        "emigrated_on": "address",
    }
)
_FOUND = """
DROP TABLE IF EXISTS corrected;
CREATE TEMPORARY TABLE corrected AS
SELECT c.id, c.subject_id, c.object_id, c.value, s.line, coalesce({stated}, '') AS stated,
       coalesce({stated}, '') = c.value AS has_caught_up
  FROM citizens_correction c JOIN {same}
 WHERE c.settled_at IS NULL AND f.as_of <= %(as_of)s
   AND c.register_id = %(register)s AND c."table" = %(table)s
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


def apply_corrections(declared: Format, *, as_of: date, header: Sequence[str]) -> None:
    """Put staged values right where a correction of such a fact stands; costs one look if none.

    `as_of` is the delivery's civil date, `header` its headings.
    """
    named = {column.to for column in map(declared.column_for, header) if column}
    for table in _TABLES[declared.target]:
        standing = standing_corrections(table=table).order_by()
        columns = standing.filter(register=declared.register).values_list("column", flat=True)
        for column in sorted(set(columns)):
            staged = _staged(table, column, named)
            if staged is not None:
                _apply(declared, table, column, staged, as_of)


@dataclass(frozen=True)
class _Staged:
    """Where a corrected value is staged: its text, whether a row states it, how it is written."""

    stated: str
    is_said: str
    right: str
    path: list[str]


def _staged(table: FactTable, column: str, named: Set[str]) -> _Staged | None:
    kind = _COLUMNS[table].get(column)
    if kind is not None:
        is_told = column in _EMPTY_IS_SAID and column in named
        said = "true" if is_told else f"s.{column} IS NOT NULL"
        return _Staged(f"s.{column}::text", said, f"{column} = nullif(r.value, '')::{kind}", [])
    is_detail = table == FactTable.CREDENTIAL and column.startswith(_DETAIL)
    if table == FactTable.RECORD or is_detail:
        right = (
            "body = jsonb_set(s.body, %(path)s, CASE jsonb_typeof(s.body #> %(path)s)"
            " WHEN 'number' THEN to_jsonb(r.value::numeric)"
            " WHEN 'boolean' THEN to_jsonb(r.value::boolean) ELSE to_jsonb(r.value) END)"
        )
        path = column.removeprefix(_DETAIL).split(".")
        return _Staged("s.body #>> %(path)s", "s.body #> %(path)s IS NOT NULL", right, path)
    return None


def _apply(declared: Format, table: FactTable, column: str, staged: _Staged, as_of: date) -> None:
    """Note who caught up and who states a third value; then put the staged value right."""
    statement = _FOUND.format(
        stated=staged.stated, same=_SAME[table], is_said=staged.is_said, right=staged.right
    )
    parameters: dict[str, Any] = {
        "register": declared.register,
        "record_kind": declared.kind,
        "as_of": as_of,
        "table": str(table),
        "column": column,
        "case": _CASES.get(column, "identity"),
        "path": staged.path,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if (table, column) == (FactTable.CITIZEN, "full_name"):
            cursor.execute(_NAME_PARTS)
