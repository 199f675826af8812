"""Businesses, and who may act for them."""

from __future__ import annotations

from citizens.registers.formats import Format
from citizens.registers.writing.events import write_events
from citizens.registers.writing.slices import NEXT_PARTY, ROWS, Slice, Written, run

_NEW = f"""
WITH fresh AS MATERIALIZED (
  SELECT r.*, {NEXT_PARTY} AS new_id
    FROM resolved r WHERE {ROWS} AND held_id IS NULL
), party AS (
  INSERT INTO citizens_party (id, kind) SELECT new_id, 'organisation' FROM fresh
), made AS (
  INSERT INTO citizens_organisation (
    party_id, tax_code, name, address, unit_id, register_id, as_of, batch_id)
  SELECT new_id, tax_code, name, address, unit_id, %(register)s, %(as_of)s, %(batch)s FROM fresh
  RETURNING party_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'organisation', party_id, party_id FROM made
"""  # noqa: S608 - our own words

_CHANGED = f"""
WITH written AS (
  UPDATE citizens_organisation o
     SET name = r.name, address = r.address, unit_id = r.unit_id,
         as_of = %(as_of)s, batch_id = %(batch)s
    FROM resolved r
   WHERE {ROWS} AND o.party_id = r.held_id AND o.as_of <= %(as_of)s
     AND (r.is_changed OR o.as_of < %(as_of)s)
  RETURNING o.party_id, r.is_changed
), told AS (
  INSERT INTO citizens_factchange (kind, object_id, subject_id)
  SELECT 'organisation', party_id, party_id FROM written WHERE is_changed
)
SELECT count(*) FILTER (WHERE is_changed) FROM written
"""  # noqa: S608 - our own words

# Rows of new businesses were resolved before they stood: from here on they have a subject.
_SUBJECTS = f"""
UPDATE resolved r SET subject_id = o.party_id
  FROM citizens_organisation o
 WHERE {ROWS} AND r.subject_id IS NULL AND o.tax_code = r.tax_code
"""  # noqa: S608 - our own words

# Whoever is not the one named now, also where that one is not known here.
_FORMER_BOSSES = f"""
UPDATE citizens_authority a SET valid = daterange(lower(a.valid), %(as_of)s)
  FROM resolved r
 WHERE {ROWS} AND a.for_party_id = r.subject_id AND a.basis = 'representative'
   AND a.revoked_at IS NULL AND a.actor_id IS DISTINCT FROM r.boss_id
   AND a.valid @> %(as_of)s::date AND lower(a.valid) < %(as_of)s
"""  # noqa: S608 - our own words

# The first head speaks since the firm was registered, a later one since the register names them. A
# right that somebody revoked stays revoked, whatever the register goes on stating.
_BOSSES = f"""
WITH tied AS (
INSERT INTO citizens_authority (actor_id, for_party_id, basis, valid)
SELECT boss_id, subject_id, 'representative',
       daterange(CASE WHEN EXISTS (
         SELECT FROM citizens_authority before
          WHERE before.for_party_id = r.subject_id AND before.basis = 'representative'
       ) THEN %(as_of)s::date ELSE occurred_on END, NULL)
  FROM resolved r WHERE {ROWS} AND boss_id IS NOT NULL
   AND NOT EXISTS (
     SELECT FROM citizens_authority revoked
      WHERE revoked.actor_id = r.boss_id AND revoked.for_party_id = r.subject_id
        AND revoked.basis = 'representative' AND revoked.revoked_at IS NOT NULL)
ON CONFLICT (actor_id, for_party_id, basis) WHERE revoked_at IS NULL DO UPDATE
   SET valid = daterange(%(as_of)s, NULL) WHERE upper(citizens_authority.valid) <= %(as_of)s
RETURNING for_party_id)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT DISTINCT 'organisation', for_party_id, for_party_id FROM tied
"""  # noqa: S608 - our own words


def write_organisations(declared: Format, part: Slice) -> Written:
    """Write the businesses of a slice, their representatives, and that they were registered."""
    parameters = part.parameters(declared)
    created = run(_NEW, parameters)
    changed = run(_CHANGED, parameters)
    for statement in (_SUBJECTS, _FORMER_BOSSES, _BOSSES):
        run(statement, parameters)
    write_events(declared, parameters)
    return Written(created, changed)
