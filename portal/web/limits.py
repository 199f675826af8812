"""How often something may be asked, counted in the cache that guards (a table, so F5 holds)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpResponse

from portal.common import clock


@dataclass(frozen=True)
class Limit:
    """At most `most` times in each whole span of `seconds`, for each key on its own.

    Two requests at the very same moment may count as one: for what is limited here that is enough,
    sign-in and codes are counted by allauth.
    """

    name: str
    most: int
    seconds: int

    def passed(self, key: str) -> HttpResponse | None:
        """Count one more of `key`; return the answer 429 with its Retry-After where it is too much.

        Of the key only a digest is kept.
        """
        now = int(clock.now().timestamp())
        span, into = divmod(now, self.seconds)
        place = f"limit:{self.name}:{span}:{sha256(key.encode()).hexdigest()}"
        count = cache.get(place, 0)
        if count >= self.most:
            return HttpResponse(status=429, headers={"Retry-After": str(self.seconds - into)})
        cache.set(place, count + 1, self.seconds)
        return None
