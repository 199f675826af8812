"""Households of the population register: where they live, and who belongs to them."""

from __future__ import annotations

from citizens.registers.writing.slices import NEXT_PARTY, ROWS

# Of rows named `r`. Folding words is dear: most of them are told apart without it.
_HEAD = """
(r.relation_to_head ILIKE 'ch%% h%%' AND portal_fold(r.relation_to_head) = 'chu ho') IS TRUE"""
# A household lives where its head does, else where the row of it that comes first says.
_STATED = f"""
DROP TABLE IF EXISTS homes;
CREATE TEMPORARY TABLE homes AS
SELECT DISTINCT ON (r.household_number) r.household_number, r.unit_id, ({_HEAD}) AS is_of_head,
       coalesce(r.permanent_address, r.current_address) AS address, h.party_id AS held_id
  FROM resolved r LEFT JOIN citizens_household h ON h.book_number = r.household_number
 WHERE {ROWS} AND r.household_number IS NOT NULL
 ORDER BY r.household_number, ({_HEAD}) DESC, r.line
"""  # noqa: S608 - our own words

_HOUSEHOLDS = f"""
WITH fresh AS MATERIALIZED (
  SELECT *, {NEXT_PARTY} AS new_id
    FROM homes WHERE held_id IS NULL
), party AS (
  INSERT INTO citizens_party (id, kind) SELECT new_id, 'household' FROM fresh
)
INSERT INTO citizens_household (party_id, book_number, unit_id, address, as_of, batch_id)
SELECT new_id, household_number, unit_id, address, %(as_of)s, %(batch)s FROM fresh
"""  # noqa: S608 - our own words

_MOVED = """
UPDATE citizens_household h
   SET unit_id = s.unit_id, address = s.address, as_of = %(as_of)s, batch_id = %(batch)s
  FROM homes s
 WHERE h.party_id = s.held_id
   AND (h.as_of < %(as_of)s OR s.is_of_head AND h.as_of = %(as_of)s
     AND (h.unit_id, h.address) IS DISTINCT FROM (s.unit_id, s.address))
"""

# Who belongs to which household from now on; looked up once, for everything that follows.
_LIVING = f"""
DROP TABLE IF EXISTS living;
CREATE TEMPORARY TABLE living AS
SELECT r.line, r.party_id, h.party_id AS household_id, ({_HEAD}) AS is_head,
       left(r.relation_to_head, 40) AS relation_to_head
  FROM resolved r JOIN citizens_household h ON h.book_number = r.household_number
 WHERE {ROWS};
ANALYZE living
"""  # noqa: S608 - our own words

_LEFT = """
UPDATE citizens_householdmember m SET valid = daterange(lower(m.valid), %(as_of)s)
  FROM living l
 WHERE m.citizen_id = l.party_id AND upper_inf(m.valid) AND m.household_id <> l.household_id
   AND lower(m.valid) < %(as_of)s
"""

# What is corrected on the day on which it was told has not been true for a day.
_CORRECTED = """
UPDATE citizens_householdmember m
   SET household_id = l.household_id, batch_id = %(batch)s,
       relation_to_head = coalesce(l.relation_to_head, ''), is_head = l.is_head
  FROM living l
 WHERE m.citizen_id = l.party_id AND upper_inf(m.valid) AND m.household_id <> l.household_id
   AND lower(m.valid) = %(as_of)s
"""

_ROLES = """
UPDATE citizens_householdmember m
   SET relation_to_head = l.relation_to_head, is_head = l.is_head, batch_id = %(batch)s
  FROM living l
 WHERE m.citizen_id = l.party_id AND m.household_id = l.household_id AND upper_inf(m.valid)
   AND m.relation_to_head <> l.relation_to_head
"""

_MEMBERS = """
INSERT INTO citizens_householdmember (
  household_id, citizen_id, relation_to_head, is_head, valid, batch_id)
SELECT l.household_id, l.party_id, coalesce(l.relation_to_head, ''), l.is_head,
       daterange(%(as_of)s, NULL), %(batch)s
  FROM living l JOIN citizens_citizen c ON c.party_id = l.party_id
 WHERE c.died_on IS NULL AND NOT EXISTS (
   SELECT FROM citizens_householdmember m
    WHERE m.citizen_id = l.party_id AND m.valid && daterange(%(as_of)s, NULL))
 ORDER BY l.line
"""

HOMES_OF_PEOPLE = (
    _STATED,
    _HOUSEHOLDS,
    _MOVED,
    _LIVING,
    _LEFT,
    _CORRECTED,
    _ROLES,
    _MEMBERS,
)
