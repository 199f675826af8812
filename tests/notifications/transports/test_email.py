"""E-mail against a real SMTP server: what arrives, what is refused, what stays in doubt."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from notifications.transports.base import Content, TransportError
from notifications.transports.email import SmtpRelay, compose
from tests.peers.mailbox import SECRET, USER, Mailbox, open_mailbox
from tests.peers.own_tls import tls_pair

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

REFERENCE = "a" * 32
LETTER = Content(subject="Giấy phép lái xe: có hạn đến 20/01/2027", body="Kính gửi ông/bà.\n.Hết")
TO = "lan@example.org"


def relay(box: Mailbox, scheme: str = "smtp", tls: ssl.SSLContext | None = None) -> SmtpRelay:
    login = f"{USER}:{SECRET}@" if scheme == "smtp+starttls" else ""
    url = f"{scheme}://{login}127.0.0.1:{box.port}/?from=cong@example.gov.vn"
    return SmtpRelay.from_url(url, tls=tls)


def with_mailbox(work: Callable[[Mailbox], Awaitable[Any]], **options: Any) -> Any:
    async def in_loop() -> Any:
        async with open_mailbox(**options) as box:
            return await work(box)

    return async_to_sync(in_loop)()


async def send_to(box: Mailbox, content: Content = LETTER, *, to: str = TO) -> None:
    transport = relay(box)
    try:
        await transport.send(address=to, content=content, reference=REFERENCE)
    finally:
        await transport.aclose()


def test_a_letter_arrives_whole() -> None:
    async def work(box: Mailbox) -> None:
        await send_to(box)
        (letter,), (envelope,) = box.letters, box.envelopes
        assert letter["Subject"] == LETTER.subject
        assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.body
        assert letter["Message-ID"] == f"<{REFERENCE}@testserver>"
        assert letter["From"] == "Cổng dịch vụ công chủ động <cong@example.gov.vn>"
        assert letter["Date"].endswith("+0700")
        assert (envelope.mail_from, envelope.rcpt_tos) == ("cong@example.gov.vn", [TO])

    with_mailbox(work)


def test_a_letter_is_plain_and_shows_nothing_from_elsewhere() -> None:
    letter = compose("cong@example.gov.vn", TO, LETTER, REFERENCE)

    raw = letter.as_bytes()
    assert letter.get_content_type() == "text/plain"
    assert not letter.is_multipart()
    assert raw.isascii()
    assert b"http" not in raw


@pytest.mark.parametrize(("scheme", "starttls"), [("smtps", False), ("smtp+starttls", True)])
def test_it_is_handed_over_encrypted(scheme: str, starttls: bool) -> None:
    server, client = tls_pair()

    async def work(box: Mailbox) -> None:
        transport = relay(box, scheme, client)
        await transport.send(address=TO, content=LETTER, reference=REFERENCE)
        await transport.aclose()
        assert len(box.letters) == 1

    with_mailbox(work, tls=server, starttls=starttls)


def test_a_relay_that_shows_a_foreign_certificate_gets_nothing() -> None:
    server, _client = tls_pair()

    async def work(box: Mailbox) -> None:
        with pytest.raises(TransportError) as failed:
            await relay(box, "smtps").send(address=TO, content=LETTER, reference=REFERENCE)
        assert not failed.value.permanent
        assert not failed.value.uncertain
        assert box.letters == []

    with_mailbox(work, tls=server)


@pytest.mark.parametrize(
    ("answers", "permanent", "uncertain"),
    [
        ({"to_recipient": "550 no such mailbox"}, True, False),
        ({"to_recipient": "450 full for now"}, False, False),
        ({"to_letter": "554 refused"}, True, False),
        ({"to_letter": "451 later"}, False, False),
        ({"hang_up": True}, False, True),
        ({"slow_to_recipient": 4.0}, False, False),  # no letter went out yet
        ({"slow_to_letter": 6.0}, False, True),
    ],
)
def test_what_a_refusal_means(answers: dict[str, Any], permanent: bool, uncertain: bool) -> None:
    async def work(box: Mailbox) -> None:
        for name, value in answers.items():
            setattr(box, name, value)
        with pytest.raises(TransportError) as failed:
            await send_to(box)
        assert (failed.value.permanent, failed.value.uncertain) == (permanent, uncertain)
        assert TO not in str(failed.value)

    with_mailbox(work)


@pytest.mark.parametrize(
    ("answers", "of_message"),
    [
        ({"to_recipient": "450 4.2.0 greylisted, come back"}, True),
        ({"to_recipient": "451 4.7.1 greylisting in action"}, True),
        ({"to_recipient": "452 4.2.2 mailbox full"}, True),
        ({"to_letter": "451 4.7.1 greylisted"}, True),
        ({"to_recipient": "450 later"}, True),
        ({"to_recipient": "421 4.3.2 closing"}, False),
        ({"to_recipient": "452 4.3.1 no room on this system"}, False),
        ({"to_letter": "451 4.4.2 time-out of the relay"}, False),
        ({"to_recipient": "550 no such mailbox"}, False),
    ],
)
def test_who_is_put_off_alone_is_not_the_relay_s_failure(
    answers: dict[str, Any], of_message: bool
) -> None:
    async def work(box: Mailbox) -> None:
        for name, value in answers.items():
            setattr(box, name, value)
        with pytest.raises(TransportError) as failed:
            await send_to(box)
        assert failed.value.of_message is of_message
        # A greylist lets the same letter in after minutes, not seconds.
        assert failed.value.retry_after == (timedelta(minutes=5) if of_message else None)

    with_mailbox(work)


def test_nobody_listens_is_a_certain_failure() -> None:
    async def work() -> None:
        with pytest.raises(TransportError) as failed:
            await send_to(Mailbox(port=1))
        assert not failed.value.permanent
        assert not failed.value.uncertain

    async_to_sync(work)()


def test_connections_are_few_and_used_again() -> None:
    async def work(box: Mailbox) -> None:
        transport = relay(box)
        sends = (
            transport.send(address=TO, content=LETTER, reference=f"{number:032d}")
            for number in range(40)
        )
        await asyncio.gather(*sends)
        await transport.aclose()
        assert len({letter["Message-ID"] for letter in box.letters}) == 40
        assert box.greetings <= 8

    with_mailbox(work)


@pytest.mark.parametrize(
    "subject",
    [
        "Hạn\r\nBcc: thief@example.org",
        "Hạn\nX-Evil: 1",
        "Hạn\r\n\r\n<script>",
        "Hạn\u2028Bcc: x@y.z",
    ],
)
def test_a_subject_begins_no_header(subject: str) -> None:
    letter = compose("cong@example.gov.vn", TO, Content("x", subject=subject), REFERENCE)

    assert set(letter.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert "\n" not in letter["Subject"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lan",
        "lan@example",
        "lan@example.org\r\nRCPT TO:<thief@example.org>",
        "lan@example.org,thief@example.org",
        "Lan <lan@example.org>",
        "lân@example.org",
        "a" * 65 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    async def work() -> None:
        with pytest.raises(TransportError) as failed:
            await send_to(Mailbox(port=1), to=address)
        assert failed.value.permanent
        assert address == "" or address not in str(failed.value)

    async_to_sync(work)()


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example",
        "smtp://?from=a@b.vn",
        "smtp://h/?from=no",
        "smtp://h:x/?from=a@b.vn",
        "smtp://h/?from=a@b.vn&dedupe=yes",
    ],
)
def test_a_url_that_says_too_little_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        SmtpRelay.from_url(url)
