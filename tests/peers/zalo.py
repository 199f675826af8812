"""Zalo's notices by template and its tokens (MÔ PHỎNG): refresh tokens work once."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.peers.web_peer import WebPeer

SECRET = "s/ecret"
FIRST = "refresh-0"


class ZaloPeer(WebPeer):
    """It takes notices under the newest access token only. `answers` come before anything else.

    `renewals` counts the tokens handed out; `slow` is how long that takes, in seconds.
    """

    def __init__(self) -> None:
        """Know the first refresh token."""
        super().__init__()
        self.renewals = 0
        self.slow = 0.0
        self.lives = 90_000
        self.answers: list[int] = []
        self.notices: list[dict[str, Any]] = []
        self.is_locked = False
        self._refresh, self._access = FIRST, ""

    def routes(self) -> list[web.RouteDef]:
        """Take notices, hand out tokens."""
        return [
            web.post("/message/template", self._notice),
            web.post("/v4/oa/access_token", self._renew),
        ]

    def refused(self) -> web.Response:
        """No Zalo account has this number."""
        return web.json_response({"error": -118, "message": "Zalo account not existed"})

    def account(self, first: str = FIRST, **more: str) -> str:
        """Return the ZALO_URL of this peer."""
        items = "".join(f"&{name}={value}" for name, value in more.items())
        host = self.origin.removeprefix("http://")
        return f"zns+http://app1:s%2Fecret@{host}/?refresh={first}&oauth={self.origin}{items}"

    def forget_access(self) -> None:
        """End the access token early, as a revocation does."""
        self._access = "gone"

    async def _notice(self, request: web.Request) -> web.Response:
        notice = await request.json()
        self.requests.append(notice)
        if request.headers.get("access_token") != self._access:
            return web.json_response({"error": -124, "message": "Access token invalid"})
        if self.answers:
            return web.json_response({"error": self.answers.pop(0), "message": "no"})
        self.notices.append(notice)
        self.delivered[notice["tracking_id"]] += 1
        number = f"zalo-{notice['tracking_id'][:8]}"
        return web.json_response({"error": 0, "message": "Success", "data": {"msg_id": number}})

    async def _renew(self, request: web.Request) -> web.Response:
        form = await request.post()
        await asyncio.sleep(self.slow)
        is_known = request.headers.get("secret_key") == SECRET and not self.is_locked
        if not is_known or form["refresh_token"] != self._refresh:
            return web.json_response({"error": -14014, "error_name": "Invalid refresh token"})
        self.renewals += 1
        self._refresh, self._access = f"refresh-{self.renewals}", f"access-{self.renewals}"
        return web.json_response(
            {
                "access_token": self._access,
                "refresh_token": self._refresh,
                "expires_in": str(self.lives),
            }
        )
