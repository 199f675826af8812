"""People of the population register: persons, what is said about them, and their phones."""

from __future__ import annotations

from citizens.registers.formats import Format
from citizens.registers.writing.homes import HOMES_OF_PEOPLE
from citizens.registers.writing.kin import KIN_OF_PEOPLE
from citizens.registers.writing.sensitive import keep_other_sensitive
from citizens.registers.writing.slices import ROWS, Slice, Tie, Written, insert, run

_NEW = f"""
WITH party AS (
  INSERT INTO citizens_party (id, kind, public_id)
  SELECT party_id, 'citizen', public_id FROM resolved WHERE {ROWS} AND held_id IS NULL
), person AS (
  INSERT INTO citizens_citizen (
    party_id, pin_index, pin_enc, family_name, middle_name, given_name, full_name, gender,
    birth_date, birth_precision, died_on, emigrated_on, unit_id, current_address,
    permanent_address, register_id, batch_id, as_of)
  SELECT party_id, key, pin_enc, family_name, middle_name, given_name, full_name, gender,
         birth_date, birth_precision, died_on, emigrated_on, unit_id, current_address,
         coalesce(permanent_address, current_address), %(register)s, %(batch)s, %(as_of)s
    FROM resolved WHERE {ROWS} AND held_id IS NULL
  RETURNING party_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'citizen', party_id, party_id FROM person
"""  # noqa: S608 - our own words

_ANY_HELD = f"""
SELECT EXISTS (SELECT FROM resolved WHERE {ROWS} AND held_id IS NOT NULL)
"""  # noqa: S608 - our own words

# `version` is compared: what was written since the rows were resolved is not written over. Such a
# row is named, for somebody to look at and to bring again.
_CHANGED = f"""
WITH written AS (
  UPDATE citizens_citizen c
     SET family_name = r.family_name, middle_name = r.middle_name, given_name = r.given_name,
         full_name = r.full_name, gender = r.gender, birth_date = r.birth_date,
         birth_precision = r.birth_precision, unit_id = r.unit_id,
         died_on = coalesce(c.died_on, r.died_on),
         emigrated_on = r.emigrated_now,
         current_address = r.current_address,
         permanent_address = coalesce(r.permanent_address, c.permanent_address),
         version = c.version + r.is_changed::int, register_id = %(register)s,
         batch_id = %(batch)s, as_of = %(as_of)s
    FROM resolved r
   WHERE {ROWS} AND c.party_id = r.held_id AND c.version = r.held_version
     AND (r.is_changed OR c.as_of < %(as_of)s)
  RETURNING c.party_id, r.is_changed, r.held_unit_id, c.unit_id
), late AS (
  INSERT INTO problem
  SELECT line, %(key_column)s, 'changed_meanwhile',
         'trong lúc nhập, dữ liệu của người này đã được sửa; xem lại rồi nhập lại dòng này',
         'this person was changed during the import; look again, then import this row again'
    FROM resolved
   WHERE {ROWS} AND held_id IS NOT NULL AND (is_changed OR held_as_of < %(as_of)s)
     AND NOT EXISTS (SELECT FROM written WHERE written.party_id = held_id)
), told AS (
  INSERT INTO citizens_factchange (kind, object_id, subject_id)
  SELECT 'citizen', party_id, party_id FROM written WHERE is_changed
), moved AS (
  INSERT INTO citizens_lifeevent (
    kind, natural_key, occurred_on, unit_id, register_id, as_of, batch_id)
  SELECT 'moved', format('NPD:%%s:%%s', %(as_of)s::date, party_id), %(as_of)s, unit_id,
         %(register)s, %(as_of)s, %(batch)s
    FROM written WHERE unit_id <> held_unit_id AND NOT EXISTS (
      SELECT FROM citizens_unitsuccession s WHERE s.old_id = held_unit_id AND s.new_id = unit_id)
  ON CONFLICT DO NOTHING
  RETURNING id, split_part(natural_key, ':', 3)::bigint AS party_id
), parties AS (
  INSERT INTO citizens_eventparty (event_id, party_id, role)
  SELECT id, party_id, 'subject' FROM moved
), event_told AS (
  INSERT INTO citizens_factchange (kind, object_id, subject_id)
  SELECT 'life_event', id, party_id FROM moved
)
SELECT count(*) FILTER (WHERE is_changed) FROM written
"""  # noqa: S608 - our own words

_RECORDS = f"""
INSERT INTO citizens_registerrecord (
  register_id, kind, key_index, subject_id, body, as_of, batch_id)
SELECT %(register)s, %(record_kind)s, key, party_id, body, %(as_of)s, %(batch)s
  FROM resolved WHERE {ROWS} AND body IS NOT NULL
"""  # noqa: S608 - our own words
_OTHER_RECORDS = """
ON CONFLICT (register_id, kind, key_index) DO UPDATE
   SET body = citizens_registerrecord.body || excluded.body, as_of = excluded.as_of,
       batch_id = excluded.batch_id
 WHERE citizens_registerrecord.as_of <= excluded.as_of
"""

