"""Credentials, as `citizens.services.store_credential` writes one: set-based, the same rules."""

from __future__ import annotations

from citizens.registers.formats import Format
from citizens.registers.writing.events import write_events
from citizens.registers.writing.losses import write_losses
from citizens.registers.writing.slices import ROWS, Slice, Written, run

_NEW = f"""
WITH made AS (
  INSERT INTO citizens_credential (
    holder_id, kind, register_id, number_index, number_enc, category, issued_on, expires_on,
    issuer, status, details, unit_id, as_of, batch_id)
  SELECT subject_id, %(kind)s, %(register)s, key, number_enc, coalesce(category, ''), issued_on,
         expires_on, coalesce(issuer, ''), coalesce(status, 'valid'), coalesce(body, '{{}}'),
         unit_id, %(as_of)s, %(batch)s
    FROM resolved WHERE {ROWS} AND held_id IS NULL
  RETURNING id, holder_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'credential', id, holder_id FROM made
"""  # noqa: S608 - our own words

_CHANGED = f"""
WITH written AS (
  UPDATE citizens_credential c
     SET category = coalesce(r.category, c.category), issued_on = r.issued_on,
         expires_on = r.expires_on, issuer = coalesce(r.issuer, c.issuer),
         status = coalesce(r.status, c.status), details = c.details || coalesce(r.body, '{{}}'),
         unit_id = coalesce(r.unit_id, c.unit_id), term = r.new_term,
         as_of = %(as_of)s, batch_id = %(batch)s
    FROM resolved r
   WHERE {ROWS} AND c.id = r.held_id AND c.as_of <= %(as_of)s
     AND (r.is_changed OR c.as_of < %(as_of)s)
  RETURNING c.id, c.holder_id, r.is_changed
), told AS (
  INSERT INTO citizens_factchange (kind, object_id, subject_id)
  SELECT 'credential', id, holder_id FROM written WHERE is_changed
)
SELECT count(*) FILTER (WHERE is_changed) FROM written
"""  # noqa: S608 - our own words

# Of papers that a person has one of, a newer one under another number replaces the older ones,
# whichever was delivered first.
_SUPERSEDED = f"""
WITH newer AS (
  SELECT c.holder_id, max(c.issued_on) AS issued_on FROM citizens_credential c
   WHERE c.register_id = %(register)s AND c.kind = %(kind)s AND c.status = 'valid'
     AND c.holder_id IN (SELECT subject_id FROM resolved WHERE {ROWS})
   GROUP BY c.holder_id
), ended AS (
  UPDATE citizens_credential c SET status = 'superseded' FROM newer
   WHERE c.holder_id = newer.holder_id AND c.register_id = %(register)s AND c.kind = %(kind)s
     AND c.status = 'valid' AND c.issued_on < newer.issued_on
  RETURNING c.id, c.holder_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'credential', id, holder_id FROM ended
"""  # noqa: S608 - our own words

_RECORDS = f"""
INSERT INTO citizens_registerrecord (
  register_id, kind, key_index, subject_id, body, as_of, batch_id)
SELECT %(register)s, %(record_kind)s, key, subject_id, coalesce(body, '{{}}'), %(as_of)s, %(batch)s
  FROM resolved WHERE {ROWS}
ON CONFLICT (register_id, kind, key_index) DO UPDATE
   SET subject_id = excluded.subject_id, body = citizens_registerrecord.body || excluded.body,
       as_of = excluded.as_of, batch_id = excluded.batch_id
 WHERE citizens_registerrecord.as_of <= excluded.as_of
"""  # noqa: S608 - our own words


def write_papers(declared: Format, part: Slice) -> Written:
    """Write the papers of a slice, and the events that they tell of."""
    parameters = part.parameters(declared)
    created = run(_NEW, parameters)
    changed = run(_CHANGED, parameters)
    if declared.one_at_a_time:
        run(_SUPERSEDED, parameters)
    if declared.also_record:
        run(_RECORDS, parameters)
    write_events(declared, parameters)
    write_losses(parameters)
    return Written(created, changed)
