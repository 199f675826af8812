"""Corrections that were decided here survive a delivery that still states the replaced value.

Before rows meet the facts, the staged value is put right: stated as replaced, it becomes the
corrected one; stated as corrected, the register has caught up; anything else is a third value,
which opens a case while the correction stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection

from citizens.enums import FactTable
from citizens.models import Correction
from citizens.registers.formats import Format, Target

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
        Target.PERSON: "citizens_citizen f ON f.party_id = c.object_id JOIN staged s ON s.key = f.pin_index",  # noqa: E501
        Target.PAPER: "citizens_credential f ON f.id = c.object_id JOIN staged s ON s.key = f.number_index",  # noqa: E501
        Target.RECORD: "citizens_registerrecord f ON f.id = c.object_id JOIN staged s ON s.key = f.key_index",  # noqa: E501
        Target.ORGANISATION: "citizens_organisation f ON f.party_id = c.object_id JOIN staged s ON s.tax_code = f.tax_code",  # noqa: E501
    }
)
_COLUMNS: Mapping[Target, Mapping[str, str]] = MappingProxyType(
    {
        Target.PERSON: {
            "full_name": "text",
            "birth_date": "date",
            "gender": "text",
            "current_address": "text",
            "permanent_address": "text",
            "died_on": "date",
        },
        Target.PAPER: {"category": "text", "issued_on": "date", "expires_on": "date"},
        Target.RECORD: {},
        Target.ORGANISATION: {"name": "text", "address": "text"},
    }
)
_NAME_PARTS = """
UPDATE staged SET family_name = split_part(full_name, ' ', 1),
       given_name = regexp_replace(full_name, '^.* ', ''),
       middle_name = btrim(regexp_replace(full_name, '^[^ ]+ ?(.*?) ?[^ ]+$', '\\1'))
 WHERE line IN (SELECT line FROM corrected)
"""


def apply_corrections(declared: Format) -> None:
    """Put staged values right where a correction of such a fact stands; costs one look if none."""
    standing = Correction.objects.filter(
        table=_TABLE[declared.target], register=declared.register, settled_at=None
    )
    columns = sorted(set(standing.values_list("column", flat=True)))
    for column in columns:
        if column in _COLUMNS[declared.target]:
            _apply(declared, column, f"s.{column}", _COLUMNS[declared.target][column])
        elif declared.target in (Target.RECORD, Target.PAPER):
            _apply(declared, column, "s.body ->> %(column)s", "")


def _apply(declared: Format, column: str, stated: str, kind: str) -> None:
    """Note who is corrected, who caught up and who states a third value; then put it right."""
    found = f"""
DROP TABLE IF EXISTS corrected;
CREATE TEMPORARY TABLE corrected AS
SELECT c.id, c.subject_id, c.object_id, c.value, s.line, ({stated})::text AS stated,
       coalesce(({stated})::text = c.value, false) AS has_caught_up,
       ({stated})::text IS DISTINCT FROM c.replaced AND ({stated})::text <> c.value AS is_third
  FROM citizens_correction c JOIN {_SAME[declared.target]}
 WHERE c.settled_at IS NULL AND c.register_id = %(register)s AND c."table" = %(table)s
   AND c."column" = %(column)s AND s.problems IS NULL {_ONLY.get(column, "")};
INSERT INTO caught_up SELECT id FROM corrected WHERE has_caught_up AND %(column)s <> 'died_on';
INSERT INTO found
SELECT line, subject_id, %(case)s, %(table)s, object_id, %(column)s, %(register)s, %(register)s,
       value, stated
  FROM corrected WHERE is_third;
"""  # noqa: S608 - names of our own columns
    right = (
        f"UPDATE staged s SET {column} = nullif(c.value, '')::{kind} FROM corrected c"  # noqa: S608 - our own words
        " WHERE c.line = s.line AND NOT c.has_caught_up"
        if kind
        else "UPDATE staged s SET body = jsonb_set(s.body, ARRAY[%(column)s], to_jsonb(c.value))"
        " FROM corrected c WHERE c.line = s.line AND NOT c.has_caught_up"
    )
    parameters = {
        "register": declared.register,
        "table": str(_TABLE[declared.target]),
        "column": column,
        "case": _CASES.get(column, "identity"),
    }
    with connection.cursor() as cursor:
        cursor.execute(found, parameters)
        cursor.execute(right, parameters)
        if column == "full_name":
            cursor.execute(_NAME_PARTS)


# Of a death three registers tell, so no single one can catch up; what was decided says nothing
# about a later day.
_ONLY = {"died_on": "AND (s.died_on IS NULL OR s.died_on <= c.as_of)"}
_CASES = {
    "full_name": "name",
    "birth_date": "birth_date",
    "gender": "gender",
    "current_address": "address",
    "permanent_address": "address",
    "died_on": "alive",
}
