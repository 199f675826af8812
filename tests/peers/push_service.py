"""A push service on the loopback (MÔ PHỎNG) that decrypts what it is given, as a browser would."""

from __future__ import annotations

import base64
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import http_ece
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from notifications.transports.http import HttpClient
from tests.peers.own_tls import tls_pair

HOST = "fcm.googleapis.com"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class PushService:
    """It takes notices for one browser. `status` is its answer, `headers` go with it."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    notices: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    signers: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        """Make the browser's keys."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def subscription(self, host: str = HOST, path: str = "/fcm/send/abc:DEF-1_2") -> str:
        """Return what the browser would hand to the page."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _text(point), "auth": _text(self._auth)}
        made = {"endpoint": f"https://{host}{path}", "expirationTime": None, "keys": keys}
        return json.dumps(made)

    def client(self) -> HttpClient:
        """Return a client for which every name leads here; it trusts this service only."""
        _server, tls = tls_pair(HOST)
        here = _Here(self.port)
        return HttpClient(connector=lambda: aiohttp.TCPConnector(resolver=here, ssl=tls))

    async def take(self, request: web.Request) -> web.Response:
        """Decrypt a notice and check who signed it; or answer as told."""
        self.asked.append(dict(request.headers))
        if self.status == 201:
            plain = http_ece.decrypt(
                await request.read(), private_key=self._key, auth_secret=self._auth
            )
            self.notices.append(json.loads(plain))
            self.signers.append(_claims(request.headers["Authorization"]))
        return web.Response(status=self.status, headers=self.headers)


@asynccontextmanager
async def open_push_service() -> AsyncIterator[PushService]:
    """Serve over TLS in this loop, on a free port, until the block ends."""
    service = PushService()
    app = web.Application()
    app.router.add_post("/{path:.*}", service.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    server, _client = tls_pair(HOST)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server).start()
    service.port = runner.addresses[0][1]
    try:
        yield service
    finally:
        await runner.cleanup()


def _claims(header: str) -> dict[str, Any]:
    """Return what a sender claims, its key, and whether that key signed the claims."""
    token, _comma, key = header.removeprefix("vapid t=").partition(",k=")
    body = token.split(".")[1]
    found = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return {**found, "key": key, "verified": Vapid02.verify(header)}


class _Here(AbstractResolver):
    """Every name is this machine's service."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        return
