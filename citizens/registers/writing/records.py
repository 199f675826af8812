"""Register records: the long tail that fills forms, and the notices that tell of life events."""

from __future__ import annotations

from citizens.registers.formats import Format
from citizens.registers.writing.events import write_events
from citizens.registers.writing.kin import tie_kin
from citizens.registers.writing.slices import ROWS, Slice, Written, run

_NEW = f"""
WITH made AS (
  INSERT INTO citizens_registerrecord (
    register_id, kind, key_index, subject_id, body, as_of, batch_id)
  SELECT %(register)s, %(kind)s, key, subject_id, coalesce(body, '{{}}'), %(as_of)s, %(batch)s
    FROM resolved WHERE {ROWS} AND held_id IS NULL
  RETURNING id, subject_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'record', id, subject_id FROM made
"""  # noqa: S608 - our own words

_CHANGED = f"""
WITH written AS (
  UPDATE citizens_registerrecord c
     SET subject_id = r.subject_id, body = c.body || coalesce(r.body, '{{}}'),
         as_of = %(as_of)s, batch_id = %(batch)s
    FROM resolved r
   WHERE {ROWS} AND c.id = r.held_id AND c.as_of <= %(as_of)s
     AND (r.is_changed OR c.as_of < %(as_of)s)
  RETURNING c.id, c.subject_id, r.held_subject_id, r.is_changed
), told AS (
  INSERT INTO citizens_factchange (kind, object_id, subject_id)
  SELECT 'record', id, subject_id FROM written WHERE is_changed
  UNION ALL
  SELECT 'record', id, held_subject_id FROM written WHERE held_subject_id <> subject_id
)
SELECT count(*) FILTER (WHERE is_changed) FROM written
"""  # noqa: S608 - our own words


def write_records(declared: Format, part: Slice) -> Written:
    """Write the records of a slice, and the events that they tell of."""
    parameters = part.parameters(declared)
    created = run(_NEW, parameters)
    changed = run(_CHANGED, parameters)
    write_events(declared, parameters)
    if declared.tells_kin:
        tie_kin(parameters)
    return Written(created, changed)
