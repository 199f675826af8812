"""When a gateway is left alone, and whose turn it is under its rate (F15); plain values."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FAILURES_IN_A_ROW = 8
REFUSALS_IN_A_ROW = 25
_SHARE, _SHARE_OF, _AT_LEAST = 0.5, 40, 20
_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(minutes=5)
# A gateway that asks for longer than this is out of service; for less, everybody just waits.
LONGEST_WAIT = timedelta(minutes=1)


@dataclass
class Breaker:
    """What one process saw of one gateway since it last worked or was last left alone.

    Eight failures in a row open it, or a half of the last forty. A refusal says that the gateway
    works and the message is at fault; yet when it refuses everybody, its key or account is.
    """

    failure_count: int = 0
    refusal_count: int = 0
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=_SHARE_OF))

    def note_success(self) -> None:
        """Take note of a message that was accepted."""
        self.failure_count = self.refusal_count = 0
        self.recent.append(True)

    def note_failure(self) -> None:
        """Take note of a send that failed through no fault of its message."""
        self.failure_count += 1
        self.recent.append(False)

    def note_refusal(self) -> None:
        """Take note of a message that the gateway will never take."""
        self.refusal_count += 1

    @property
    def should_open(self) -> bool:
        """Whether the gateway is better left alone for a while."""
        failed = self.recent.count(False)
        return (
            self.failure_count >= FAILURES_IN_A_ROW
            or self.refusal_count >= REFUSALS_IN_A_ROW
            or (len(self.recent) >= _AT_LEAST and failed >= _SHARE * len(self.recent))
        )


def rest(failure_count: int) -> timedelta:
    """Return for how long a gateway is left alone after so many failures in a row.

    It begins with 5 s and doubles with each probe that fails, to at most 5 min.
    """
    doublings = min(max(failure_count - FAILURES_IN_A_ROW, 0), 20)
    return min(_LONGEST_REST, _FIRST_REST * (1 << doublings))


def turns(
    free_at: datetime | None, *, now: datetime, wanted: int, rate: float, horizon: timedelta
) -> list[datetime]:
    """Return when the next messages may leave a gateway of `rate` a second, at most `wanted`.

    `free_at` is when the one after all turns given so far may leave. No turn is given later than
    `horizon` from now: what is more urgent must not find the next minutes taken.
    """
    if free_at is None or free_at - now > 2 * LONGEST_WAIT:  # or written under another clock (F8)
        free_at = now
    first = max(free_at, now)
    gap = timedelta(seconds=1 / rate)
    room = int((now + horizon - first) / gap) + 1 if first <= now + horizon else 0
    return [first + gap * place for place in range(min(wanted, room))]
