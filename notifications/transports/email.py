"""`smtp://`, `smtps://`, `smtp+starttls://`: e-mail by the province's relay (RFC 5321, RFC 5322).

``smtp+starttls://user:secret@host:587/?from=cong@example.gov.vn&dedup=no``. Our reference is the
Message-ID, so that a relay or a mailbox that drops repeats recognises one; `dedup=yes` says that
this relay does. The text is plain: no HTML, nothing remote, nothing to press.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from urllib.parse import urlsplit

import aiosmtplib
from django.conf import settings

from notifications.transports.base import Acceptance, Content, Traits, TransportError
from notifications.transports.urls import GatewayUrl, UrlError
from portal.common import clock

_CONNECTIONS = 8
# Together below the dispatcher's own limit, so that what happened is known: until the letter itself
# goes out nothing was accepted.
_TURN_SECONDS, _ENVELOPE_SECONDS, _LETTER_SECONDS = 2.0, 3.0, 4.5
_BUSY = timedelta(seconds=2)
# A relay that greylists lets the same letter in after some minutes (RFC 6647, section 5).
_PUT_OFF = timedelta(minutes=5)
# The relay itself is at fault, not this letter: it closes, or its system or network fails
# (RFC 5321, 3.8; RFC 3463, X.3 and X.4).
_CLOSING = 421
_OF_THE_RELAY = re.compile(r"4\.[34]\.\d")
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
# Stricter than RFC 5322 on purpose: what people have, and nothing that could begin a header.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Relay:
    """Where the mail is handed over and as whom."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, url: GatewayUrl) -> Relay:
        """Return what the URL says; UrlError where it names no sender."""
        sender = url.query.get("from", "")
        if not _ADDRESS.fullmatch(sender):
            raise UrlError("from= must be the sender's address")
        port = url.port or _PORTS[url.scheme]
        return cls(url.scheme, url.host, port, url.user, url.secret, sender)


