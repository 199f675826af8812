"""The server of the province's app (MÔ PHỎNG), as docs/gateways.md describes it to its makers."""

from __future__ import annotations

import hashlib
import hmac
import time

from aiohttp import web

from tests.peers.web_peer import WebPeer


class AppPeer(WebPeer):
    """It checks the signature by the book, and shows a notice once an Idempotency-Key."""

    prefix = "app+http://portal:s%2Fcret@"
    path = "/notices"

    def routes(self) -> list[web.RouteDef]:
        """Take notices."""
        return [web.post("/notices", self._send)]

    def refused(self) -> web.Response:
        """Nobody of that name has the app."""
        return web.json_response({"error": "unknown person"}, status=422)

    async def _send(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), request.headers
        timestamp = headers["X-Portal-Timestamp"]
        said = f"{timestamp}.".encode() + body
        expected = hmac.new(b"s/cret", said, hashlib.sha256).hexdigest()
        is_theirs = hmac.compare_digest(expected, headers["X-Portal-Signature"])
        if not is_theirs or abs(time.time() - int(timestamp)) > 300:
            return web.json_response({"error": "signature"}, status=401)
        notice = await request.json()
        self.requests.append(notice)
        reference = headers["Idempotency-Key"]
        if not self.delivered[reference]:
            self.delivered[reference] += 1
        return web.json_response({"id": f"app-{reference[:8]}"})