_SENSITIVE = f"""
INSERT INTO citizens_citizensensitive (citizen_id, body_enc, as_of, batch_id)
SELECT party_id, sensitive_enc, %(as_of)s, %(batch)s
  FROM resolved WHERE {ROWS} AND sensitive_enc IS NOT NULL
"""  # noqa: S608 - our own words
_OTHER_SENSITIVE = """
ON CONFLICT (citizen_id) DO UPDATE
   SET body_enc = excluded.body_enc, as_of = excluded.as_of, batch_id = excluded.batch_id
 WHERE citizens_citizensensitive.as_of <= excluded.as_of
"""

_LATE = """
DELETE FROM resolved r USING problem p
 WHERE p.line = r.line AND p.code = 'changed_meanwhile'
   AND r.line > %(after)s AND r.line <= %(last)s
"""

# A register's number counts as verified on the day of which the register speaks (data.md); what it
# stated before no longer does. Numbers that people gave themselves stay theirs, also when the
# register states them for a while. A number whose holder refused it stays unused until its owner
# says otherwise, however often a register states it (F20).
_VERIFIED_AT = "%(as_of)s::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'"
_FORMER_PHONES = f"""
UPDATE citizens_contactpoint p SET verified_at = NULL
  FROM resolved r
 WHERE {ROWS} AND p.party_id = r.held_id AND p.channel = 'sms' AND p.batch_id IS NOT NULL
   AND p.value_index <> r.phone_index AND p.verified_at <= {_VERIFIED_AT}
"""  # noqa: S608 - our own words
_PHONES = f"""
INSERT INTO citizens_contactpoint (
  party_id, channel, value_index, value_enc, verified_at, batch_id, public_id)
SELECT party_id, 'sms', phone_index, phone_enc, {_VERIFIED_AT}, %(batch)s, phone_public_id
  FROM resolved WHERE {ROWS} AND phone_index IS NOT NULL
"""  # noqa: S608 - our own words
_OTHER_PHONES = """
ON CONFLICT (party_id, channel, value_index) WHERE party_id IS NOT NULL DO UPDATE
   SET verified_at = CASE WHEN citizens_contactpoint.refused_at IS NULL
     THEN greatest(citizens_contactpoint.verified_at, excluded.verified_at) END
"""

_FOUND = """
UPDATE found f SET subject_id = r.party_id, object_id = r.party_id
  FROM resolved r
 WHERE f.line = r.line AND f.subject_id IS NULL AND r.line > %(after)s AND r.line <= %(last)s
"""

# Once both registers say the same of somebody's death, nobody has to decide it.
_AGREED = f"""
UPDATE citizens_discrepancy d SET state = 'withdrawn', version = d.version + 1
  FROM resolved r JOIN citizens_citizen c ON c.party_id = r.held_id
 WHERE {ROWS} AND d.kind = 'alive' AND d.state = 'open' AND d."table" = 'citizen'
   AND d."column" = 'died_on' AND d.object_id = c.party_id
   AND d.other_register_id = %(register)s AND c.died_on IS NOT DISTINCT FROM r.died_on
"""  # noqa: S608 - our own words

# A number that several people have gets words that tell nobody else anything (F20).
_SHARED = f"""
UPDATE citizens_contactpoint SET shared = true
 WHERE channel = 'sms' AND NOT shared AND value_index IN (
   SELECT p.value_index FROM citizens_contactpoint p
    WHERE p.channel = 'sms' AND p.value_index IN (
      SELECT phone_index FROM resolved WHERE {ROWS} AND phone_index IS NOT NULL)
    GROUP BY p.value_index HAVING count(DISTINCT p.party_id) > 1)
"""  # noqa: S608 - our own words

# What rows say beside the person, and what becomes of it where something stands already.
_SAID = (
    (_RECORDS, _OTHER_RECORDS),
    (_SENSITIVE, _OTHER_SENSITIVE),
    (_PHONES, _OTHER_PHONES),
)


def write_people(declared: Format, part: Slice) -> Written:
    """Write the persons of a slice, and what their rows say beside the person."""
    parameters = part.parameters(declared)
    created = run(_NEW, parameters)
    changed = 0
    is_met = bool(run(_ANY_HELD, parameters))
    if is_met:  # on a first delivery nobody is
        changed = run(_CHANGED, parameters)
        run(_LATE, parameters)
        run(_AGREED, parameters)
        run(_FORMER_PHONES, parameters)
        keep_other_sensitive(part)
    for statement, conflict in _SAID:
        insert(statement, conflict, parameters, is_expected=is_met)
    run(_FOUND, parameters)
    return Written(created, changed)


# Kin, with parents' authority; households, with shared phones.
TIES_OF_PEOPLE = (
    Tie("line, party_id, is_stale, birth_date, father, mother, spouse, body", KIN_OF_PEOPLE),
    Tie(
        "line, party_id, is_stale, household_number, relation_to_head, unit_id,"
        " permanent_address, current_address, phone_index",
        (*HOMES_OF_PEOPLE, _SHARED),
    ),
)
