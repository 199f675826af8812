"""A channel's URL, `scheme+https://user:secret@host:port/path?item=value`, taken apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

_FLAGS = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False, "": False}


class UrlError(ValueError):
    """A channel's URL that cannot be used. The text says what is wrong and quotes nothing of it."""


@dataclass(frozen=True)
class GatewayUrl:
    """What an operator wrote into a channel's variable; secrets are percent-decoded.

    `origin` is what a client opens (`https://host:port`), `path` always begins with a slash.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    user: str = field(repr=False)
    secret: str = field(repr=False)
    query: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, url: str, *, items: Collection[str]) -> GatewayUrl:
        """Take a URL apart; UrlError when it has no host, or an item that is not among `items`.

        A misspelt item must not pass in silence: without its `dedup=no` a message comes twice.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise UrlError("its host or port cannot be read") from None
        if not parts.hostname:
            raise UrlError("it names no host") from None
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if not query.keys() <= set(items):
            raise UrlError(f"its query may hold {', '.join(items)}")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port,
            path=parts.path or "/",
            user=unquote(parts.username or ""),
            secret=unquote(parts.password or ""),
            query=query,
        )

    @property
    def origin(self) -> str:
        """The address to connect to, without the scheme's prefix and without secrets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme.rpartition('+')[2]}://{host}{port}"

    @property
    def rate(self) -> float | None:
        """How many messages a second the gateway takes (`rate=`); None where nothing is said."""
        given = self.query.get("rate", "")
        if not given:
            return None
        try:
            rate = float(given)
        except ValueError:
            rate = 0.0
        if not 0 < rate < float("inf"):
            raise UrlError("rate= must be a number above 0")
        return rate

    def need_secrets(self) -> None:
        """Refuse a URL without user and secret."""
        if not (self.user and self.secret):
            raise UrlError("user and secret are missing before the @")

    def flag(self, item: str, *, default: bool) -> bool:
        """Return an item that is written yes or no."""
        if item not in self.query:
            return default
        try:
            return _FLAGS[self.query[item].lower()]
        except KeyError:
            raise UrlError(f"{item}= must be yes or no") from None
