"""`zns+https:`: Zalo's notices by template (ZNS); the wording lies with Zalo, approved by it.

``zns+https://APPID:SECRET@business.openapi.zalo.me/?refresh=TOKEN&rate=50``: `refresh` is the first
refresh token, from the page of the app; later ones are kept in the database. `oauth=` is where
tokens are renewed, `dedup=yes` is for an account whose Zalo drops a repeated tracking_id.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from notifications.enums import ZaloApproval
from notifications.models import ZaloTemplate
from notifications.rules.zalo import ZaloDataError, template_data
from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.http import Answer, HttpClient
from notifications.transports.tables import in_database
from notifications.transports.urls import GatewayUrl
from notifications.transports.zalo_tokens import App, ZaloTokens

_SEND = "/message/template"
_SHELF_SECONDS = 30.0
_SECONDS = 6.0  # a token may have to be waited for before
_FALLBACK_LANGUAGE = "vi"
_BAD_TOKEN = -124
# This person cannot be reached by Zalo: no account, or they do not want it.
_PERSON = frozenset({-108, -110, -114, -118, -119, -134, -139, -141})
# This template cannot be sent by us: the next message of the topic need not try.
_TEMPLATE = frozenset({-109, -117, -131, -145, -146})
# The data do not fit the template.
_DATA = frozenset({-111, -112, -113, -116, -121, -122, -130, -132})


@dataclass(frozen=True)
class _Template:
    """An approved template as the transport needs it."""

    pk: int
    template_id: str
    parameters: Mapping[str, Mapping[str, str]]


class ZaloNotices:
    """One app at Zalo. A topic without an approved template is refused before Zalo is asked."""

    def __init__(self, url: GatewayUrl, *, client: HttpClient | None = None) -> None:
        """Take the account from the URL."""
        url.need_secrets()
        deduplicates = url.flag("dedup", default=False)
        self.traits = Traits(
            deduplicates_for=timedelta(hours=24) if deduplicates else None,
            rate=url.rate,
            has_receipts=True,
        )
        self._send_url = url.origin + (_SEND if url.path == "/" else url.path)
        self._client = client or HttpClient(seconds=_SECONDS)
        app = App(url.user, url.secret, url.query.get("refresh", ""))
        if oauth := url.query.get("oauth"):
            app = App(app.app_id, app.secret, app.first, oauth)
        self._tokens = ZaloTokens(app, self._client)
        self._templates: Mapping[tuple[str, str], _Template] = {}
        self._templates_until = 0.0
        self._reading: asyncio.Lock | None = None

    @classmethod
    def from_url(cls, url: str) -> ZaloNotices:
        """Return the account that ZALO_URL describes; UrlError where it cannot be used."""
        items = ("dedup", "oauth", "rate", "refresh")
        return cls(GatewayUrl.read(url, items=items))

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one notice over; permanently refused where its topic has no approved template."""
        template = await self._template(content)
        try:
            data = template_data(template.parameters, content.values)
        except ZaloDataError as error:
            said = f"template {template.template_id}: {error}"
            raise TransportError(said, permanent=True, before_asking=True) from None
        notice = {
            "phone": address.removeprefix("+"),
            "template_id": template.template_id,
            "template_data": data,
            "tracking_id": reference,
        }
        token = await self._tokens.current()
        answer = await self._post(notice, token)
        if _code(answer) == _BAD_TOKEN:
            # Refused for certain, so that asking once more repeats nothing.
            token = await self._tokens.current(refused=token)
            answer = await self._post(notice, token)
        return await self._understood(answer, template)

    async def ask(self, reference: str) -> Acceptance | None:
        """Refuse: Zalo answers only about its own numbers, and a lost answer leaves us none."""
        raise TransportError("Zalo cannot be asked about a reference", permanent=True)

    async def aclose(self) -> None:
        """Let a renewal of the token end, then close the connections."""
        await self._tokens.finish()
        await self._client.aclose()

    async def _post(self, notice: Mapping[str, Any], token: str) -> Answer:
        headers = {"Content-Type": "application/json", "access_token": token}
        body = json.dumps(notice).encode()
        return await self._client.request("POST", self._send_url, body=body, headers=headers)

    async def _understood(self, answer: Answer, template: _Template) -> Acceptance:
        if not answer.is_success:
            raise answer.error()
        code = _code(answer)
        if code is None:
            raise TransportError("Zalo's answer has no error number", uncertain=True)
        if code == 0:
            data = answer.json().get("data")
            number = data.get("msg_id") if isinstance(data, dict) else None
            return Acceptance(str(number or "")[:80])
        if code in _TEMPLATE:
            with suppress(TransportError):
                await in_database(_stop, template.pk, code)
            self._templates_until = 0.0
        is_final = code in _PERSON | _TEMPLATE | _DATA
        raise TransportError(f"Zalo answered {code}", permanent=is_final)

    async def _template(self, content: Content) -> _Template:
        """Return the approved template of a topic: in the language wanted, else in Vietnamese."""
        if self._reading is None:
            self._reading = asyncio.Lock()
        async with self._reading:
            if time.monotonic() > self._templates_until:
                self._templates = await in_database(_approved)
                self._templates_until = time.monotonic() + _SHELF_SECONDS
        for language in (content.language, _FALLBACK_LANGUAGE):
            if found := self._templates.get((content.topic, language)):
                return found
        raise TransportError("no approved template", permanent=True, before_asking=True)


def _code(answer: Answer) -> int | None:
    code = answer.json().get("error")
    return code if isinstance(code, int) else None


def _approved() -> dict[tuple[str, str], _Template]:
    return {
        (row.topic_id, row.language): _Template(row.pk, row.template_id, row.parameters)
        for row in ZaloTemplate.objects.filter(state=ZaloApproval.APPROVED)
    }


def _stop(pk: int, code: int) -> None:
    """Note that Zalo does not take a template, until somebody sets it right."""
    rows = ZaloTemplate.objects.filter(pk=pk, state=ZaloApproval.APPROVED)
    rows.update(state=ZaloApproval.REFUSED, note=f"Zalo: {code}")
