"""Which gateway serves a channel, by the scheme of the channel's URL (contract.md, Environment)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications.enums import Channel
from notifications.rules.signatures import path_token
from notifications.transports.app import AppGateway
from notifications.transports.base import Transport
from notifications.transports.demo import DemoPhones
from notifications.transports.email import SmtpRelay
from notifications.transports.esms import EsmsGateway
from notifications.transports.inbox import Inbox
from notifications.transports.kannel import KannelGateway
from notifications.transports.push import WebPush
from notifications.transports.simulator import SimulatedGateway
from notifications.transports.urls import UrlError
from notifications.transports.zalo import ZaloNotices


def _receipts_url(channel: Channel) -> str:
    """Return where a gateway that cannot sign reports to: its address itself is the secret."""
    token = path_token(settings.RECEIPT_SECRET, channel=channel)
    return f"{settings.PUBLIC_URL}/receipts/{channel}/{token}/"


def _esms(url: str) -> Transport:
    return EsmsGateway.from_url(url, receipts_url=_receipts_url(Channel.SMS))


def _kannel(url: str) -> Transport:
    return KannelGateway.from_url(url, receipts_url=_receipts_url(Channel.SMS))


VARIABLES: Mapping[Channel, str] = {
    Channel.SMS: "SMS_URL",
    Channel.APP: "APP_URL",
    Channel.ZALO: "ZALO_URL",
    Channel.EMAIL: "EMAIL_URL",
    Channel.PUSH: "PUSH_VAPID_KEY",
}
SCHEMES: Mapping[Channel, Mapping[str, Callable[[str], Transport]]] = {
    Channel.SMS: {
        "demo": lambda _url: DemoPhones(),
        "demo+sim": SimulatedGateway.from_url,
        "esms+https": _esms,
        "esms+http": _esms,
        "kannel+https": _kannel,
        "kannel+http": _kannel,
    },
    Channel.APP: {
        "demo": lambda _url: DemoPhones(Channel.APP),
        "app+https": AppGateway.from_url,
        "app+http": AppGateway.from_url,
    },
    Channel.ZALO: {
        "demo": lambda _url: DemoPhones(Channel.ZALO),
        "zns+https": ZaloNotices.from_url,
        "zns+http": ZaloNotices.from_url,
    },
    Channel.EMAIL: {
        "demo": lambda _url: DemoPhones(Channel.EMAIL),
        "smtp": SmtpRelay.from_url,
        "smtps": SmtpRelay.from_url,
        "smtp+starttls": SmtpRelay.from_url,
    },
    # A key has no scheme.
    Channel.PUSH: {"demo": lambda _url: DemoPhones(Channel.PUSH), "": WebPush.from_key},
}


def open_transports() -> dict[Channel, Transport]:
    """Return a gateway for every channel that has a URL, and the inbox, which needs none.

    ImproperlyConfigured names the variable and what it may be, never the URL, which holds secrets.
    Every process asks at its start (notifications.apps), so that none runs with a channel it cannot
    serve.
    """
    opened: dict[Channel, Transport] = {Channel.INBOX: Inbox()}
    for channel, variable in VARIABLES.items():
        url = getattr(settings, variable, "")
        if url:
            opened[channel] = open_transport(channel, url)
    return opened


def open_transport(channel: Channel, url: str) -> Transport:
    """Return the gateway of one channel's URL."""
    scheme, separator, _rest = url.partition(":")
    known = SCHEMES.get(channel, {})
    variable = VARIABLES[channel]
    scheme = scheme if separator else ""
    if scheme not in known:
        supported = ", ".join(f"{name}:" for name in known if name) or "nothing yet; leave it empty"
        raise ImproperlyConfigured(f"{variable}: unknown scheme. Supported: {supported}.")
    try:
        return known[scheme](url)
    except UrlError as error:
        raise ImproperlyConfigured(f"{variable}: {error}.") from None
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable}: a value in its query cannot be read.") from error
