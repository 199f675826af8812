"""The day of a death, from the notice of a hospital to the register of civil status.

From the commit of a death on nothing is sent to or shown about the person: the day is written in
the transaction of the row that tells it, with the news that the scan reads. The register of civil
status has the last word on the day; a hospital moves only what it said itself. A notice that is
cancelled takes the death back; where another stands, its day is the day. What an official decided
about a day stands against both; it says nothing about a later one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citizens.registers.writing.slices import ROWS, run

CANCELLED = "Đã hủy"
# Of rows joined as `r`: those whose stored notice is not cancelled (an empty cell leaves it so).
STANDING = f"""NOT EXISTS (
  SELECT FROM citizens_registerrecord notice
   WHERE notice.register_id = %(register)s AND notice.kind = %(kind)s AND notice.key_index = r.key
     AND notice.body ->> 'status' = '{CANCELLED}')"""
_EVENT = """
  citizens_lifeevent e ON e.kind = %(event)s
   AND e.natural_key = encode(substring(r.event_key FOR 20), 'hex')
"""
_OTHER_DEATH = """
  SELECT FROM citizens_eventparty p JOIN citizens_lifeevent other ON other.id = p.event_id
   WHERE p.party_id = c.party_id AND p.role = 'subject'
"""
_DECIDED = """
  SELECT FROM citizens_correction decided
   WHERE decided."table" = 'citizen' AND decided.object_id = c.party_id
     AND decided."column" = 'died_on' AND decided.settled_at IS NULL
     AND decided.as_of >= {day}
"""

# Before the event is moved: its day is what this register said last.
_DIED = f"""
WITH stated AS (
  SELECT DISTINCT ON (r.subject_id) r.subject_id, r.occurred_on, e.occurred_on AS said_before
    FROM resolved r LEFT JOIN {_EVENT}
   WHERE {ROWS} AND {STANDING}
   ORDER BY r.subject_id, r.line DESC
), dead AS (
  UPDATE citizens_citizen c SET died_on = stated.occurred_on, version = c.version + 1
    FROM stated
   WHERE c.party_id = stated.subject_id AND c.died_on IS DISTINCT FROM stated.occurred_on
     AND (c.died_on IS NULL OR %(event)s = 'death_registered'
       OR c.died_on = stated.said_before
          AND NOT EXISTS ({_OTHER_DEATH} AND other.kind = 'death_registered'))
     AND NOT EXISTS ({_DECIDED.format(day="stated.occurred_on")})
  RETURNING c.party_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'citizen', party_id, party_id FROM dead
"""  # noqa: S608 - our own words

_TAKEN_BACK = f"""
WITH cancelled AS MATERIALIZED (
  SELECT e.id, r.subject_id, e.occurred_on
    FROM resolved r JOIN {_EVENT}
   WHERE {ROWS} AND NOT {STANDING}
), parties AS (
  DELETE FROM citizens_eventparty p USING cancelled WHERE p.event_id = cancelled.id
  RETURNING p.event_id, p.party_id
), remaining AS (
  SELECT DISTINCT ON (c.party_id) c.party_id, other.occurred_on
    FROM cancelled
    JOIN citizens_citizen c ON c.party_id = cancelled.subject_id
    JOIN citizens_eventparty p ON p.party_id = c.party_id AND p.role = 'subject'
    JOIN citizens_lifeevent other ON other.id = p.event_id
   WHERE other.kind IN ('death_notified', 'death_registered')
     AND other.id NOT IN (SELECT id FROM cancelled)
     AND NOT EXISTS ({_DECIDED.format(day="other.occurred_on")})
   ORDER BY c.party_id, other.kind = 'death_registered' DESC, other.as_of DESC, other.id DESC
), mended AS (
  UPDATE citizens_citizen c SET died_on = remaining.occurred_on, version = c.version + 1
    FROM cancelled LEFT JOIN remaining ON remaining.party_id = cancelled.subject_id
   WHERE c.party_id = cancelled.subject_id AND c.died_on = cancelled.occurred_on
     AND c.died_on IS DISTINCT FROM remaining.occurred_on
     AND NOT EXISTS ({_DECIDED.format(day="cancelled.occurred_on")})
  RETURNING c.party_id
), told AS (
  INSERT INTO citizens_factchange (kind, object_id, subject_id)
  SELECT 'life_event', event_id, party_id FROM parties
  UNION ALL SELECT 'citizen', party_id, party_id FROM mended
)
SELECT count(*) FROM cancelled
"""  # noqa: S608 - our own words

# The parties' rows are gone by now; a statement of its own, because it refers to them.
_UNTOLD = f"""
DELETE FROM citizens_lifeevent gone
 WHERE gone.id IN (SELECT e.id FROM resolved r JOIN {_EVENT} WHERE {ROWS} AND NOT {STANDING})
"""  # noqa: S608 - our own words


# A day that another register had stated instead: nobody has to decide it once it is the day.
_AGREED = f"""
UPDATE citizens_discrepancy d SET state = 'withdrawn', version = d.version + 1
  FROM resolved r JOIN citizens_citizen c ON c.party_id = r.subject_id
 WHERE {ROWS} AND d.kind = 'alive' AND d.state = 'open' AND d."table" = 'citizen'
   AND d."column" = 'died_on' AND d.object_id = c.party_id
   AND d.stated_value = c.died_on::text
"""  # noqa: S608 - our own words


def write_deaths(parameters: Mapping[str, Any]) -> None:
    """Write the days of death that the rows of a slice state; a day that all state is no case."""
    run(_DIED, parameters)
    run(_AGREED, parameters)


def cancel_deaths(parameters: Mapping[str, Any]) -> None:
    """Take back what the cancelled notices of a slice had told; their records stay as a trace."""
    if run(_TAKEN_BACK, parameters):
        run(_UNTOLD, parameters)
