"""Zalo's access token: kept sealed in the database, renewed by one process at a time.

A refresh token works once, so that two who renew at the same moment would cut each other off. The
one who renews takes a claim by a single UPDATE, asks Zalo with no transaction open, and writes the
new pair fenced by its generation; the others wait for it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog
from django.db.models import F, Q

from notifications.models import ZaloToken
from notifications.transports.base import TransportError
from notifications.transports.http import Answer, HttpClient
from notifications.transports.tables import in_database
from portal.common import clock
from portal.common.crypto import keyed_index

log = structlog.get_logger(__name__)

_PATH = "/v4/oa/access_token"
_CLAIM = timedelta(seconds=20)  # longer than Zalo may take to answer
_MARGIN = timedelta(minutes=2)  # a token that ends sooner would end under way
_LOOKS, _KEEP_TRIES, _BETWEEN = 20, 15, 0.4
_PATIENCE = 3.0  # with a send well under what the dispatcher waits for
_SOON = timedelta(seconds=2)
_REFUSALS = frozenset({400, 401})


@dataclass(frozen=True)
class App:
    """Our account with Zalo; `first` is the refresh token with which an operator begins."""

    app_id: str
    secret: str = field(repr=False)
    first: str = field(repr=False)
    origin: str = "https://oauth.zaloapp.com"


class ZaloTokens:
    """The one access token that all sends of this process use."""

    def __init__(self, app: App, client: HttpClient) -> None:
        """Ask nothing yet."""
        self._app, self._client = app, client
        self._access = ""
        self._until: datetime | None = None
        self._search: asyncio.Task[str] | None = None

    async def current(self, *, refused: str = "") -> str:
        """Return an access token that holds; not the one that Zalo just `refused`.

        TransportError, never a permanent one, where there is none within three seconds: the message
        was not sent. A renewal that has begun goes on without whoever waited for it: Zalo's answer
        must not get lost.
        """
        for _turn in range(2):
            if self._holds(refused):
                return self._access
            if self._search is None or self._search.done():
                self._search = asyncio.create_task(self._find(refused))
                self._search.add_done_callback(_look_at)
            try:
                async with asyncio.timeout(_PATIENCE):
                    found = await asyncio.shield(self._search)
            except TimeoutError:
                raise TransportError("the token is being renewed", retry_after=_SOON) from None
            if found != refused:
                return found
        raise TransportError("Zalo calls each of our tokens bad", retry_after=_SOON)

    async def finish(self) -> None:
        """Wait for a renewal that has begun."""
        if self._search is not None and not self._search.done():
            await asyncio.wait([self._search], timeout=_CLAIM.total_seconds())

    async def _find(self, refused: str) -> str:
        """Read the token that is kept, or renew it; another process may be about it already."""
        for _look in range(_LOOKS):
            row = await in_database(_row, self._app)
            self._access, self._until = row.access, row.expires_at
            if self._holds(refused):
                return self._access
            if await in_database(_claim, row):
                return await self._renew(row)
            await asyncio.sleep(_BETWEEN)
        raise TransportError("another process renews the token", retry_after=_SOON)

    def _holds(self, refused: str) -> bool:
        is_fresh = self._until is not None and self._until > clock.now() + _MARGIN
        return bool(self._access) and self._access != refused and is_fresh

    async def _renew(self, row: ZaloToken) -> str:
        """Trade the refresh token for a new pair; the caller holds the claim."""
        form = {
            "app_id": self._app.app_id,
            "grant_type": "refresh_token",
            "refresh_token": row.refresh,
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "secret_key": self._app.secret,
        }
        try:
            answer = await self._client.request(
                "POST", self._app.origin + _PATH, body=urlencode(form).encode(), headers=headers
            )
        except TransportError as error:
            await in_database(_give_back, row, is_refused=False)
            raise TransportError(f"the token could not be renewed: {error}") from None
        access, refresh, lives = _pair(answer)
        if not (access and refresh):
            # A limit or a go-between's answer (429, 404 …) says nothing about the token.
            is_refused = answer.is_success or answer.status in _REFUSALS
            await in_database(_give_back, row, is_refused=is_refused)
            raise TransportError("Zalo did not renew the token: enter a new one in ZALO_URL")
        self._access, self._until = access, clock.now() + lives
        await self._keep(row, refresh)
        return access

    async def _keep(self, row: ZaloToken, refresh: str) -> None:
        """Write the new pair down; the old one is spent, so an absent database is waited for."""
        for _try in range(_KEEP_TRIES):
            try:
                await in_database(_write, row, self._access, refresh, self._until)
            except TransportError:
                await asyncio.sleep(_BETWEEN)
            else:
                return
        log.error("zalo_token_not_kept", generation=row.generation)


def _look_at(search: asyncio.Task[str]) -> None:
    """Take note of how a search ended, also where nobody waits for it any more."""
    if not search.cancelled():
        search.exception()


def _pair(answer: Answer) -> tuple[str, str, timedelta]:
    """Return both tokens and how long the first lives; empty ones where Zalo gave none."""
    said = answer.json() if answer.is_success else {}
    seconds = str(said.get("expires_in", "")) or "0"
    lives = timedelta(seconds=int(seconds) if seconds.isdecimal() else 0)
    return str(said.get("access_token") or ""), str(said.get("refresh_token") or ""), lives


def _row(app: App) -> ZaloToken:
    """Return the app's tokens; begin with the operator's, or begin anew after a refusal."""
    begun_with = keyed_index("zalo", app.app_id, app.first)
    blank = ZaloToken(app_id=app.app_id)
    refresh_enc = blank.seal("refresh_enc", app.first)
    row, _is_new = ZaloToken.objects.get_or_create(
        app_id=app.app_id, defaults={"refresh_enc": refresh_enc, "begun_with": begun_with}
    )
    if row.refused_at is None or not app.first or bytes(row.begun_with) == begun_with:
        return row
    ZaloToken.objects.filter(pk=row.pk, generation=row.generation).update(
        refresh_enc=refresh_enc,
        access_enc=None,
        begun_with=begun_with,
        refused_at=None,
        renewing_until=None,
        generation=F("generation") + 1,
    )
    return ZaloToken.objects.get(pk=row.pk)


def _claim(row: ZaloToken) -> bool:
    """Take the right to renew, where nobody has it and the chain is whole."""
    if row.refused_at is not None:
        raise TransportError("Zalo refused the refresh token: enter a new one in ZALO_URL")
    now = clock.now()
    free = Q(renewing_until=None) | Q(renewing_until__lt=now)
    rows = ZaloToken.objects.filter(free, pk=row.pk, generation=row.generation)
    return rows.update(renewing_until=now + _CLAIM) == 1


def _write(row: ZaloToken, access: str, refresh: str, until: datetime | None) -> None:
    ZaloToken.objects.filter(pk=row.pk, generation=row.generation).update(
        access_enc=row.seal("access_enc", access),
        refresh_enc=row.seal("refresh_enc", refresh),
        expires_at=until,
        renewing_until=None,
        generation=F("generation") + 1,
    )


def _give_back(row: ZaloToken, *, is_refused: bool) -> None:
    """End the claim; a refused chain waits for an operator."""
    refused_at = clock.now() if is_refused else None
    rows = ZaloToken.objects.filter(pk=row.pk, generation=row.generation)
    rows.update(renewing_until=None, refused_at=refused_at)
    if is_refused:
        log.error("zalo_token_refused", generation=row.generation)
