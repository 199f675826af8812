"""Warn the case officer before a limit: one row a dossier, stage and due date, in one statement.

What counts as a working day comes from the calendar as a numbered list of days; so the database
counts days left and days in all for every running clock at once. The stages are those of
`sla.alert_stage`, which a test holds this statement against.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from citizens.selectors import working_calendar
from dossiers.enums import AlertStage, Status
from dossiers.models import ClockAlert
from portal.common import clock

# A limit of half a year and the years that a clock may have waited before.
_AHEAD, _BEHIND = timedelta(days=550), timedelta(days=1100)

_WARN = """
WITH days (day, number) AS (SELECT * FROM unnest(%(days)s::date[], %(numbers)s::int[])),
waited (dossier_id, days) AS (
    SELECT dossier_id, sum(days) FROM dossiers_clockevent
    WHERE kind IN ('resume', 'pause') AND days IS NOT NULL GROUP BY dossier_id
),
running (id, assignee_id, due_on, days_left, days_in_all) AS (
    SELECT dossier.id, dossier.assignee_id, dossier.due_on, due.number - today.number,
           due.number - started.number - coalesce(waited.days, 0)
    FROM dossiers_dossier AS dossier
    JOIN days AS started ON started.day = dossier.clock_started_on
    JOIN days AS due ON due.day = dossier.due_on
    JOIN days AS today ON today.day = %(today)s
    LEFT JOIN waited ON waited.dossier_id = dossier.id
    WHERE dossier.status IN %(running)s AND dossier.system_wait_since IS NULL
      AND dossier.due_on >= %(today)s
),
staged (id, assignee_id, due_on, stage) AS (
    SELECT id, assignee_id, due_on, CASE
        WHEN days_left = days_in_all AND days_in_all > 0 THEN NULL
        WHEN days_left = 0 THEN %(now)s
        WHEN days_left = 1 THEN %(one)s
        WHEN days_left = 2 THEN %(two)s
        WHEN 2 * days_left <= days_in_all THEN %(half)s
    END FROM running
)
INSERT INTO dossiers_clockalert (dossier_id, stage, due_on, official_id)
SELECT id, stage, due_on, assignee_id FROM staged WHERE stage IS NOT NULL
ON CONFLICT ON CONSTRAINT clock_alert_once DO NOTHING
"""


def warn_before_limits(*, now: datetime) -> int:
    """Write the warnings that are due at `now` and not yet written; return how many.

    Only clocks that run are looked at, and of each only the most urgent stage: one that a late run
    has missed is not made up for. A second run writes nothing.
    """
    today = clock.civil_date(now)
    days, numbers = _numbered(today)
    told: dict[str, Any] = {
        "days": days,
        "numbers": numbers,
        "today": today,
        "running": (Status.RECEIVED.value, Status.PROCESSING.value),
        "now": AlertStage.TODAY.value,
        "one": AlertStage.ONE_DAY.value,
        "two": AlertStage.TWO_DAYS.value,
        "half": AlertStage.HALF.value,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WARN, told)
        return int(cursor.rowcount)


def note_seen(*, alerts: list[int], now: datetime) -> int:
    """Note that these warnings were seen; return how many were not before."""
    return ClockAlert.objects.filter(pk__in=alerts, seen_at=None).update(seen_at=now)


def _numbered(today: date) -> tuple[list[date], list[int]]:
    """Return every day with the number of working days up to it."""
    calendar, number = working_calendar(), 0
    first = today - _BEHIND
    days = [first + timedelta(days=n) for n in range((_AHEAD + _BEHIND).days + 1)]
    numbers = []
    for day in days:
        number += calendar.is_working(day)
        numbers.append(number)
    return days, numbers
