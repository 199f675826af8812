"""Households of the population register: where they live, and who belongs to them."""

from __future__ import annotations

from citizens.registers.writing.slices import ROWS

# Of rows named `r`. Folding words is dear: most of them are told apart without it.
_HEAD = """
(r.relation_to_head ILIKE 'ch%% h%%' AND portal_fold(r.relation_to_head) = 'chu ho') IS TRUE"""
_HOUSEHOLDS = f"""
WITH stated AS (
  SELECT DISTINCT ON (household_number) household_number, unit_id,
         coalesce(permanent_address, current_address) AS address
    FROM resolved r
   WHERE {ROWS} AND household_number IS NOT NULL
     AND NOT EXISTS (SELECT FROM citizens_household h WHERE h.book_number = household_number)
   ORDER BY household_number, ({_HEAD}) DESC, line
), fresh AS MATERIALIZED (
  SELECT *, nextval(pg_get_serial_sequence('citizens_party', 'id')) AS new_id FROM stated
), party AS (
  INSERT INTO citizens_party (id, kind) SELECT new_id, 'household' FROM fresh
)
INSERT INTO citizens_household (party_id, book_number, unit_id, address, as_of, batch_id)
SELECT new_id, household_number, unit_id, address, %(as_of)s, %(batch)s FROM fresh
"""  # noqa: S608 - our own words

# A household lives where its head does, else where the row of it that comes first says.
_MOVED = f"""
WITH stated AS (
  SELECT DISTINCT ON (household_number) household_number, unit_id, ({_HEAD}) AS is_of_head,
         coalesce(permanent_address, current_address) AS address
    FROM resolved r
   WHERE {ROWS} AND household_number IS NOT NULL
   ORDER BY household_number, ({_HEAD}) DESC, line
)
UPDATE citizens_household h
   SET unit_id = s.unit_id, address = s.address, as_of = %(as_of)s, batch_id = %(batch)s
  FROM stated s
 WHERE h.book_number = s.household_number
   AND (h.as_of < %(as_of)s OR s.is_of_head AND h.as_of = %(as_of)s
     AND (h.unit_id, h.address) IS DISTINCT FROM (s.unit_id, s.address))
"""  # noqa: S608 - our own words

_LEFT = f"""
UPDATE citizens_householdmember m SET valid = daterange(lower(m.valid), %(as_of)s)
  FROM resolved r
  JOIN citizens_citizen c ON c.pin_index = r.key
  JOIN citizens_household h ON h.book_number = r.household_number
 WHERE {ROWS} AND m.citizen_id = c.party_id AND upper_inf(m.valid)
   AND m.household_id <> h.party_id AND lower(m.valid) < %(as_of)s
"""  # noqa: S608 - our own words

# What is corrected on the day on which it was told has not been true for a day.
_CORRECTED = f"""
UPDATE citizens_householdmember m
   SET household_id = h.party_id, batch_id = %(batch)s,
       relation_to_head = coalesce(left(r.relation_to_head, 40), ''), is_head = ({_HEAD})
  FROM resolved r
  JOIN citizens_citizen c ON c.pin_index = r.key
  JOIN citizens_household h ON h.book_number = r.household_number
 WHERE {ROWS} AND m.citizen_id = c.party_id AND upper_inf(m.valid)
   AND m.household_id <> h.party_id AND lower(m.valid) = %(as_of)s
"""  # noqa: S608 - our own words

_MEMBERS = f"""
INSERT INTO citizens_householdmember (
  household_id, citizen_id, relation_to_head, is_head, valid, batch_id)
SELECT h.party_id, c.party_id, coalesce(left(r.relation_to_head, 40), ''),
       ({_HEAD}),
       daterange(%(as_of)s, NULL), %(batch)s
  FROM resolved r
  JOIN citizens_citizen c ON c.pin_index = r.key
  JOIN citizens_household h ON h.book_number = r.household_number
 WHERE {ROWS} AND c.died_on IS NULL AND NOT EXISTS (
   SELECT FROM citizens_householdmember m
    WHERE m.citizen_id = c.party_id AND m.valid && daterange(%(as_of)s, NULL))
 ORDER BY r.line
"""  # noqa: S608 - our own words

_ROLES = f"""
UPDATE citizens_householdmember m
   SET relation_to_head = left(r.relation_to_head, 40),
       is_head = ({_HEAD}), batch_id = %(batch)s
  FROM resolved r
  JOIN citizens_citizen c ON c.pin_index = r.key
  JOIN citizens_household h ON h.book_number = r.household_number
 WHERE {ROWS} AND m.citizen_id = c.party_id AND m.household_id = h.party_id
   AND upper_inf(m.valid) AND r.relation_to_head IS NOT NULL
   AND m.relation_to_head <> left(r.relation_to_head, 40)
"""  # noqa: S608 - our own words

HOMES_OF_PEOPLE = (_HOUSEHOLDS, _MOVED, _LEFT, _CORRECTED, _MEMBERS, _ROLES)
