"""One HTTP client for all gateways: what went wrong is told in the dispatcher's words.

Nobody here sends a request twice by itself: the library would repeat a GET whose connection broke,
and the person would hear it twice. Error texts name the kind of error; a URL may hold a number or
a key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import aiohttp

from notifications.transports.base import TransportError
from portal.common import clock

_CONNECT_SECONDS = 3.0
_TOTAL_SECONDS = 8.0  # below Pace.send_timeout: our own word about the failure is the better one
_LONGEST_ANSWER = 64 * 1024
_LONGEST_WAIT = timedelta(hours=6)
# The gateway is not where or what its URL says: no message is at fault.
_MISCONFIGURED = frozenset({401, 402, 403, 404, 405, 407})
# A go-between lost the gateway: it may have accepted all the same.
_IN_DOUBT = frozenset({502, 504})
_LATER = frozenset({408, 425, 429, 503})


@dataclass(frozen=True)
class Answer:
    """What a gateway answered, whatever its status; `text` is cut at 64 KiB."""

    status: int
    text: str = field(repr=False)
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """Return the JSON object in it, an empty one where there is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def error(self) -> TransportError:
        """Return what a status other than 2xx means where the gateway gives it no other meaning.

        429 and 503 wait for `Retry-After`; 5xx may be tried again; a wrong key or address fails the
        gateway, not the message; any other 4xx refuses the message for good.
        """
        said = f"gateway answered {self.status}"
        if self.status in _IN_DOUBT:
            return TransportError(said, uncertain=True)
        if self.status in _LATER or self.status >= 500:
            return TransportError(said, retry_after=self.retry_after)
        if self.status in _MISCONFIGURED or self.status < 400:
            return TransportError(f"{said}: look at the channel's URL and keys")
        return TransportError(said, permanent=True)


class HttpClient:
    """Connections to one gateway, opened in the loop that first asks, let go by `aclose`."""

    def __init__(
        self,
        *,
        keep_alive: bool = True,
        seconds: float = _TOTAL_SECONDS,
        connector: Callable[[], aiohttp.TCPConnector] | None = None,
    ) -> None:
        """Say whether connections are used again, or how they are made.

        A connection that the gateway closed while it idled breaks as if a message was under way:
        a gateway that cannot be asked is better given a new one each time.
        """
        self._connector = connector or partial(
            aiohttp.TCPConnector, limit=0, force_close=not keep_alive
        )
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once and return the answer of any status; redirects are not followed.

        TransportError when there is none: for certain not accepted where no connection came about,
        `uncertain` where the request was on its way.
        """
        if self._session is None:
            self._session = self._open()
        try:
            async with self._session.request(
                method, url, params=params, data=body, headers=headers, allow_redirects=False
            ) as response:
                text = await _read(response)
                wish = retry_after(response.headers.get("Retry-After", ""))
                return Answer(response.status, text, wish)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise TransportError(f"no connection: {type(error).__name__}") from None
        except aiohttp.InvalidURL:
            said = "the address cannot be opened"
            raise TransportError(said, permanent=True, before_asking=True) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TransportError(f"no answer: {type(error).__name__}", uncertain=True) from None

    async def aclose(self) -> None:
        """Close the connections; a later request opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=self._connector(),
            timeout=aiohttp.ClientTimeout(total=self._seconds, connect=_CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_only_once,),
        )


async def _only_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Turn a broken connection into an error that the library does not answer by trying again."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise TransportError(f"no answer: {type(error).__name__}", uncertain=True) from None


async def _read(response: aiohttp.ClientResponse) -> str:
    found = bytearray()
    async for chunk in response.content.iter_any():
        found += chunk
        if len(found) >= _LONGEST_ANSWER:
            response.close()
            break
    return found[:_LONGEST_ANSWER].decode("utf-8", "replace")


def retry_after(said: str) -> timedelta | None:
    """Return how long to wait: seconds or a date (RFC 9110, 10.2.3), at most six hours."""
    if said.strip().isdecimal():
        return min(timedelta(seconds=min(int(said), 10**6)), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(_until(until), timedelta()), _LONGEST_WAIT)


def _until(moment: datetime) -> timedelta:
    return moment - clock.now()
