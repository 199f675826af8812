"""Where an import stands at this moment, for people who watch; may vanish at any time.

The table knows the state and the last slice that was written. What happens in between is told
through the cache that may be lost: nothing depends on it. Keys and values hold numbers only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import caches
from redis.exceptions import RedisError

_SECONDS = 120
_AT_MOST_EVERY = 0.7


@dataclass(frozen=True)
class Live:
    """The phase (reading, writing, linking, rejecting), the line reached, and if it is a trial."""

    phase: str
    line: int
    is_rehearsal: bool


def live_of(batch: int) -> Live | None:
    """Return where the import of a batch stands; None when nobody tells."""
    with suppress(RedisError):
        found = caches["fast"].get(_key(batch))
        return Live(*found) if found else None
    return None


def teller(batch: int, *, is_rehearsal: bool) -> Callable[[str, int], None]:
    """Return what an import calls with its phase and line: it tells others about once a second."""
    last_phase, told_at = "", 0.0

    def tell(phase: str, line: int) -> None:
        nonlocal last_phase, told_at
        now = time.monotonic()
        if phase == last_phase and now - told_at < _AT_MOST_EVERY:
            return
        last_phase, told_at = phase, now
        with suppress(RedisError):
            caches["fast"].set(_key(batch), (phase, line, is_rehearsal), _SECONDS)

    return tell


def be_quiet(batch: int) -> None:
    """Forget what was told of a batch that ended."""
    with suppress(RedisError):
        caches["fast"].delete(_key(batch))


def _key(batch: int) -> str:
    return f"import:{batch}"
