"""Staged rows meet the facts that stand: who and where each row means, and what it would change.

One statement a target makes the table `resolved` from `staged`. `held_id` is the fact that a row
speaks of (empty: it is new), `is_stale` says that what is held is younger than the delivery,
`is_changed` that the row says something else. A value that is empty in the file leaves what is held.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import connection

from citizens.enums import LifeEventKind
from citizens.registers.formats import Format, Target
from citizens.registers.staging import STAGED
from citizens.registers.writing.slices import NEXT_PARTY
from citizens.rules import term_tolerance

RESOLVED = "resolved"
# Three thousand rows tell the planner what it has to know about a table that lives for minutes;
# as many as for a table of facts take as long as it takes to fill a small delivery's.
_ROUGHLY = """
SET default_statistics_target = 10; ANALYZE {table}; RESET default_statistics_target
"""
# Codes of today's units, and of units that went whole into one of today's (since 2025-07-01).
_UNITS = """
CREATE TEMPORARY TABLE unit_meant AS
SELECT code, id AS unit_id, false AS is_split FROM citizens_unit
 WHERE valid @> %(as_of)s::date AND kind IN ('commune', 'ward', 'special_zone')
UNION ALL
SELECT former.code, min(successor.id), count(*) > 1
  FROM citizens_unit former
  JOIN citizens_unitsuccession s ON s.old_id = former.id
  JOIN citizens_unit successor ON successor.id = s.new_id AND successor.valid @> %(as_of)s::date
 WHERE former.kind IN ('commune', 'ward', 'special_zone') AND upper(former.valid) <= %(as_of)s
   AND NOT EXISTS (SELECT FROM citizens_unit now WHERE now.code = former.code
                   AND now.valid @> %(as_of)s::date)
 GROUP BY former.code
"""

# `party_id` is the person's key, for new ones already: what follows never looks for it again.
_PEOPLE = f"""
CREATE TEMPORARY TABLE resolved AS
SELECT s.*, u.unit_id, u.is_split, c.party_id AS held_id, c.version AS held_version,
       coalesce(c.party_id, {NEXT_PARTY}) AS party_id,
       c.unit_id AS held_unit_id, c.full_name AS held_name, c.name_fold AS held_fold,
       c.died_on AS held_died_on, c.as_of AS held_as_of,
       CASE WHEN %(tells_emigration)s THEN s.emigrated_on ELSE c.emigrated_on END AS emigrated_now,
       coalesce(c.as_of > %(as_of)s, false) AS is_stale,
       c.party_id IS NOT NULL AND (
         c.full_name, c.gender, c.birth_date, c.birth_precision, c.unit_id, c.current_address,
         c.permanent_address, c.emigrated_on, c.died_on
       ) IS DISTINCT FROM (
         s.full_name, s.gender, s.birth_date, s.birth_precision, u.unit_id, s.current_address,
         coalesce(s.permanent_address, c.permanent_address),
         CASE WHEN %(tells_emigration)s THEN s.emigrated_on ELSE c.emigrated_on END,
         coalesce(c.died_on, s.died_on)
       ) AS is_changed
  FROM staged s
  LEFT JOIN unit_meant u ON u.code = s.unit_code
  LEFT JOIN citizens_citizen c ON c.pin_index = s.key
 WHERE s.problems IS NULL
"""  # noqa: S608 - our own words

# Whose row it is: a person by the PIN's index, a company by its tax code, a household by its number.  # noqa: E501
_SUBJECT = """
  LEFT JOIN citizens_citizen person ON person.pin_index = s.{index}
  LEFT JOIN citizens_organisation firm ON firm.tax_code = s.{code}
  LEFT JOIN citizens_household home ON home.book_number = s.{code}
"""
_SUBJECT_COLUMNS = """
       coalesce(person.survivor_id, person.party_id, firm.party_id, home.party_id) AS subject_id,
       coalesce(person.unit_id, firm.unit_id, home.unit_id) AS subject_unit_id,
       person.party_id AS person_id, person.full_name AS person_name,
       person.name_fold AS person_fold, person.birth_date AS person_birth,
       CASE WHEN person.survivor_id IS NULL THEN person.birth_date
            ELSE (SELECT birth_date FROM citizens_citizen WHERE party_id = person.survivor_id)
       END AS subject_birth,
       person.birth_precision AS person_precision, person.register_id AS person_register,
       person.current_address AS person_address, person.died_on AS person_died_on,
"""

# A household's status is confirmed under a new number: what stood until then is the latest paper's.
_BEFORE = """
SELECT p.category FROM citizens_credential p
 WHERE p.holder_id = home.party_id AND p.register_id = %(register)s AND p.kind = %(kind)s
   AND (p.id = c.id OR p.issued_on <= s.issued_on)
 ORDER BY p.issued_on DESC, p.as_of DESC, p.id DESC LIMIT 1
