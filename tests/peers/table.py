"""Every gateway that is reached over HTTP, with the peer that plays it. A new one joins here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from notifications.transports.app import AppGateway
from notifications.transports.base import Transport
from notifications.transports.esms import EsmsGateway
from notifications.transports.http import HttpClient
from notifications.transports.kannel import KannelGateway
from notifications.transports.urls import GatewayUrl
from tests.peers.app import AppPeer
from tests.peers.esms import EsmsPeer
from tests.peers.kannel import KannelPeer
from tests.peers.web_peer import WebPeer

RECEIPTS = "https://portal.example/receipts/sms/token/"
_ITEMS = ("ask", "brandname", "dedup", "dlr", "from", "rate")


@dataclass(frozen=True)
class Pair:
    """A peer, and the transport that is made for it; `client` may be a hasty one."""

    peer: Callable[[], WebPeer]
    transport: Callable[[str, HttpClient | None], Transport]
    query: str | None = None

    def connect(self, peer: WebPeer, client: HttpClient | None = None) -> Transport:
        """Return a transport that talks to a peer which serves."""
        return self.transport(peer.url(self.query), client)


def _esms(url: str, client: HttpClient | None) -> Transport:
    return EsmsGateway(GatewayUrl.read(url, items=_ITEMS), receipts_url=RECEIPTS, client=client)


def _kannel(url: str, client: HttpClient | None) -> Transport:
    return KannelGateway(GatewayUrl.read(url, items=_ITEMS), receipts_url=RECEIPTS, client=client)


def _app(url: str, client: HttpClient | None) -> Transport:
    return AppGateway(GatewayUrl.read(url, items=_ITEMS), client=client)


PAIRS: Mapping[str, Pair] = {
    "esms+http": Pair(EsmsPeer, _esms),
    "esms+http askable": Pair(EsmsPeer, _esms, "brandname=UBND&ask=/ask&dedup=no"),
    "kannel+http": Pair(KannelPeer, _kannel),
    "app+http": Pair(AppPeer, _app),
}
