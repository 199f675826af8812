"""How often something may be asked of the citizens' pages."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

from citizens.services.count_tries import count_try, network_of
from portal.common import clock


@dataclass(frozen=True)
class Limit:
    """At most `most` times within `seconds` from the first, for each key on its own."""

    name: str
    most: int
    seconds: int

    def passed(self, key: str) -> HttpResponse | None:
        """Count one more of `key`; return the answer 429 with its Retry-After where it is too much.

        Of the key only a keyed digest is kept.
        """
        wait = count_try(
            what=self.name, key=key, most=self.most, seconds=self.seconds, now=clock.now()
        )
        return HttpResponse(status=429, headers={"Retry-After": str(wait)}) if wait else None


def address_of(request: HttpRequest) -> str:
    """Return from where a request comes, as limits count it (`network_of`)."""
    return network_of(get_adapter().get_client_ip(request))
