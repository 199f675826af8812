"""`kannel+http:`: SMS by Kannel's sendsms, with delivery reports (Kannel's user guide, chapter 6).

``kannel+https://user:pass@host:port/cgi-bin/sendsms?from=X&dlr=1&rate=50``. Kannel repeats what it
is told twice and cannot be asked; `dedup=yes` says that something before it drops repeats of a
`binfo`, which is our reference and stands in Kannel's access log.
"""

from __future__ import annotations

from datetime import timedelta

from notifications.rules.sms import is_gsm7
from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.http import Answer, HttpClient
from notifications.transports.urls import GatewayUrl

_DEDUPLICATES_FOR = timedelta(hours=23, minutes=55)
# Delivered 1, not delivered 2, taken by the operator 8, refused by it 16: the third tells within
# seconds about a message whose hand-over broke off.
_DLR_MASK = "27"
_UNROUTABLE = "Not routable"
_SENDER = "Sender missing"


class KannelGateway:
    """One sendsms user of a Kannel."""

    def __init__(
        self, url: GatewayUrl, *, receipts_url: str = "", client: HttpClient | None = None
    ) -> None:
        """Take user and sender from the URL; with `dlr=1` Kannel reports to `receipts_url`."""
        url.need_secrets()
        deduplicates = url.flag("dedup", default=False)
        reports = bool(receipts_url) and url.flag("dlr", default=False)
        self.traits = Traits(
            deduplicates_for=_DEDUPLICATES_FOR if deduplicates else None,
            rate=url.rate,
            has_receipts=reports,
        )
        self._url = url.origin + url.path
        self._fixed = {"username": url.user, "password": url.secret}
        if url.query.get("from"):
            self._fixed["from"] = url.query["from"]
        if reports:
            self._fixed["dlr-mask"] = _DLR_MASK
        self._receipts_url = receipts_url if reports else ""
        # A kept connection that breaks leaves a message in doubt, and here nobody can settle that.
        self._client = client or HttpClient(keep_alive=deduplicates)

    @classmethod
    def from_url(cls, url: str, *, receipts_url: str = "") -> KannelGateway:
        """Return the gateway that a URL describes; UrlError where it cannot."""
        items = ("from", "dlr", "dedup", "rate")
        return cls(GatewayUrl.read(url, items=items), receipts_url=receipts_url)

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one SMS over: 7 bits a letter where the text allows, else UCS-2."""
        message = {
            **self._fixed,
            "to": address,
            "text": content.body,
            "charset": "UTF-8",
            "coding": "0" if is_gsm7(content.body) else "2",
            "binfo": reference,
        }
        if self._receipts_url:
            message["dlr-url"] = f"{self._receipts_url}?reference={reference}&status=%d&id=%I"
        answer = await self._client.request("GET", self._url, params=message)
        if answer.is_success:
            return Acceptance()
        raise _refusal(answer)

    async def ask(self, reference: str) -> Acceptance | None:
        """Refuse: Kannel keeps no books that could be asked."""
        raise TransportError("Kannel cannot be asked", permanent=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _refusal(answer: Answer) -> TransportError:
    """Return what a refusal means: 403 is a wrong password, or a number that no route serves."""
    if _UNROUTABLE in answer.text:
        return TransportError("Kannel has no route to this number", permanent=True)
    if _SENDER in answer.text:
        return TransportError("Kannel wants a sender: set from= in the channel's URL")
    return answer.error()
