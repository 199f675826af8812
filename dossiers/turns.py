"""Whose turn it is at the counters: who has priority goes first, and nobody waits for ever.

Priority, and an appointment whose time has come, are preferred. The ticket that leads the ordinary
line is passed by at most `in_a_row` preferred ones and is the next then. So an ordinary ticket with
k ordinary ones before it is called within (k + 1) × (in_a_row + 1) calls of those who serve it, a
preferred one with k preferred before it within 2 (k + 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WAIT_LIMIT = timedelta(minutes=15)  # domain.md: at most 15 minutes of waiting
SERVE_LIMIT = timedelta(minutes=30)  # domain.md: at most 30 minutes a file
LATE_AFTER = timedelta(minutes=15)  # an appointment is kept so long
BEHIND = 3  # whoever missed their call comes back behind so many others
USUAL_SERVING = timedelta(minutes=10)  # told before anything was measured


@dataclass(frozen=True)
class Waiting:
    """A ticket that waits; `since` is its place in its line, `passed` how often it was passed.

    `behind` others are called before it (it missed its call); before `opens_at` (the reserved time
    of an appointment) it is called only when nobody else waits.
    """

    key: int
    since: datetime
    is_preferred: bool = False
    passed: int = 0
    behind: int = 0
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """Who is called, and the ordinary ticket that is passed over by it, if any."""

    ticket: Waiting
    passed: Waiting | None = None


def next_turn(waiting: Iterable[Waiting], *, in_a_row: int, now: datetime) -> Turn | None:
    """Return whose turn it is, None when nobody waits."""
    everybody = sorted(waiting, key=lambda one: (one.since, one.key))
    ready = [one for one in everybody if one.behind == 0 and _is_open(one, now)]
    preferred = next((one for one in ready if one.is_preferred), None)
    ordinary = next((one for one in ready if not one.is_preferred), None)
    if preferred and ordinary:
        if ordinary.passed < in_a_row:
            return Turn(preferred, passed=ordinary)
        return Turn(ordinary)
    found = preferred or ordinary or min(everybody, key=lambda one: one.behind, default=None)
    return Turn(found) if found else None


def expected_wait(*, ahead: int, serving: timedelta, counters: int) -> int:
    """Return the minutes that somebody with so many before them will wait, in steps of five.

    `serving` is the middle of how long a person takes, `counters` how many serve now.
    """
    minutes = ahead * serving.total_seconds() / 60 / max(counters, 1)
    return -(-int(minutes) // 5) * 5


def _is_open(one: Waiting, now: datetime) -> bool:
    return one.opens_at is None or one.opens_at <= now
