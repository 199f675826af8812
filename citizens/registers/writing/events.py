"""Life events that rows tell of: once by their natural key, with everybody who takes part.

From the commit of a death on nothing is sent to or shown about the person: the day of death is
written in the same transaction, with the news that the scan reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citizens.enums import LifeEventKind
from citizens.registers.formats import Format, Target
from citizens.registers.writing.slices import ROWS, run

_DEATHS = frozenset({LifeEventKind.DEATH_NOTIFIED, LifeEventKind.DEATH_REGISTERED})
# A status that is confirmed each year is no news; a change of it is.
_STATUS_CHANGED = " AND held_category IS DISTINCT FROM category"

_TOLD = """
WITH told AS MATERIALIZED (
  SELECT encode(substring(event_key FOR 20), 'hex') AS natural_key, {day} AS day, subject_id,
         {unit} AS unit_id, {columns}
    FROM resolved WHERE {rows} AND subject_id IS NOT NULL {only}
), made AS (
  INSERT INTO citizens_lifeevent (
    kind, natural_key, occurred_on, unit_id, register_id, as_of, batch_id)
  SELECT %(event)s, natural_key, day, unit_id, %(register)s, %(as_of)s, %(batch)s FROM told
  ON CONFLICT (kind, natural_key) DO UPDATE
     SET occurred_on = excluded.occurred_on, as_of = excluded.as_of, batch_id = excluded.batch_id
   WHERE citizens_lifeevent.occurred_on <> excluded.occurred_on
     AND citizens_lifeevent.as_of <= excluded.as_of
     AND citizens_lifeevent.batch_id <> excluded.batch_id
  RETURNING id, natural_key
), parties AS (
  INSERT INTO citizens_eventparty (event_id, party_id, role)
  SELECT DISTINCT made.id, p.party_id, p.role
    FROM made JOIN told USING (natural_key) CROSS JOIN LATERAL ({parties}) p
   WHERE p.party_id IS NOT NULL
  ON CONFLICT DO NOTHING
  RETURNING event_id, party_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT DISTINCT 'life_event', event_id, party_id FROM parties
"""

_OTHERS = """
SELECT subject_id AS party_id, %(role)s AS role
UNION ALL SELECT party_id, 'mother' FROM citizens_citizen WHERE pin_index = event_mother
UNION ALL SELECT party_id, 'father' FROM citizens_citizen WHERE pin_index = event_father
UNION ALL SELECT party_id, 'spouse' FROM citizens_citizen WHERE pin_index = event_spouse
"""
_ALONE = "SELECT subject_id AS party_id, %(role)s AS role"

_DIED = f"""
WITH dead AS (
  UPDATE citizens_citizen c SET died_on = r.occurred_on, version = c.version + 1
    FROM resolved r
   WHERE {ROWS} AND c.party_id = r.subject_id AND c.died_on IS NULL
  RETURNING c.party_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'citizen', party_id, party_id FROM dead
"""  # noqa: S608 - our own words

# Kin who married each other, both ways round.
_MARRIED = f"""
INSERT INTO citizens_relation (person_id, relative_id, kind, valid, batch_id)
SELECT pair.a, pair.b, 'spouse', daterange(r.occurred_on, NULL), %(batch)s
  FROM resolved r
  JOIN citizens_citizen other ON other.pin_index = r.event_spouse
  CROSS JOIN LATERAL (VALUES (r.subject_id, other.party_id), (other.party_id, r.subject_id))
    AS pair (a, b)
 WHERE {ROWS} AND pair.a <> pair.b
ON CONFLICT (person_id, relative_id, kind) DO NOTHING
"""  # noqa: S608 - our own words

# A registered birth names the parents of a child that is known by now.
_BORN = f"""
INSERT INTO citizens_relation (person_id, relative_id, kind, valid, batch_id)
SELECT parent.party_id, child.party_id, v.kind, daterange(child.birth_date, NULL), %(batch)s
  FROM resolved r
  JOIN citizens_citizen child ON child.party_id = r.subject_id
  CROSS JOIN LATERAL (VALUES (r.event_father, 'father'), (r.event_mother, 'mother'))
    AS v (index, kind)
  JOIN citizens_citizen parent ON parent.pin_index = v.index
   AND parent.party_id <> child.party_id
 WHERE {ROWS}
ON CONFLICT (person_id, relative_id, kind) DO NOTHING;
INSERT INTO citizens_authority (actor_id, for_party_id, basis, valid)
SELECT parent.party_id, child.party_id, 'parent',
       daterange(child.birth_date, (child.birth_date + interval '18 years')::date)
  FROM resolved r
  JOIN citizens_citizen child ON child.party_id = r.subject_id
  JOIN citizens_citizen parent ON parent.pin_index IN (r.event_father, r.event_mother)
 WHERE {ROWS} AND child.birth_date + interval '18 years' > %(as_of)s
   AND parent.party_id <> child.party_id AND parent.died_on IS NULL
ON CONFLICT (actor_id, for_party_id, basis) WHERE revoked_at IS NULL DO NOTHING
"""  # noqa: S608 - our own words


def write_events(declared: Format, parameters: Mapping[str, Any]) -> None:
    """Write the events of a slice's rows, and what follows from them at once."""
    event = declared.event
    if event is None:
        return
    run(_statement(declared), parameters)
    if event.kind in _DEATHS:
        run(_DIED, parameters)
    elif event.kind == LifeEventKind.MARRIAGE:
        run(_MARRIED, parameters)
    elif event.kind == LifeEventKind.BIRTH_REGISTERED:
        run(_BORN, parameters)


def _statement(declared: Format) -> str:
    is_paper = declared.target == Target.PAPER
    has_others = declared.target == Target.RECORD
    is_status = declared.event is not None and (
        declared.event.kind == LifeEventKind.HOUSEHOLD_STATUS_CHANGED
    )
    others = "event_mother, event_father, event_spouse"
    return _TOLD.format(
        day="issued_on" if is_paper else "occurred_on",
        unit="coalesce(unit_id, subject_unit_id)" if is_paper else "subject_unit_id",
        columns=others if has_others or is_paper else "event_key",
        rows=ROWS,
        only=_STATUS_CHANGED if is_status else "",
        parties=_OTHERS if has_others or is_paper else _ALONE,
    )
