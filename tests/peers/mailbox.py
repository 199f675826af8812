"""A real SMTP server (aiosmtpd) on the loopback, in the test's own loop; it answers as told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, SECRET = "cong", "geheim"


@dataclass
class Mailbox:
    """What arrived, and what is answered: `to_recipient` and `to_letter` are SMTP answers.

    `hang_up` breaks the line after a letter was taken, instead of an answer.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    to_recipient: str = "250 OK"
    to_letter: str = "250 taken"
    hang_up: bool = False
    slow_to_recipient: float = 0.0
    slow_to_letter: float = 0.0
    greetings: int = 0
    port: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.greetings += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.slow_to_recipient)
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.to_letter.startswith("250"):
            raw = message_from_bytes(cast(bytes, envelope.content), policy=default_policy)
            self.letters.append(raw)
            self.envelopes.append(envelope)
            await asyncio.sleep(self.slow_to_letter)
        if self.hang_up and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return self.to_letter


@asynccontextmanager
async def open_mailbox(
    *, tls: ssl.SSLContext | None = None, starttls: bool = False
) -> AsyncIterator[Mailbox]:
    """Serve on a free port until the block ends: over TLS from the start, or after STARTTLS."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {"hostname": "mail.example", "loop": loop}
    if starttls:
        options |= {"tls_context": tls, "require_starttls": True, "auth_required": True}
        options |= {"authenticator": _knows}
    server = await loop.create_server(
        lambda: SMTP(box, **options), "127.0.0.1", 0, ssl=None if starttls else tls
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()


def _knows(_server: Any, _session: Any, _envelope: Any, _way: str, login: Any) -> AuthResult:
    is_right = isinstance(login, LoginPassword) and login.password == SECRET.encode()
    return AuthResult(success=is_right)
