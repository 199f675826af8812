"""How long people waited and were served, and what ended at the counter: from the events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dossiers.enums import FormKind
from dossiers.turns import SERVE_LIMIT, WAIT_LIMIT


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of `count` tickets: the middle, what nine of ten stay under, how many kept the limit.

    Without a ticket the two are None.
    """

    count: int
    median: float | None
    p90: float | None
    within: int

    @property
    def share(self) -> float | None:
        """Per cent that kept the limit."""
        return 100 * self.within / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Waits:
    """The tickets of one group, of one hour of the day, or (neither) of all."""

    group: int | None
    hour: int | None
    drawn: int
    absent: int
    waited: Times
    served: Times


@dataclass(frozen=True, slots=True)
class SameSession:
    """Procedures filed while a ticket was served, and those of them that ended before it did."""

    filed: int
    finished: int

    @property
    def share(self) -> float | None:
        """Per cent that ended with a signed result."""
        return 100 * self.finished / self.filed if self.filed else None


# A wait lasts from the drawing of the number (with an appointment not before the reserved time) to
# the call, and again after each sending on; what follows a missed call is nobody's waiting. A
# serving lasts from the press that the person came to the finish, without waits between counters.
_TICKETS = """
WITH step AS (
    SELECT t.id, t.group_id, t.day, t.reserved_at, t.taken_at, t.state, e.act, e.happened_at,
        lead(e.act) OVER one AS next_act, lead(e.happened_at) OVER one AS next_at
    FROM dossiers_ticket AS t JOIN dossiers_ticketevent AS e ON e.ticket_id = t.id
    WHERE (%(halls)s::bigint[] IS NULL OR t.hall_id = ANY(%(halls)s))
        AND t.day BETWEEN %(first)s AND %(last)s AND e.act <> 'recalled'
    WINDOW one AS (PARTITION BY t.id ORDER BY e.id)
), ticket AS (
    SELECT id, group_id, day, state,
        extract(hour FROM taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::int AS hour,
        sum(greatest(extract(epoch FROM next_at - CASE act WHEN 'taken'
            THEN greatest(happened_at, reserved_at) ELSE happened_at END), 0))
            FILTER (WHERE act IN ('taken', 'transferred') AND next_act = 'called') AS waited,
        sum(extract(epoch FROM next_at - happened_at))
            FILTER (WHERE act = 'started' AND next_act IN ('finished', 'transferred')) AS served
    FROM step GROUP BY id, group_id, day, state, taken_at
)
"""
_WAITS = """
SELECT group_id, hour, count(*), count(*) FILTER (WHERE state = 'absent'),
    count(waited), percentile_cont(0.5) WITHIN GROUP (ORDER BY waited),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY waited),
    count(*) FILTER (WHERE waited <= %(wait)s),
    count(served), percentile_cont(0.5) WITHIN GROUP (ORDER BY served),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY served),
    count(*) FILTER (WHERE served <= %(serve)s)
FROM ticket GROUP BY GROUPING SETS ((), (group_id), (hour))
ORDER BY group_id NULLS FIRST, hour NULLS FIRST
"""
_KEPT = """
SELECT date_trunc('month', day)::date, count(*) FILTER (WHERE waited <= %(wait)s), count(waited),
    count(*) FILTER (WHERE served <= %(serve)s), count(served)
FROM ticket GROUP BY 1 ORDER BY 1
"""
# Of a bundle the one press files several dossiers; all of them were filed in the session.
_SAME_SESSION = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM dossiers_issuedform AS f WHERE f.dossier_id = filed.dossier_id
        AND f.kind = %(result)s AND f.issued_at <= filed.ended_at
))
FROM (
    SELECT DISTINCT ON (d.id) d.id AS dossier_id, (
        SELECT max(e.happened_at) FROM dossiers_ticketevent AS e
        WHERE e.ticket_id = t.id AND e.act = 'finished'
    ) AS ended_at
    FROM dossiers_ticket AS t
    JOIN dossiers_countervisit AS v ON v.ticket_id = t.id
    JOIN dossiers_dossier AS own ON own.id = v.dossier_id
    JOIN dossiers_dossier AS d ON d.id = own.id OR (
        d.bundle_case_id = own.bundle_case_id AND d.submitted_at = own.submitted_at
    )
    WHERE t.hall_id = ANY(%(halls)s) AND t.day BETWEEN %(first)s AND %(last)s
        AND t.state = 'done'
    ORDER BY d.id
) AS filed
"""


_LIMITS = {"wait": WAIT_LIMIT.total_seconds(), "serve": SERVE_LIMIT.total_seconds()}


def waits(*, halls: Iterable[int], first: date, last: date) -> list[Waits]:
    """Return the tickets of the days: all of them first, then by group, then by hour."""
    params = _days(halls, first, last) | _LIMITS
    found = [
        Waits(group, hour, drawn, absent, Times(*times[:4]), Times(*times[4:]))
        for group, hour, drawn, absent, *times in _fetch(_TICKETS + _WAITS, params)
    ]
    return sorted(found, key=lambda one: (one.hour or -1, one.group or 0))


def limits_kept(*, first: date, last: date) -> list[tuple[date, int, int, int, int]]:
    """Return of each month and all halls: waits within the limit, waits; the same of servings."""
    params = {"halls": None, "first": first, "last": last} | _LIMITS
    return [(month, *counts) for month, *counts in _fetch(_TICKETS + _KEPT, params)]


def same_session(*, halls: Iterable[int], first: date, last: date) -> SameSession:
    """Return how much of what was filed with a finished ticket ended before the person left."""
    params = _days(halls, first, last) | {"result": FormKind.RESULT.value}
    ((filed, finished),) = _fetch(_SAME_SESSION, params)
    return SameSession(filed, finished)


def _fetch(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _days(halls: Iterable[int], first: date, last: date) -> dict[str, Any]:
    return {"halls": list(halls), "first": first, "last": last}
