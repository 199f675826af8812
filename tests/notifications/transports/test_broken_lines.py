"""Half-open connections over real sockets: accepted and never answered, or cut in mid-answer.

Whatever went out may have been taken, so each of these is in doubt and never a certain failure;
each ends by itself, in the time that a send may take (F15, F16).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from asgiref.sync import async_to_sync

from notifications.dispatch import Pace
from notifications.enums import Channel, MessageState
from notifications.models import Attempt, Message
from notifications.transports.base import Content, Transport, TransportError
from notifications.transports.email import SmtpRelay
from notifications.transports.http import HttpClient
from notifications.transports.registry import open_transport
from portal.common import clock
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import drain_through
from tests.peers.broken_line import BrokenLine, Line
from tests.peers.esms import EsmsPeer
from tests.peers.table import PAIRS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PHONE, MAIL, REFERENCE = "+84500000001", "lan@example.org", "a" * 32
SECONDS = 0.4
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = b'{"CodeResult": "100", "SMSID": "1", "id": "1"}'

LINES: dict[str, Callable[[BrokenLine], Line]] = {
    "accepted, never answered": lambda peer: peer.stays_silent,
    "reset after the request": lambda peer: peer.resets,
    "closed after the request": lambda peer: peer.says_and_hangs_up(b""),
    "cut in the head": lambda peer: peer.says_and_hangs_up(HEAD + b"Content-Le"),
    "cut in the body": lambda peer: peer.says_and_hangs_up(
        HEAD + b"Content-Length: 300\r\n\r\n" + WHOLE
    ),
    "cut in a chunk": lambda peer: peer.says_and_hangs_up(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\n" + WHOLE
    ),
    "half an answer, then silence": lambda peer: peer.says_and_stays(
        HEAD + b"Content-Length: 300\r\n\r\n" + WHOLE
    ),
    "an answer that never ends": lambda peer: peer.drips(HEAD + b"Content-Length: 60000\r\n\r\n"),
}


@pytest.fixture
def broken() -> Iterator[BrokenLine]:
    with BrokenLine(None) as peer:
        yield peer


def url_of(name: str, broken: BrokenLine) -> str:
    """Return the channel's URL of a gateway, leading to the broken line."""
    peer = PAIRS[name].peer()
    peer.origin = f"http://127.0.0.1:{broken.port}"
    return peer.url(PAIRS[name].query)


def fails(transport: Transport, *, to: str = PHONE) -> tuple[TransportError, float]:
    """Send, and return the failure and how long it took."""

    async def work() -> None:
        try:
            content = Content(body="Xin chào", subject="Chào")
            await transport.send(address=to, content=content, reference=REFERENCE)
        finally:
            await transport.aclose()

    began = time.monotonic()
    with pytest.raises(TransportError) as failed:
        async_to_sync(work)()
    return failed.value, time.monotonic() - began


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("name", [name for name in PAIRS if "askable" not in name])
def test_a_broken_line_leaves_doubt_and_ends_in_time(
    broken: BrokenLine, name: str, line: str
) -> None:
    broken.use(LINES[line](broken))
    pair, client = PAIRS[name], HttpClient(seconds=SECONDS)

    error, seconds = fails(pair.transport(url_of(name, broken), client))

    assert (error.uncertain, error.permanent) == (True, False)
    assert seconds < 2 * SECONDS
    assert len(broken.heard) == 1, "nobody asks twice by themselves"
    assert "127.0.0.1" not in str(error)


def test_a_connection_that_nobody_takes_leaves_doubt(broken: BrokenLine) -> None:
    """The system completes the handshake; the gateway's program hangs and never accepts."""
    url = url_of("esms+http", broken)

    error, seconds = fails(PAIRS["esms+http"].transport(url, HttpClient(seconds=SECONDS)))

    assert error.uncertain
    assert seconds < 2 * SECONDS


@pytest.mark.usefixtures("texts", "noon")
@pytest.mark.parametrize("query", ["brandname=X&dedup=yes", "brandname=X&dedup=no"])
def test_a_dispatcher_with_a_half_open_gateway(broken: BrokenLine, query: str) -> None:
    # Given a gateway that takes what it is told and never answers
    broken.use(broken.stays_silent)
    reminder = MessageFactory()
    at = f"esms+http://key:secret%40%2F@127.0.0.1:{broken.port}"
    pace = Pace(in_flight=8, write_every=0.01, send_timeout=SECONDS, stop_within=0.5)

    # When it is asked
    began = time.monotonic()
    drain_through({Channel.SMS: open_transport(Channel.SMS, f"{at}/?{query}")}, pace=pace)

    # Then the send ends by itself, and what is not known is not guessed
    assert time.monotonic() - began < 5
    reminder.refresh_from_db()
    assert Attempt.objects.get().outcome == "unknown"
    if "dedup=no" in query:
        assert reminder.state == MessageState.UNKNOWN
        return
    assert (reminder.state, reminder.handed_at is None) == (MessageState.QUEUED, False)

    # And the next attempt says the same reference
    Message.objects.update(due_at=clock.now())
    with EsmsPeer() as peer:
        healthy = open_transport(Channel.SMS, peer.url(query))
        assert drain_through({Channel.SMS: healthy})["sent"] == 1
    told = json.loads(broken.heard[0].partition(b"\r\n\r\n")[2] or b"{}")
    assert told.get("RequestId", reminder.reference) == peer.requests[0]["RequestId"]
    assert peer.delivered == {reminder.reference: 1}


# ------------------------------------------------------------------------------------- e-mail
HELLO = (b"220 mail.example ESMTP\r\n", b"250 mail.example\r\n", b"250 sender fine\r\n")
RELAYS: dict[str, tuple[tuple[bytes, ...], bool]] = {
    "cut in the greeting": ((b"220 mail.exa",), False),
    "cut after the sender": (HELLO, False),
    "cut in the answer to the recipient": ((*HELLO, b"250 recip"), False),
    # From the word DATA on nobody tells how far it got.
    "cut at the word for the letter": ((*HELLO, b"250 fine\r\n", b""), True),
    "cut when the letter is out": ((*HELLO, b"250 fine\r\n", b"354 go on\r\n", b""), True),
    "cut in the answer to the letter": (
        (*HELLO, b"250 fine\r\n", b"354 go on\r\n", b"250 ta"),
        True,
    ),
}


@pytest.mark.parametrize("relay", RELAYS)
def test_a_relay_that_hangs_up_is_in_doubt_only_once_the_letter_is_out(
    broken: BrokenLine, relay: str
) -> None:
    answers, uncertain = RELAYS[relay]
    broken.use(broken.plays(*answers))
    url = f"smtp://127.0.0.1:{broken.port}/?from=cong@example.gov.vn"

    error, seconds = fails(SmtpRelay.from_url(url), to=MAIL)

    assert (error.uncertain, error.permanent) == (uncertain, False)
    assert seconds < 4
    assert MAIL not in str(error)


def test_a_relay_that_never_greets_was_told_nothing_and_is_let_go(broken: BrokenLine) -> None:
    broken.use(broken.stays_silent)
    url = f"smtp://127.0.0.1:{broken.port}/?from=cong@example.gov.vn"

    error, seconds = fails(SmtpRelay.from_url(url), to=MAIL)

    assert (error.uncertain, error.permanent) == (False, False)
    assert seconds < 4
    until = time.monotonic() + 2
    while not broken.heard and time.monotonic() < until:
        time.sleep(0.02)
    assert broken.heard == [b""], "the connection is still open"