"""
_PAPERS = (
    "CREATE TEMPORARY TABLE resolved AS SELECT s.*,"  # noqa: S608 - our own words
    + _SUBJECT_COLUMNS
    + """
       u.unit_id, u.is_split, c.id AS held_id, c.holder_id AS held_subject_id,
       CASE WHEN %(tells_status)s THEN before.category ELSE c.category END AS held_category,
       c.status AS held_status,
       coalesce(c.as_of > %(as_of)s, false) AS is_stale,
       c.term + (coalesce(s.issued_on - c.issued_on > %(tolerance)s, false)
         OR coalesce(s.expires_on - c.expires_on > %(tolerance)s, false))::int AS new_term,
       c.id IS NOT NULL AND (
         c.category, c.issued_on, c.expires_on, c.issuer, c.status, c.details, c.unit_id
       ) IS DISTINCT FROM (
         coalesce(s.category, c.category), s.issued_on, s.expires_on,
         coalesce(s.issuer, c.issuer), coalesce(s.status, c.status),
         c.details || coalesce(s.body, '{}'), coalesce(u.unit_id, c.unit_id)
       ) AS is_changed
  FROM staged s"""
    + _SUBJECT.format(index="holder", code="holder_code")
    + """
  LEFT JOIN unit_meant u ON u.code = s.unit_code
  LEFT JOIN citizens_credential c
    ON c.register_id = %(register)s AND c.kind = %(kind)s AND c.number_index = s.key
  LEFT JOIN LATERAL ("""
    + _BEFORE
    + """) before ON %(tells_status)s
 WHERE s.problems IS NULL"""
)

# A file that has no column of last days says nothing about them: what is held stays. A list that
# names a paper valid says nothing against the newer one that took its place.
_KEPT_END = """
UPDATE staged s SET expires_on = c.expires_on
  FROM citizens_credential c
 WHERE c.register_id = %(register)s AND c.kind = %(kind)s AND c.number_index = s.key
"""
_STAYS_SUPERSEDED = """
UPDATE staged s SET status = NULL
  FROM citizens_credential c
 WHERE c.register_id = %(register)s AND c.kind = %(kind)s AND c.number_index = s.key
   AND c.status = 'superseded' AND s.status = 'valid' AND EXISTS (
     SELECT FROM citizens_credential newer
       LEFT JOIN staged n ON n.key = newer.number_index AND n.problems IS NULL
      WHERE newer.holder_id = c.holder_id AND newer.register_id = c.register_id
        AND newer.kind = c.kind AND newer.issued_on > s.issued_on
        AND newer.status = 'valid' AND coalesce(n.status, 'valid') = 'valid')
"""

_RECORDS = (
    "CREATE TEMPORARY TABLE resolved AS SELECT s.*,"  # noqa: S608 - our own words
    + _SUBJECT_COLUMNS
    + """
       r.id AS held_id, r.subject_id AS held_subject_id,
       coalesce(r.as_of > %(as_of)s, false) AS is_stale,
       r.id IS NOT NULL AND (r.subject_id, r.body) IS DISTINCT FROM (
         coalesce(person.survivor_id, person.party_id, firm.party_id, home.party_id),
         r.body || coalesce(s.body, '{}')
       ) AS is_changed
  FROM staged s"""
    + _SUBJECT.format(index="subject", code="subject_code")
    + """
  LEFT JOIN citizens_registerrecord r
    ON r.register_id = %(register)s AND r.kind = %(kind)s AND r.key_index = s.key
 WHERE s.problems IS NULL"""
)

_ORGANISATIONS = """
CREATE TEMPORARY TABLE resolved AS
SELECT s.*, u.unit_id, u.is_split, o.party_id AS held_id,
       o.party_id AS subject_id, u.unit_id AS subject_unit_id,
       coalesce(o.as_of > %(as_of)s, false) AS is_stale,
       boss.party_id AS boss_id,
       o.party_id IS NOT NULL AND (o.name, o.address, o.unit_id)
         IS DISTINCT FROM (s.name, s.address, u.unit_id) AS is_changed
  FROM staged s
  LEFT JOIN unit_meant u ON u.code = s.unit_code
  LEFT JOIN citizens_citizen boss ON boss.pin_index = s.representative
  LEFT JOIN citizens_organisation o ON o.tax_code = s.tax_code
 WHERE s.problems IS NULL
"""

_STATEMENTS: Mapping[Target, str] = MappingProxyType(
    {
        Target.PERSON: _PEOPLE,
        Target.PAPER: _PAPERS,
        Target.RECORD: _RECORDS,
        Target.ORGANISATION: _ORGANISATIONS,
    }
)


def resolve(declared: Format, *, as_of: date, header: Sequence[str]) -> None:
    """Make the table `resolved` of this session from `staged`, for a delivery of `as_of`.

    `header` are the file's headings: where a column is absent, what is held is kept.
    """
    event = declared.event
    told = {column.to for column in map(declared.column_for, header) if column}
    parameters: dict[str, Any] = {
        "as_of": as_of,
        "register": declared.register,
        "kind": declared.fact_kind,
        "tells_status": event is not None and event.kind == LifeEventKind.HOUSEHOLD_STATUS_CHANGED,
        "tolerance": term_tolerance(declared.fact_kind).days,
        "tells_emigration": "emigrated_on" in told,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS unit_meant, resolved")
        cursor.execute(_ROUGHLY.format(table=STAGED))
        cursor.execute(_UNITS, parameters)
        for statement in _first(declared, told):
            cursor.execute(statement, parameters)
        cursor.execute(_STATEMENTS[declared.target], parameters)
        cursor.execute("CREATE INDEX ON resolved (line)")
        cursor.execute(_ROUGHLY.format(table=RESOLVED))


def _first(declared: Format, told: Set[str]) -> Iterator[str]:
    """Yield what is put right in staged papers before they meet those held."""
    if declared.target != Target.PAPER:
        return
    if "expires_on" not in told:
        yield _KEPT_END
    if declared.one_at_a_time:
        yield _STAYS_SUPERSEDED