class SmtpRelay:
    """Hands e-mail over, a few at a time; connections are kept while there is something to say."""

    def __init__(self, url: GatewayUrl, *, tls: ssl.SSLContext | None = None) -> None:
        """Serve the relay of a URL; `tls` is whom to trust (None: who the system trusts)."""
        deduplicates = url.flag("dedup", default=False)
        self.traits = Traits(
            deduplicates_for=timedelta(hours=24) if deduplicates else None, rate=url.rate
        )
        self._relay, self._tls = Relay.of(url), tls
        self._idle: list[aiosmtplib.SMTP] = []
        self._free: asyncio.Semaphore | None = None

    @classmethod
    def from_url(cls, url: str, *, tls: ssl.SSLContext | None = None) -> SmtpRelay:
        """Return the relay that EMAIL_URL describes; UrlError where something is missing."""
        return cls(GatewayUrl.read(url, items=("from", "dedup", "rate")), tls=tls)

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Hand one letter over; what the relay refuses with 5xx is refused for good."""
        letter = compose(self._relay.sender, address, content, reference)
        async with self._turn():
            client = await self._begun(address)
            try:
                await self._hand_over(client, letter)
            except BaseException:
                client.close()
                raise
            self._idle.append(client)
        return Acceptance(gateway_reference=str(letter["Message-ID"])[:80])

    async def ask(self, reference: str) -> Acceptance | None:
        """Refuse: a relay cannot be asked."""
        raise TransportError("a mail relay cannot be asked", permanent=True)

    async def aclose(self) -> None:
        """Say good-bye on every kept connection."""
        kept, self._idle = self._idle, []
        for client in kept:
            client.close()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Hold one of the few connections; a relay that is slow makes others come back later."""
        if self._free is None:
            self._free = asyncio.Semaphore(_CONNECTIONS)
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise TransportError("all connections are busy", retry_after=_BUSY) from None
        try:
            yield
        finally:
            self._free.release()

    async def _begun(self, address: str) -> aiosmtplib.SMTP:
        """Return a connection that took the envelope: whatever fails here, no letter went out."""
        client: aiosmtplib.SMTP | None = None
        try:
            async with asyncio.timeout(_ENVELOPE_SECONDS):
                client = await self._greeted()
                await self._envelope(client, address)
        except BaseException as error:
            if client is not None:
                client.close()
            if isinstance(error, TimeoutError):
                raise TransportError("the relay is slow to answer") from None
            raise
        return client

    async def _greeted(self) -> aiosmtplib.SMTP:
        """Return a connection that answers: a kept one, else a new one."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.rset()
            except BaseException as error:
                client.close()
                if isinstance(error, (aiosmtplib.SMTPException, OSError)):
                    continue
                raise
            return client
        return await self._connected()

    async def _connected(self) -> aiosmtplib.SMTP:
        relay = self._relay
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            timeout=_ENVELOPE_SECONDS,
            use_tls=relay.scheme == "smtps",
            start_tls=relay.scheme == "smtp+starttls",
            tls_context=self._tls,
            username=relay.user or None,
            password=relay.password or None,
        )
        try:
            await client.connect()
        except BaseException as error:
            client.close()
            if isinstance(error, (aiosmtplib.SMTPException, OSError)):
                # Ours to mend, not the letter's: it waits.
                said = f"the relay did not let us in: {_kind(error)}"
                raise TransportError(said) from None
            raise
        return client

    async def _envelope(self, client: aiosmtplib.SMTP, address: str) -> None:
        try:
            await client.mail(self._relay.sender)
            await client.rcpt(address)
        except aiosmtplib.SMTPRecipientRefused as refused:
            raise _refusal(refused, "the recipient") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TransportError(f"the relay took no envelope: {_kind(error)}") from None

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: EmailMessage) -> None:
        try:
            await client.data(letter.as_bytes(), timeout=_LETTER_SECONDS)
        except aiosmtplib.SMTPResponseException as refused:
            raise _refusal(refused, "the letter") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            # It may have been taken just before the line broke.
            said = f"no answer to the letter: {_kind(error)}"
            raise TransportError(said, uncertain=True) from None


def compose(sender: str, address: str, content: Content, reference: str) -> EmailMessage:
    """Return a letter in plain text; a permanent TransportError for what is no address (F45)."""
    if not _ADDRESS.fullmatch(address):
        raise TransportError("this is no e-mail address", permanent=True, before_asking=True)
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    letter = EmailMessage(policy=SMTP_POLICY)
    letter["From"] = Address(settings.SITE_NAME, addr_spec=sender)
    letter["To"] = Address(addr_spec=address)
    letter["Subject"] = _CONTROL.sub(" ", content.subject or settings.SITE_NAME).strip()
    letter["Date"] = format_datetime(clock.civil_time(clock.now()))
    letter["Message-ID"] = f"<{reference}@{host}>"
    letter["Auto-Submitted"] = "auto-generated"  # no machine answers it (RFC 3834)
    letter.set_content(content.body, cte="quoted-printable")
    letter["Content-Language"] = content.language
    return letter


def _refusal(answer: aiosmtplib.SMTPResponseException, what: str) -> TransportError:
    """Return the error for an answer: 5xx is for good, 4xx passes.

    A 4xx puts off this one letter while the relay goes on working for others, unless it says that
    it is itself in trouble.
    """
    said = f"the relay refused {what}: {answer.code}"
    if answer.code >= 500:
        return TransportError(said, permanent=True)
    if answer.code == _CLOSING or _OF_THE_RELAY.match(answer.message):
        return TransportError(said)
    return TransportError(said, of_message=True, retry_after=_PUT_OFF)


def _kind(error: Exception) -> str:
    """Name an error by its code or kind; its text may quote an address."""
    code = getattr(error, "code", None)
    return str(code) if code else type(error).__name__
