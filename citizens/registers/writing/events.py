"""Life events that rows tell of: once by their natural key, with everybody who takes part.

Deliveries come in any order: who becomes known later joins the event then, and a corrected date
moves it. What the scan has to look at again is news in its mailbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citizens.enums import LifeEventKind
from citizens.registers.formats import Format, Target
from citizens.registers.writing.deaths import STANDING, cancel_deaths, write_deaths
from citizens.registers.writing.kin import tie_born, tie_married
from citizens.registers.writing.slices import ROWS, run

DEATHS = frozenset({LifeEventKind.DEATH_NOTIFIED, LifeEventKind.DEATH_REGISTERED})
# A status that is confirmed each year is no news; a change of it is.
_STATUS_CHANGED = "AND held_category IS DISTINCT FROM category"
_KEY = "encode(substring(event_key FOR 20), 'hex')"

# An event may stand in several rows (each spouse tells of the marriage): the first one dates it.
_TOLD = """
WITH told AS MATERIALIZED (
  SELECT DISTINCT ON (event_key) {key} AS natural_key, {day} AS day, {unit} AS unit_id
    FROM resolved r WHERE {rows} AND subject_id IS NOT NULL {only}
   ORDER BY event_key, line
), made AS (
  INSERT INTO citizens_lifeevent (
    kind, natural_key, occurred_on, unit_id, register_id, as_of, batch_id)
  SELECT %(event)s, natural_key, day, unit_id, %(register)s, %(as_of)s, %(batch)s FROM told
  ON CONFLICT (kind, natural_key) DO UPDATE
     SET occurred_on = excluded.occurred_on, as_of = excluded.as_of, batch_id = excluded.batch_id
   WHERE citizens_lifeevent.occurred_on <> excluded.occurred_on
     AND citizens_lifeevent.as_of <= excluded.as_of
     AND citizens_lifeevent.batch_id IS DISTINCT FROM excluded.batch_id
  RETURNING id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT 'life_event', made.id, known.party_id
  FROM made JOIN citizens_eventparty known ON known.event_id = made.id
"""

_TAKE_PART = """
WITH parties AS (
  INSERT INTO citizens_eventparty (event_id, party_id, role)
  SELECT DISTINCT e.id, p.party_id, p.role
    FROM resolved r
    JOIN citizens_lifeevent e ON e.kind = %(event)s AND e.natural_key = {key}
    CROSS JOIN LATERAL ({parties}) p
   WHERE {rows} AND r.subject_id IS NOT NULL AND p.party_id IS NOT NULL
  ON CONFLICT DO NOTHING
  RETURNING event_id, party_id
)
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT DISTINCT 'life_event', event_id, party_id FROM parties
"""
_ALONE = "SELECT r.subject_id AS party_id, %(role)s AS role"
_OTHERS = f"""
{_ALONE}
UNION ALL SELECT coalesce(survivor_id, party_id), 'mother'
  FROM citizens_citizen WHERE pin_index = r.event_mother
UNION ALL SELECT coalesce(survivor_id, party_id), 'father'
  FROM citizens_citizen WHERE pin_index = r.event_father
UNION ALL SELECT coalesce(survivor_id, party_id), 'spouse'
  FROM citizens_citizen WHERE pin_index = r.event_spouse
"""  # noqa: S608 - our own words


def write_events(declared: Format, parameters: Mapping[str, Any]) -> None:
    """Write the events of a slice's rows, and what follows from them at once."""
    event = declared.event
    if event is None:
        return
    if event.kind in DEATHS:
        cancel_deaths(parameters)
        write_deaths(parameters)
    run(_told(declared), parameters)
    parties = _OTHERS if declared.target == Target.RECORD else _ALONE
    run(_TAKE_PART.format(key=_KEY, rows=ROWS, parties=parties), parameters)
    if event.kind == LifeEventKind.MARRIAGE:
        tie_married(parameters)
    elif event.kind == LifeEventKind.BIRTH_REGISTERED:
        tie_born(parameters)


def _told(declared: Format) -> str:
    is_paper = declared.target == Target.PAPER
    return _TOLD.format(
        key=_KEY,
        day="issued_on" if is_paper else "occurred_on",
        unit="coalesce(unit_id, subject_unit_id)" if is_paper else "subject_unit_id",
        rows=ROWS,
        only=_only(declared),
    )


def _only(declared: Format) -> str:
    event = declared.event
    if event is not None and event.kind in DEATHS:
        return f"AND {STANDING}"
    is_status = event is not None and event.kind == LifeEventKind.HOUSEHOLD_STATUS_CHANGED
    return _STATUS_CHANGED if is_status else ""
