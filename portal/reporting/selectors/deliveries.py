"""Figures of messages: sent, arrived, opened, failed, cost; by unit, channel and topic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.common.sql import Statement

# Sent outside the inbox for so long and never opened: counted as not arrived.
UNREAD_AFTER = timedelta(days=7)


class By(StrEnum):
    """What the figures are split by."""

    UNIT = "unit"
    CHANNEL = "channel"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Asked:
    """Messages recorded in [since, until); empty `units` means every recipient anywhere."""

    since: datetime
    until: datetime
    units: Collection[int] | None = None
    topic: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of messages of one group; `key` holds a unit, a channel, a topic as asked for.

    `written` are all messages of the period. `sent` were taken by a gateway or put into the inbox;
    of these `delivered` are confirmed and `opened` were read. `failed`, `unknown`, `kept_back`
    (suppressed or withdrawn) and `waiting` are of all written; those and sent do not overlap,
    except that a message which failed or is unknown may have been taken before.
    """

    key: tuple[Any, ...]
    written: int
    sent: int
    delivered: int
    opened: int
    failed: int
    unknown: int
    kept_back: int
    waiting: int
    parts: int
    cost_vnd: int

    @property
    def unread(self) -> int:
        """Sent and not opened."""
        return self.sent - self.opened


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Matters of one unit, and how many of them reached nobody."""

    unit: int | None
    matters: int
    missed: int


_COLUMNS = {By.UNIT: "{unit}", By.CHANNEL: "coalesce(m.channel, '')", By.TOPIC: "m.topic_id"}
_UNIT = "coalesce(citizen.unit_id, organisation.unit_id, household.unit_id)"
_JOINS = """
LEFT JOIN citizens_citizen AS citizen ON citizen.party_id = m.recipient_id
LEFT JOIN citizens_organisation AS organisation ON organisation.party_id = m.recipient_id
LEFT JOIN citizens_household AS household ON household.party_id = m.recipient_id
"""
_COUNTS = """
count(*), count(m.sent_at), count(*) FILTER (WHERE m.state = 'delivered'),
count(*) FILTER (WHERE m.sent_at IS NOT NULL AND m.read_at IS NOT NULL),
count(*) FILTER (WHERE m.state IN ('failed', 'parked')),
count(*) FILTER (WHERE m.state = 'unknown'),
count(*) FILTER (WHERE m.state IN ('suppressed', 'withdrawn')),
count(*) FILTER (WHERE m.state IN ('queued', 'sending')),
coalesce(sum(m.part_count), 0), coalesce(sum(m.price_vnd), 0)
"""
# A matter is a thread to one recipient; what was said together counts once. It is missed when
# nothing of it was opened or arrived as an SMS, the person did not act, nothing is under way, and
# what was sent outside the inbox is old.
_ARRIVALS = """
SELECT unit, count(*), count(*) FILTER (WHERE NOT is_over AND NOT is_under_way
    AND (outside_at IS NULL OR outside_at < %s))
FROM (
    SELECT {unit} AS unit,
        bool_or(m.read_at IS NOT NULL OR (m.state = 'delivered' AND m.channel = 'sms')
            OR (m.state = 'withdrawn' AND m.reason = 'acted')) AS is_over,
        bool_or(m.state IN ('queued', 'sending')) AS is_under_way,
        min(m.sent_at) FILTER (WHERE m.channel <> 'inbox' AND m.state IN ('sent', 'delivered'))
            AS outside_at
    FROM notifications_message AS m {joins}
    WHERE {where} AND m.digest_id IS NULL AND (m.thread_key <> '' OR m.topic_id = 'digest')
    GROUP BY m.recipient_id, m.thread_key, {unit},
        CASE WHEN m.thread_key = '' THEN m.id END
) AS matter
GROUP BY unit
"""


def message_figures(asked: Asked, *, by: Sequence[By]) -> list[Figures]:
    """Return the figures of each group, the largest first; one without messages is not there."""
    needs_unit = By.UNIT in by or asked.units is not None
    where, params = _where(asked)
    columns = ", ".join(_COLUMNS[one].format(unit=_UNIT) for one in by)
    groups = ", ".join(str(number + 1) for number in range(len(by)))
    sql = (
        f"SELECT {columns}, {_COUNTS} FROM notifications_message AS m "  # noqa: S608 - our own text
        f"{_JOINS if needs_unit else ''} WHERE {where} GROUP BY {groups} "
        f"ORDER BY {len(by) + 1} DESC"
    )
    rows = Statement(sql, params).fetch()
    return [Figures(row[: len(by)], *map(int, row[len(by) :])) for row in rows]


def arrivals(asked: Asked, *, now: datetime) -> dict[int | None, Arrivals]:
    """Return by unit how many matters there were and how many reached nobody."""
    where, params = _where(asked)
    sql = _ARRIVALS.format(unit=_UNIT, joins=_JOINS, where=where)
    rows = Statement(sql, (now - UNREAD_AFTER, *params)).fetch()
    return {unit: Arrivals(unit, matters, missed) for unit, matters, missed in rows}


def total_of(rows: Sequence[Figures]) -> Figures:
    """Return the sum of all groups."""
    numbers = [
        sum(getattr(row, name) for row in rows)
        for name in Figures.__dataclass_fields__
        if name != "key"
    ]
    return Figures((), *numbers)


def _where(asked: Asked) -> tuple[str, tuple[Any, ...]]:
    parts = ["m.recorded_at >= %s", "m.recorded_at < %s"]
    params: list[Any] = [asked.since, asked.until]
    if asked.units is not None:
        parts.append(f"{_UNIT} = ANY(%s)")
        params.append(list(asked.units))
    if asked.topic:
        parts.append("m.topic_id = %s")
        params.append(asked.topic)
    if asked.channel:
        parts.append("m.channel = %s")
        params.append(asked.channel)
    return " AND ".join(parts), tuple(params)
