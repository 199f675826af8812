"""`esms+https:`: SMS by a JSON POST in the shape of eSMS.

``esms+https://APIKEY:SECRET@host:port/?brandname=X&dedup=yes&ask=/path&rate=50``: `dedup=no` for
a gateway that does not honour RequestId, `ask=` for one that can be asked about it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from notifications.rules.sms import is_gsm7
from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.http import Answer, HttpClient
from notifications.transports.urls import GatewayUrl

_SEND = "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
_JSON = {"Content-Type": "application/json"}
_CUSTOMER_CARE = "2"
# It blocks a RequestId for 24 h; the last minutes are for a send that is on its way already.
_BLOCKS_FOR = timedelta(hours=23, minutes=55)
_ACCEPTED, _ACCEPTED_BEFORE, _NOT_FOUND = "100", "124", "105"
# What is wrong with this number or this text, and stays so. Everything else (key, balance, sender,
# an address not on their list, a code nobody explained) may be over tomorrow.
_REFUSED = {
    "108": "no such number",
    "118": "this kind of message is not taken",
    "119": "this kind of message is not taken",
    "146": "the text fits no registered template",
    "177": "this network is not registered",
}


class EsmsGateway:
    """One account at a gateway of this shape."""

    def __init__(
        self, url: GatewayUrl, *, receipts_url: str = "", client: HttpClient | None = None
    ) -> None:
        """Take the account from the URL; the gateway reports to `receipts_url` where given."""
        url.need_secrets()
        self.traits = Traits(
            deduplicates_for=_BLOCKS_FOR if url.flag("dedup", default=True) else None,
            can_ask=bool(url.query.get("ask")),
            rate=url.rate,
            has_receipts=bool(receipts_url),
        )
        self._send_url = url.origin + (_SEND if url.path == "/" else url.path)
        self._ask_url = url.origin + "/" + url.query.get("ask", "").lstrip("/")
        self._account = {"ApiKey": url.user, "SecretKey": url.secret}
        self._fixed = {
            **self._account,
            "Brandname": url.query.get("brandname", ""),
            "SmsType": _CUSTOMER_CARE,
            **({"CallbackUrl": receipts_url} if receipts_url else {}),
        }
        self._client = client or HttpClient()

    @classmethod
    def from_url(cls, url: str, *, receipts_url: str = "") -> EsmsGateway:
        """Return the gateway that a URL describes; UrlError where it cannot."""
        items = ("brandname", "dedup", "ask", "rate")
        return cls(GatewayUrl.read(url, items=items), receipts_url=receipts_url)

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one SMS over; a RequestId that was accepted before is as good as accepted now."""
        message = {
            **self._fixed,
            "Phone": _national(address),
            "Content": content.body,
            "IsUnicode": "0" if is_gsm7(content.body) else "1",
            "RequestId": reference,
        }
        answer = await self._client.request(
            "POST", self._send_url, body=json.dumps(message).encode(), headers=_JSON
        )
        if not answer.is_success:
            raise answer.error()
        said = answer.json()
        code = _code(said)
        if code in (_ACCEPTED, _ACCEPTED_BEFORE):
            return _acceptance(said)
        raise _refusal(code)

    async def ask(self, reference: str) -> Acceptance | None:
        """Look a RequestId up; anything but a clear yes or no is an error."""
        if not self.traits.can_ask:
            raise TransportError("this gateway cannot be asked", permanent=True)
        question = {**self._account, "RequestId": reference}
        answer = await self._client.request("GET", self._ask_url, params=question)
        if answer.status == 404:
            return None
        return _known(answer)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _known(answer: Answer) -> Acceptance | None:
    if not answer.is_success:
        raise answer.error()
    said = answer.json()
    code = _code(said)
    if code in (_ACCEPTED, _ACCEPTED_BEFORE):
        return _acceptance(said)
    if code == _NOT_FOUND:
        return None
    raise _refusal(code, uncertain=True)


def _code(said: Mapping[str, object]) -> str:
    return str(said.get("CodeResult") or said.get("CodeResponse") or "")


def _acceptance(said: Mapping[str, object]) -> Acceptance:
    return Acceptance(str(said.get("SMSID") or "")[:80])


def _refusal(code: str, *, uncertain: bool = False) -> TransportError:
    if not code.isdecimal():
        return TransportError("the gateway's answer has no CodeResult", uncertain=True)
    meaning = _REFUSED.get(code, "look at the account" if len(code) <= 3 else "unknown")
    text = f"CodeResult {code[:5]}: {meaning}"
    return TransportError(text, permanent=code in _REFUSED and not uncertain, uncertain=uncertain)


def _national(address: str) -> str:
    """Return a number as the gateway's customers write it: 0… at home, bare digits abroad."""
    return "0" + address[3:] if address.startswith("+84") else address.removeprefix("+")
