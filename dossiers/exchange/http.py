"""One call to a partner, with an end: no redirect, no second try by itself, no endless answer.

A failure says whether the partner may have taken the call all the same.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dossiers.partners.address import Address

SECONDS = 8.0
_MOST_BYTES = 2 * 1024 * 1024
_IN_DOUBT = frozenset({502, 504})
_LATER = frozenset({408, 425, 429})


class ExchangeError(Exception):
    """A call that did not do what it should.

    `is_final`: trying again cannot help. `is_uncertain`: it may have arrived. `is_down`: the
    partner itself is out of service, so that nothing else need be tried now.
    """

    def __init__(
        self,
        said: str,
        *,
        is_final: bool = False,
        is_uncertain: bool = False,
        is_down: bool = False,
    ) -> None:
        super().__init__(said)
        self.is_final, self.is_uncertain, self.is_down = is_final, is_uncertain, is_down


@dataclass(frozen=True)
class Reply:
    """What a partner answered, whatever its status."""

    status: int
    body: bytes = field(repr=False)

    def document(self) -> dict[str, Any]:
        """Return the JSON object in it, an empty one where there is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def error(self) -> ExchangeError | None:
        """Return what a status other than 2xx means, None for 2xx."""
        if 200 <= self.status < 300:
            return None
        said = f"answered {self.status}"
        if self.status in _IN_DOUBT:
            return ExchangeError(said, is_uncertain=True, is_down=True)
        if self.status >= 500:
            return ExchangeError(said, is_uncertain=True)
        is_final = 400 <= self.status < 500 and self.status not in _LATER
        return ExchangeError(said, is_final=is_final)


class _UnixConnection(http.client.HTTPConnection):
    """A connection to a socket of this machine."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def call(
    address: Address,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
) -> Reply:
    """POST once and return the answer of any status; ExchangeError when there is none."""
    until = time.monotonic() + seconds
    connection = _open(address, seconds)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise ExchangeError(f"no connection: {type(error).__name__}", is_down=True) from None
        try:
            connection.request("POST", address.base + path, body, dict(headers))
            response = connection.getresponse()
            return Reply(response.status, _read(response, until))
        except (OSError, http.client.HTTPException) as error:
            said = f"no answer: {type(error).__name__}"
            raise ExchangeError(said, is_uncertain=True) from None
    finally:
        connection.close()


def _open(address: Address, seconds: float) -> http.client.HTTPConnection:
    if address.socket:
        return _UnixConnection(address.socket, seconds)
    if address.is_secure:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            address.host, address.port, timeout=seconds, context=context
        )
    return http.client.HTTPConnection(address.host, address.port, timeout=seconds)


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    found = bytearray()
    while chunk := response.read1(64 * 1024):
        found += chunk
        if len(found) > _MOST_BYTES:
            raise ExchangeError("the answer is too long", is_uncertain=True)
        if time.monotonic() > until:
            raise ExchangeError("the answer does not end", is_uncertain=True)
    return bytes(found)
