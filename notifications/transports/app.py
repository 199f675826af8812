"""`app+https:`: the province's mobile app, one signed POST a person (docs/gateways.md).

``app+https://KEY:SECRET@host/path?rate=100``. The app drops repeats of an Idempotency-Key for a
day (`dedup=no` where it does not) and reports to the portal what arrived and what was read.
"""

from __future__ import annotations

import json
from datetime import timedelta

from notifications.rules.signatures import signed_headers
from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.http import HttpClient
from notifications.transports.urls import GatewayUrl
from portal.common import clock

_DEDUPLICATES_FOR = timedelta(hours=23, minutes=55)
# The app does not know this person, or no longer.
_NOBODY = frozenset({404, 410, 422})


class AppGateway:
    """The app's server."""

    def __init__(self, url: GatewayUrl, *, client: HttpClient | None = None) -> None:
        """Take address, key and secret from the URL."""
        url.need_secrets()
        self.traits = Traits(
            deduplicates_for=_DEDUPLICATES_FOR if url.flag("dedup", default=True) else None,
            rate=url.rate,
            has_receipts=True,
        )
        self._url, self._key, self._secret = url.origin + url.path, url.user, url.secret
        self._client = client or HttpClient()

    @classmethod
    def from_url(cls, url: str) -> AppGateway:
        """Return the gateway that a URL describes; UrlError where it cannot."""
        return cls(GatewayUrl.read(url, items=("dedup", "rate")))

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one notice over, signed at this moment."""
        notice = {
            "reference": reference,
            "to": address,
            "topic": content.topic,
            "language": content.language,
            "title": content.subject,
            "body": content.body,
        }
        body = json.dumps(notice, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": reference,
            "X-Portal-Key": self._key,
            **signed_headers(body, secret=self._secret, timestamp=int(clock.now().timestamp())),
        }
        answer = await self._client.request("POST", self._url, body=body, headers=headers)
        if answer.is_success:
            return Acceptance(str(answer.json().get("id") or "")[:80])
        if answer.status in _NOBODY:
            raise TransportError("the app does not know this person", permanent=True)
        raise answer.error()

    async def ask(self, reference: str) -> Acceptance | None:
        """Refuse: a repeat under the same key does no harm."""
        raise TransportError("the app need not be asked", permanent=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
