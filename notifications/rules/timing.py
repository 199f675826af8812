"""When a message may leave, and when a failed one is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET_FROM, QUIET_UNTIL = 21, 7
MAX_ATTEMPTS = 8
# Claims whose holder died are forgiven so long: a message may be what kills its senders.
MAX_CLAIMS = 3 * MAX_ATTEMPTS
_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(minutes=30)


@dataclass(frozen=True)
class Hours:
    """Between which hours of the civil day somebody is told: at `first`, no more at `last`."""

    first: int = QUIET_UNTIL
    last: int = QUIET_FROM


DAY = Hours()


def quiet_until(civil_now: datetime, hours: Hours = DAY) -> datetime | None:
    """Return when quiet hours end if it is quiet on this clock (at night, 21:00–07:00), else None.

    `civil_now` is an aware datetime in the civil zone (`clock.civil_time`), and so is the answer.
    """
    if hours.first <= civil_now.hour < hours.last:
        return None
    morning = civil_now.replace(hour=hours.first, minute=0, second=0, microsecond=0)
    return morning if civil_now.hour < hours.first else morning + timedelta(days=1)


def next_morning(civil_now: datetime) -> datetime:
    """Return when quiet hours end on the following civil day; both in the civil zone."""
    tomorrow = civil_now + timedelta(days=1)
    return tomorrow.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)


def retry_delay(attempt: int, *, chance: float, asked: timedelta | None = None) -> timedelta:
    """Return how long to wait after failed attempt number `attempt` (from 1).

    It doubles from 5 s to at most 30 min; `chance` in [0, 1) spreads it over the upper half, so
    that a thousand failures do not return in one second. A gateway's own wish (`asked`) is a
    minimum.
    """
    ceiling = min(_LONGEST_DELAY, _FIRST_DELAY * (1 << min(attempt - 1, 20)))
    return max(ceiling * (0.5 + chance / 2), asked or timedelta())
