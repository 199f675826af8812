"""Every gateway over HTTP: what it makes of each way in which a real one answers, or does not."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from asgiref.sync import async_to_sync

from notifications.transports.base import Acceptance, Content, Transport, TransportError
from notifications.transports.http import HttpClient, retry_after
from tests.peers.table import PAIRS, RECEIPTS, Pair
from tests.peers.web_peer import Mood, WebPeer

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PHONE = "+84500000001"
REFERENCE = "0123456789abcdef" * 2
HELLO = Content(body="Xin chào", subject="Nhắc hạn", topic="reminder")
SECRETS = ("secret@/", "p@ss", "s/cret", "%40", PHONE, PHONE[3:], "127.0.0.1")


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest) -> Pair:
    return PAIRS[request.param]


@pytest.fixture
def peer(pair: Pair) -> Iterator[WebPeer]:
    with pair.peer() as serving:
        yield serving


def send(
    transport: Transport, *, times: int = 1, content: Content = HELLO
) -> list[Acceptance | TransportError]:
    """Send the same message so often; return what came of each."""

    async def work() -> list[Acceptance | TransportError]:
        try:
            return [await _one(transport, content) for _ in range(times)]
        finally:
            await transport.aclose()

    return async_to_sync(work)()


async def _one(transport: Transport, content: Content) -> Acceptance | TransportError:
    try:
        return await transport.send(address=PHONE, content=content, reference=REFERENCE)
    except TransportError as error:
        return error


def failure(transport: Transport) -> TransportError:
    [error] = send(transport)
    assert isinstance(error, TransportError)
    assert not any(secret in f"{error} {error.__cause__}" for secret in SECRETS)
    return error


def verdict(error: TransportError) -> str:
    if error.uncertain:
        return "in doubt"
    return "for good" if error.permanent else "later"


# ------------------------------------------------------------------------- every one of them
def test_it_is_accepted_under_our_reference(pair: Pair, peer: WebPeer) -> None:
    [found] = send(pair.connect(peer))

    assert isinstance(found, Acceptance)
    assert peer.delivered == {REFERENCE: 1}


@pytest.mark.parametrize(
    ("mood", "expected", "delivered"),
    [
        (Mood.REFUSE, "for good", 0),
        (Mood.LOCKED, "later", 0),
        (Mood.BUSY, "later", 0),
        (Mood.BROKEN, "later", 0),
        (Mood.LOST, "in doubt", 0),
        (Mood.SILENT, "in doubt", 1),
        (Mood.DROP, "in doubt", 1),
    ],
)
def test_each_failure_is_told_for_what_it_is(
    pair: Pair, peer: WebPeer, mood: Mood, expected: str, delivered: int
) -> None:
    peer.mood = mood

    error = failure(pair.connect(peer, HttpClient(seconds=0.5)))

    assert verdict(error) == expected
    # One request went out, whatever became of it: the library would repeat a GET that breaks.
    assert peer.delivered[REFERENCE] == delivered


def test_a_busy_gateway_says_how_long(pair: Pair, peer: WebPeer) -> None:
    peer.mood = Mood.BUSY

    assert failure(pair.connect(peer)).retry_after == timedelta(seconds=7)


def test_where_nobody_listens_nothing_was_accepted(pair: Pair) -> None:
    nobody = pair.peer()
    nobody.origin = f"http://127.0.0.1:{_free_port()}"

    assert verdict(failure(pair.connect(nobody))) == "later"


def test_the_same_reference_twice(pair: Pair, peer: WebPeer) -> None:
    transport = pair.connect(peer)

    found = send(transport, times=2)

    assert all(isinstance(one, Acceptance) for one in found)
    if transport.traits.deduplicates_for:
        assert peer.delivered[REFERENCE] == 1


def test_after_a_broken_connection_the_next_one_is_new(pair: Pair, peer: WebPeer) -> None:
    transport = pair.connect(peer)
    peer.mood = Mood.DROP
    assert verdict(failure(transport)) == "in doubt"
    peer.mood = Mood.ACCEPT

    [found] = send(transport)

    assert isinstance(found, Acceptance)


def test_its_logs_hold_no_secret(
    pair: Pair, peer: WebPeer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    transport = pair.connect(peer)

    send(transport, times=2)
    peer.mood = Mood.DROP
    failure(transport)

    assert not any(secret in caplog.text for secret in SECRETS if secret != "127.0.0.1")
    assert not any(secret in repr(vars(transport)["_client"]) for secret in SECRETS)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("7", timedelta(seconds=7)),
        ("Mon, 23 Nov 2026 05:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 23 Nov 2026 04:00:00 GMT", timedelta()),
        ("999999999999", timedelta(hours=6)),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, expected: timedelta | None) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 5, tzinfo=UTC), tick=False):
        assert retry_after(said) == expected


# --------------------------------------------------------------------------------- each shape
def made(name: str, content: Content = HELLO) -> dict[str, Any]:
    """Return what a peer was given for a message."""
    with PAIRS[name].peer() as peer:
        send(PAIRS[name].connect(peer), content=content)
        [request] = peer.requests
        return request


def test_esms_is_given_what_its_makers_ask_for() -> None:
    assert made("esms+http") == {
        "ApiKey": "key",
        "SecretKey": "secret@/",
        "Brandname": "UBND",
        "SmsType": "2",
        "Phone": "0500000001",
        "Content": "Xin chào",
        "IsUnicode": "0",
        "RequestId": REFERENCE,
        "CallbackUrl": RECEIPTS,
    }


@pytest.mark.parametrize(
    ("body", "unicode", "coding"), [("Giay phep", "0", "0"), ("Giấy phép", "1", "2")]
)
def test_accented_texts_are_marked(body: str, unicode: str, coding: str) -> None:
    assert made("esms+http", Content(body=body))["IsUnicode"] == unicode
    assert made("kannel+http", Content(body=body))["coding"] == coding


def test_kannel_is_given_what_its_guide_asks_for() -> None:
    assert made("kannel+http") == {
        "username": "user",
        "password": "p@ss",
        "from": "UBND",
        "to": PHONE,
        "text": "Xin chào",
        "charset": "UTF-8",
        "coding": "0",
        "binfo": REFERENCE,
        "dlr-mask": "27",
        "dlr-url": f"{RECEIPTS}?reference={REFERENCE}&status=%d&id=%I",
    }


def test_the_app_is_given_a_notice() -> None:
    assert made("app+http") == {
        "reference": REFERENCE,
        "to": PHONE,
        "topic": "reminder",
        "language": "vi",
        "title": "Nhắc hạn",
        "body": "Xin chào",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"CodeResult": "103"}, "later"),
        ({"CodeResult": 101}, "later"),
        ({"CodeResult": "99"}, "later"),
        ({"CodeResult": "146"}, "for good"),
        ({"CodeResult": "4711"}, "later"),
        ({"error": "Invalid request"}, "in doubt"),
        ([], "in doubt"),
        ("<html>welcome</html>", "in doubt"),
    ],
)
def test_esms_explains_itself_by_a_code(answer: Any, expected: str) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    with PAIRS["esms+http"].peer() as peer:
        peer.answer_with(200, text)

        assert verdict(failure(PAIRS["esms+http"].connect(peer))) == expected


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (403, "Authorization failed for sendsms", "later"),
        (403, "Not routable. Do not try again.", "for good"),
        (400, "Sender missing and no global set, rejected", "later"),
        (400, "Garbage 'to' field, rejected.", "for good"),
        (503, "Temporal failure, try again later.", "later"),
        (404, "", "later"),
        (301, "", "later"),
    ],
)
def test_kannel_explains_itself_in_words(status: int, text: str, expected: str) -> None:
    with PAIRS["kannel+http"].peer() as peer:
        peer.answer_with(status, text)

        assert verdict(failure(PAIRS["kannel+http"].connect(peer))) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, '{"CodeResult": "100", "SMSID": "s1"}'), Acceptance("s1")),
        ((200, '{"CodeResponse": "100", "SMSID": "s1"}'), Acceptance("s1")),
        ((200, '{"CodeResult": "105"}'), None),
        ((404, ""), None),
        ((200, '{"CodeResult": "101"}'), "in doubt"),
        ((200, "<html>welcome</html>"), "in doubt"),
        ((500, ""), "later"),
    ],
)
def test_only_a_clear_no_means_never_seen(answer: tuple[int, str], expected: Any) -> None:
    pair = PAIRS["esms+http askable"]

    async def ask(transport: Transport) -> Any:
        try:
            return await transport.ask(REFERENCE)
        except TransportError as error:
            return verdict(error)
        finally:
            await transport.aclose()

    with pair.peer() as peer:
        peer.answer_with(*answer)

        assert async_to_sync(ask)(pair.connect(peer)) == expected


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
