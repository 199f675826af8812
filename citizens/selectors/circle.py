"""Whose rows a person's own pages may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

# Every page of a citizen asks this first, so it is text: the ORM takes eight times as long to
# compose it as PostgreSQL to answer it. `mine` are the person and the living for whom they may act
# (`acting_for`). The family are kin, the household and its people, the dead among them too, who
# shares an event with one of `mine`, and who else may act for one of them. Helpers are in neither.
_CIRCLE = """
WITH mine AS MATERIALIZED (
  SELECT id FROM citizens_party WHERE id = %(person)s
  UNION
  SELECT a.for_party_id
  FROM citizens_authority a
  JOIN citizens_citizen self ON self.party_id = a.actor_id AND self.died_on IS NULL
  LEFT JOIN citizens_citizen other ON other.party_id = a.for_party_id
  WHERE a.actor_id = %(person)s AND a.valid @> %(day)s::date AND a.revoked_at IS NULL
    AND a.basis <> 'helper'
    AND other.died_on IS NULL AND other.survivor_id IS NULL
)
SELECT id, true FROM mine
UNION ALL
SELECT r.relative_id, false
FROM mine JOIN citizens_relation r ON r.person_id = mine.id
JOIN citizens_citizen c ON c.party_id = r.relative_id
WHERE r.valid @> %(day)s::date OR c.died_on IS NOT NULL
UNION ALL
SELECT r.person_id, false
FROM mine JOIN citizens_relation r ON r.relative_id = mine.id
JOIN citizens_citizen c ON c.party_id = r.person_id
WHERE r.valid @> %(day)s::date OR c.died_on IS NOT NULL
UNION ALL
SELECT m.citizen_id, false
FROM mine
JOIN citizens_householdmember home ON home.citizen_id = mine.id AND home.valid @> %(day)s::date
JOIN citizens_householdmember m ON m.household_id = home.household_id
JOIN citizens_citizen c ON c.party_id = m.citizen_id
WHERE m.valid @> %(day)s::date OR c.died_on IS NOT NULL
UNION ALL
SELECT home.household_id, false
FROM mine
JOIN citizens_householdmember home ON home.citizen_id = mine.id AND home.valid @> %(day)s::date
UNION ALL
SELECT e.party_id, false
FROM mine JOIN citizens_eventparty mark ON mark.party_id = mine.id
JOIN citizens_eventparty e ON e.event_id = mark.event_id
UNION ALL
SELECT a.actor_id, false
FROM mine JOIN citizens_authority a ON a.for_party_id = mine.id
WHERE a.valid @> %(day)s::date AND a.revoked_at IS NULL AND a.basis <> 'helper'
"""


@dataclass(frozen=True)
class Circle:
    """Keys of parties: those a person may act for, and everybody whom their forms may name.

    Both count the person in, and `family` counts `parties` in.
    """

    parties: frozenset[int]
    family: frozenset[int]

    def with_(self, other: Circle) -> Circle:
        """Return both circles as one."""
        return Circle(self.parties | other.parties, self.family | other.family)


def circle_of(*, person: int, day: date) -> Circle:
    """Return the circle of the citizen with the key `person` on `day` (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_CIRCLE, {"person": person, "day": day})
        rows: list[tuple[int, bool]] = cursor.fetchall()
    return Circle(
        parties=frozenset(key for key, is_own in rows if is_own),
        family=frozenset(key for key, _is_own in rows),
    )
