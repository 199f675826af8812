"""Kannel's sendsms answered by a test (MÔ PHỎNG); the real one stands in `real_kannel`."""

from __future__ import annotations

from aiohttp import web

from tests.peers.web_peer import WebPeer


class KannelPeer(WebPeer):
    """It sends whatever it is told, as often as it is told."""

    prefix = "kannel+http://user:p%40ss@"
    path = "/cgi-bin/sendsms"
    query = "from=UBND&dlr=1"

    locked_status = 403

    def routes(self) -> list[web.RouteDef]:
        """Take messages."""
        return [web.get("/cgi-bin/sendsms", self._send)]

    def refused(self) -> web.Response:
        """No route to this number."""
        return web.Response(status=403, text="Not routable. Do not try again.")

    async def _send(self, request: web.Request) -> web.Response:
        message = dict(request.query)
        self.requests.append(message)
        if (message["username"], message["password"]) != ("user", "p@ss"):
            return web.Response(status=403, text="Authorization failed for sendsms")
        self.delivered[message["binfo"]] += 1
        return web.Response(status=202, text="0: Accepted for delivery")
