"""How often somebody tried something, counted in the cache that guards (a table, so F5 holds)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.cache import cache


def count_try(*, what: str, key: str, most: int, seconds: int, now: datetime) -> int:
    """Count one more try of `key` and return 0, or the seconds to wait where it is one too many.

    At most `most` in each whole span of `seconds`. Of the key only a digest is kept. Two at the
    very same moment may count as one: sign-in and codes are counted by allauth.
    """
    span, into = divmod(int(now.timestamp()), seconds)
    place = f"limit:{what}:{span}:{sha256(key.encode()).hexdigest()}"
    count = cache.get(place, 0)
    if count >= most:
        return seconds - into
    cache.set(place, count + 1, seconds)
    return 0
