"""Papers that their register calls lost or damaged: an event of the holder's life, once a term.

The event names the kind of the paper, by which the rules tell which procedure replaces it. A
register says when the loss was reported; where it does not, the day is that of the delivery, if the
paper stood until then. Of a paper that was lost before it was known here, without a day, nothing is
told: it may have been replaced long ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citizens.registers.writing.slices import ROWS, run

_REPORTED = f"""
WITH reported AS MATERIALIZED (
  SELECT encode(substring(key FOR 20), 'hex') || ':' || coalesce(new_term, 1) AS natural_key,
         subject_id, coalesce(occurred_on, %(as_of)s) AS day,
         coalesce(unit_id, subject_unit_id) AS unit_id
    FROM resolved
   WHERE {ROWS} AND status = 'lost' AND subject_id IS NOT NULL
     AND (occurred_on IS NOT NULL OR held_status <> 'lost')
), made AS (
  INSERT INTO citizens_lifeevent (
    kind, natural_key, occurred_on, unit_id, register_id, body, as_of, batch_id)
  SELECT 'credential_lost_or_damaged', natural_key, day, unit_id, %(register)s,
         jsonb_build_object('credential_kind', %(kind)s::text), %(as_of)s, %(batch)s
    FROM reported
  ON CONFLICT (kind, natural_key) DO UPDATE
     SET occurred_on = excluded.occurred_on, as_of = excluded.as_of, batch_id = excluded.batch_id
   WHERE citizens_lifeevent.occurred_on <> excluded.occurred_on
     AND citizens_lifeevent.as_of <= excluded.as_of
  RETURNING id, natural_key
), parties AS (
  INSERT INTO citizens_eventparty (event_id, party_id, role)
  SELECT made.id, subject_id, 'subject' FROM made JOIN reported USING (natural_key)
  ON CONFLICT DO NOTHING
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'life_event', made.id, subject_id FROM made JOIN reported USING (natural_key)
"""  # noqa: S608 - our own words


def write_losses(parameters: Mapping[str, Any]) -> None:
    """Write the losses that a slice's papers tell of, with the news of them."""
    run(_REPORTED, parameters)
