"""Web push (RFC 8030, 8291, 8292): notices that a browser shows, also with the page closed.

PUSH_VAPID_KEY is the private key by which push services know us. The notice is encrypted for the
one browser; our service worker (portal/static/portal/sw.js) knows a reference that comes twice and
lets nobody hear it twice. Only the push services in PUSH_HOSTS are called, never an address inside
(F42).
"""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import NoReturn
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import ResolveResult
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPusher

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from notifications.rules.push import Subscription, SubscriptionError
from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.http import HttpClient
from notifications.transports.tables import in_database
from portal.common import clock

_KEEPS_FOR = timedelta(hours=24)
_SIGNED_FOR = timedelta(hours=12)  # RFC 8292: at most 24 h
_MOST_LETTERS = 600  # with its frame well under the 3,993 bytes that a push service must take
_GONE = frozenset({404, 410})
_TOO_LONG = 413
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")
_OPENS = "/my/inbox/"


class WebPush:
    """Speaks to the push services of browsers. A subscription that has ended is closed here too."""

    # The service worker hushes a reference that it showed within this time.
    traits = Traits(deduplicates_for=_KEEPS_FOR)

    def __init__(self, key: str, *, hosts: Iterable[str], client: HttpClient | None = None) -> None:
        """Take the private key (base64url of 32 bytes); ValueError where it is none."""
        self._vapid = _private(key)
        self._public = browser_key(key)
        self._hosts = tuple(hosts)
        self._client = client or HttpClient(connector=_outside)
        self._signed: dict[str, tuple[float, dict[str, str]]] = {}

    @classmethod
    def from_key(cls, key: str) -> WebPush:
        """Return the sender that PUSH_VAPID_KEY and PUSH_HOSTS describe."""
        return cls(key, hosts=settings.PUSH_HOSTS)

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one notice to the browser's push service; `address` is a Subscription's value."""
        body, subscription = self._sealed(address, content, reference)
        if subscription.under not in ("", self._public):
            await self._end(address, "the subscription belongs to an older key")
        headers = {
            **self._signature(subscription.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(_KEEPS_FOR.total_seconds())),
            "Topic": reference[:32],  # one that still waits is replaced, not added
            "Urgency": "normal",
        }
        answer = await self._client.request(
            "POST", subscription.endpoint, body=body, headers=headers
        )
        if answer.is_success:
            return Acceptance(gateway_reference=reference)
        if answer.status in _GONE:
            await self._end(address, "the subscription has ended")
        if answer.status == _TOO_LONG:
            raise TransportError("the notice is too long", permanent=True)
        raise answer.error()

    async def ask(self, reference: str) -> Acceptance | None:
        """Refuse: a push service tells nothing; sending again is harmless."""
        raise TransportError("a push service cannot be asked", permanent=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _end(self, address: str, why: str) -> NoReturn:
        """Close a subscription that reaches nobody; the message goes another way."""
        with suppress(TransportError):
            await in_database(_close, address)
        raise TransportError(why, permanent=True)

    def _sealed(self, address: str, content: Content, reference: str) -> tuple[bytes, Subscription]:
        """Return the notice as only the browser can open it."""
        notice = {
            "title": content.subject or settings.SITE_NAME,
            "body": content.body[:_MOST_LETTERS],
            "lang": content.language,
            "tag": reference,
            "url": _OPENS,
        }
        try:
            to = Subscription.read(address)
            to.check(hosts=self._hosts)
        except SubscriptionError as error:
            raise TransportError(str(error), permanent=True, before_asking=True) from None
        keys = {"p256dh": to.p256dh, "auth": to.auth}
        pusher = WebPusher({"endpoint": to.endpoint, "keys": keys})
        plain = json.dumps(notice, ensure_ascii=False).encode()
        return bytes(pusher.encode(plain)["body"]), to

    def _signature(self, endpoint: str) -> dict[str, str]:
        """Return the header by which a push service knows us, made anew every hour."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.hostname}"
        now = clock.now()
        until, headers = self._signed.get(audience, (0.0, {}))
        if until < now.timestamp():
            claims = {
                "aud": audience,
                "exp": int((now + _SIGNED_FOR).timestamp()),
                "sub": _operator(),
            }
            headers = self._vapid.sign(claims)
            self._signed[audience] = (now.timestamp() + 3600, headers)
        return headers


def browser_key(key: str) -> str:
    """Return the public half as browsers want it (applicationServerKey, base64url)."""
    point = _private(key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


class OutsideOnly(aiohttp.ThreadedResolver):
    """Finds addresses by name, once a connection; one that is not public is not opened (F42)."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name; OSError where one of them lies inside."""
        found = await super().resolve(host, port, family)
        if not all(is_outside(one["host"]) for one in found):
            raise OSError("this name leads to an address that is not public")
        return found


def is_outside(address: str) -> bool:
    """Tell whether an IP address is one of the public network, whichever way it is written."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
    return ip.is_global and not ip.is_multicast


def _outside() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=0, resolver=OutsideOnly())


def _private(key: str) -> Vapid02:
    if not _KEY.fullmatch(key):
        raise ValueError("not base64url of 32 bytes")
    return Vapid02.from_raw(key.rstrip("=").encode())


def _operator() -> str:
    """Return whom a push service may turn to: the portal itself."""
    url = str(settings.PUBLIC_URL)
    return url if url.startswith("https://") else "mailto:portal@demo.invalid"


def _close(address: str) -> None:
    """Take the subscription for no longer verified: the next message goes another way."""
    index = ContactPoint.index_of(ContactChannel.PUSH, address)
    points = ContactPoint.objects.filter(channel=ContactChannel.PUSH, value_index=index)
    points.update(verified_at=None)
