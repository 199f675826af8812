"""Is anybody there, where the channels' URLs lead? Asks the network: for `doctor` only."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from notifications.enums import Channel
from notifications.transports.registry import VARIABLES

_SECONDS = 3.0
_PORTS = {"https": 443, "http": 80, "smtp": 25, "smtps": 465, "starttls": 587}


@dataclass(frozen=True)
class Listener:
    """One channel that has a gateway. `kind` is its URL's scheme, never more of it.

    `is_there` is None where the URL leads to no host: a demo, or web push.
    """

    channel: Channel
    variable: str
    kind: str
    is_there: bool | None


def listeners() -> list[Listener]:
    """Return the configured channels, each after one attempt to connect (at most three seconds)."""
    found = []
    for channel, variable in VARIABLES.items():
        url = getattr(settings, variable, "")
        if url:
            parts = urlsplit(url) if ":" in url else None
            kind = parts.scheme if parts else "key"
            place = (parts.hostname, parts.port or _port(kind)) if parts else (None, None)
            found.append(Listener(channel, variable, kind, _listens(*place)))
    return found


def _port(kind: str) -> int | None:
    return _PORTS.get(kind.rpartition("+")[2])


def _listens(host: str | None, port: int | None) -> bool | None:
    if not host or not port:
        return None
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except OSError:
        return False
    return True
