"""The command itself against gateways over HTTP that fail and drop, killed again and again (F1)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from pytest_django import Settings

from notifications.dispatch import Dispatcher, Pace
from notifications.enums import MessageState
from notifications.models import Attempt, Message
from notifications.transports.registry import open_transports
from portal.common import clock
from tests.factories.notifications import MessageFactory
from tests.notifications.processes import Start, let_leases_run_out, wait_until
from tests.peers.esms import EsmsPeer
from tests.peers.kannel import KannelPeer
from tests.peers.web_peer import Mood, WebPeer
from tests.shelf import put_texts
from tests.sizes import of_storms

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.fault,
    pytest.mark.slow,
]

MESSAGES, KILLS, ENOUGH = of_storms((160, 2, 6), (240, 3, 10))
WEATHER = {Mood.BROKEN: 0.05, Mood.DROP: 0.03}


@pytest.fixture
def messages(transactional_db: None) -> list[Message]:
    put_texts()
    created: list[Message] = MessageFactory.create_batch(MESSAGES)
    return created


def storm(peer: WebPeer, url: str, start: Start) -> None:
    """Kill the command in the middle, as often as KILLS says; let what it left be taken over.

    The gateway takes a message at once and answers late: a kill comes between the two.
    """
    for _ in range(KILLS):
        child = start(url, "--now")
        wait_until(partial(_has_asked, peer, len(peer.requests) + ENOUGH))
        child.kill()
        child.wait()
        let_leases_run_out()


def _has_asked(peer: WebPeer, times: int) -> bool:
    return len(peer.requests) >= times


def settle(settings: Settings, url: str) -> Counter[str]:
    """Let the rest drain, waiting for no back-off; return the states that messages ended in."""
    settings.SMS_URL = url
    waiting = Message.objects.filter(state__in=(MessageState.QUEUED, MessageState.SENDING))
    until = clock.now() + timedelta(seconds=60)
    while waiting.exists() and clock.now() < until:
        pace = Pace(write_every=0.01)
        waiting.filter(state=MessageState.QUEUED).update(due_at=clock.now())
        Dispatcher(open_transports(), pace=pace, lift_quiet_hours=True).run(until_empty=True)
    return Counter(Message.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("dedup", "query"),
    [(True, "brandname=X&dedup=yes&ask="), (False, "brandname=X&dedup=no&ask=/ask")],
    ids=["it drops repeats", "it can be asked"],
)
def test_nothing_is_lost_and_nothing_is_repeated(
    messages: list[Message], start: Start, settings: Settings, dedup: bool, query: str
) -> None:
    with EsmsPeer(dedup=dedup) as peer:
        peer.weather, peer.slowness = WEATHER, 0.3
        storm(peer, peer.url(query), start)

        peer.slowness = 0.0
        assert settle(settings, peer.url(query)) == {"sent": MESSAGES}

    assert +peer.delivered == Counter({message.reference: 1 for message in messages})
    # The kills hit messages that were on their way, or this shows nothing.
    assert Attempt.objects.filter(detail__contains="died").exists()


def test_a_blind_gateway_repeats_nothing_and_leaves_the_rest_to_a_person(
    messages: list[Message], start: Start, settings: Settings
) -> None:
    with KannelPeer() as peer:
        peer.weather, peer.slowness = WEATHER, 0.3
        storm(peer, peer.url(), start)

        peer.slowness = 0.0
        states = settle(settings, peer.url())

    assert set(peer.delivered.values()) == {1}
    assert set(states) == {"sent", "unknown"}
    unknown = Message.objects.filter(state=MessageState.UNKNOWN)
    sent = {message.reference for message in messages} - {row.reference for row in unknown}
    assert sent <= set(peer.delivered), "somebody never heard it"
