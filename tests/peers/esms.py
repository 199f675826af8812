"""An SMS gateway in the shape of eSMS (MÔ PHỎNG)."""

from __future__ import annotations

from aiohttp import web

from tests.peers.web_peer import WebPeer

SEND = "/MainService.svc/json/SendMultipleMessage_V4_post_json/"


class EsmsPeer(WebPeer):
    """It drops repeats of a RequestId unless told otherwise, and can be asked about one."""

    prefix = "esms+http://key:secret%40%2F@"
    query = "brandname=UBND"

    def __init__(self, *, dedup: bool = True) -> None:
        """Say whether it honours RequestId."""
        super().__init__()
        self.dedup = dedup

    def routes(self) -> list[web.RouteDef]:
        """Take messages, answer questions about them."""
        return [web.post(SEND, self._send), web.get("/ask", self._ask)]

    def refused(self) -> web.Response:
        """No such number."""
        return web.json_response({"CodeResult": "108", "ErrorMessage": "phone 0500000001"})

    async def _send(self, request: web.Request) -> web.Response:
        message = await request.json()
        self.requests.append(message)
        if (message["ApiKey"], message["SecretKey"]) != ("key", "secret@/"):
            return web.json_response({"CodeResult": "101", "ErrorMessage": "Authorize Failed"})
        reference = message["RequestId"]
        if self.dedup and self.delivered[reference]:
            return web.json_response({"CodeResult": "124", "ErrorMessage": "Request exist 1"})
        self.delivered[reference] += 1
        return web.json_response({"CodeResult": "100", "SMSID": f"sms-{reference[:8]}"})

    async def _ask(self, request: web.Request) -> web.Response:
        if request.query["ApiKey"] != "key":
            return web.json_response({"CodeResult": "101"})
        reference = request.query["RequestId"]
        code = "100" if self.delivered[reference] else "105"
        return web.json_response({"CodeResult": code, "SMSID": f"sms-{reference[:8]}"})
