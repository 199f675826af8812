"""How often something may be asked of the citizens' pages."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

from citizens.services.count_tries import count_try
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
    """Return from where a request comes, as limits count it.

    Of IPv6 that is the network of 64 bits: whoever has one address has all of it (RFC 6177).
    """
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return str(address)
