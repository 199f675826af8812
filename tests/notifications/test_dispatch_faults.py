"""Real processes, really killed: nothing is lost and nothing is said twice (F1, F14, F15, F16)."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections import Counter
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from notifications.dispatch import Dispatcher, Pace
from notifications.enums import Channel, MessageState
from notifications.models import Attempt, Message
from notifications.transports.base import Acceptance, Content, Traits
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from tests.factories.notifications import MessageFactory
from tests.notifications.processes import Start, let_leases_run_out, wait_until
from tests.shelf import put_texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]

MESSAGES = 120
QUICK = Pace(write_every=0.01)


@pytest.fixture
def messages(transactional_db: None) -> list[Message]:
    put_texts()
    created: list[Message] = MessageFactory.create_batch(MESSAGES)
    return created


def delivered(journal: Path) -> Counter[str]:
    lines = journal.read_text().splitlines() if journal.exists() else []
    return Counter(json.loads(line) for line in lines)


@pytest.mark.parametrize("character", ["dedup=no&ask=yes", "dedup=yes&ask=no"])
def test_a_killed_dispatcher_loses_and_repeats_nothing(
    messages: list[Message], start: Start, tmp_path: Path, character: str
) -> None:
    journal = tmp_path / "journal"
    # It delivers at once and answers late: the kill comes surely between the two.
    child = start(f"demo+sim:?answer_ms=9000&{character}&journal={journal}")
    wait_until(lambda: len(delivered(journal)) > 0)

    child.kill()
    child.wait()
    at_kill = len(delivered(journal))
    orphans = Message.objects.filter(state=MessageState.SENDING)
    doubtful = orphans.filter(public_id__in=list(delivered(journal))).count()
    assert 0 < at_kill < MESSAGES
    let_leases_run_out()
    gateway = SimulatedGateway.from_url(f"demo+sim:?{character}&journal={journal}")
    Dispatcher({Channel.SMS: gateway, Channel.INBOX: Inbox()}, pace=QUICK).run(until_empty=True)

    assert delivered(journal) == Counter({message.reference: 1 for message in messages})
    assert Message.objects.filter(state=MessageState.SENT).count() == MESSAGES
    # The kill hit messages that the gateway had and nobody had noted, or this shows nothing.
    assert doubtful > 0
    assert Attempt.objects.filter(detail__contains="died").count() > 0


def test_a_killed_dispatcher_of_a_blind_gateway_leaves_the_rest_to_a_person(
    messages: list[Message], start: Start, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    character = f"dedup=no&ask=no&journal={journal}"
    child = start(f"demo+sim:?answer_ms=9000&{character}")
    wait_until(lambda: len(delivered(journal)) > 0)

    child.kill()
    child.wait()
    let_leases_run_out()
    gateway = SimulatedGateway.from_url(f"demo+sim:?{character}")
    Dispatcher({Channel.SMS: gateway, Channel.INBOX: Inbox()}, pace=QUICK).run(until_empty=True)

    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) == {"sent", "unknown"}
    assert 0 < states["unknown"] <= 100
    assert max(delivered(journal).values()) == 1


def test_two_dispatchers_share_the_work(
    messages: list[Message], start: Start, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    url = f"demo+sim:?delay_ms=5&dedup=no&ask=no&journal={journal}"

    both = [start(url, "--until-empty") for _ in range(2)]
    outputs = [child.communicate(timeout=120)[0] for child in both]

    assert [child.returncode for child in both] == [0, 0], outputs
    assert delivered(journal) == Counter({message.reference: 1 for message in messages})
    assert Message.objects.filter(state=MessageState.SENT, attempt=1).count() == MESSAGES


def test_a_terminated_dispatcher_leaves_nothing_in_doubt(
    messages: list[Message], start: Start, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    child = start(f"demo+sim:?delay_ms=1000&dedup=no&ask=no&journal={journal}")
    wait_until(lambda: len(delivered(journal)) > 0)

    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    output, _nothing = child.communicate(timeout=60)

    assert child.returncode == 0, output
    assert time.monotonic() - began < 10
    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) == {"sent", "queued"}
    assert states["sent"] == len(delivered(journal))
    assert not Message.objects.filter(state="queued").exclude(attempt=0, handed_at=None).exists()


class ProbingGateway:
    """Looks, while it is asked, whether the dispatcher's connection has a transaction open."""

    traits = Traits(can_ask=True)

    def __init__(self) -> None:
        self.states: list[str] = []

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        await asyncio.sleep(0.05)
        database = connection.settings_dict
        with (
            psycopg2.connect(
                dbname=database["NAME"], user=database["USER"], host=database["HOST"]
            ) as probe,
            probe.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT state FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'",
                [database["NAME"]],
            )
            self.states += [row[0] for row in cursor.fetchall()]
        return Acceptance()

    async def ask(self, reference: str) -> Acceptance | None:
        return None

    async def aclose(self) -> None:
        return


def test_no_transaction_is_open_while_a_gateway_is_asked(transactional_db: None) -> None:
    put_texts()
    MessageFactory.create_batch(3)
    gateway = ProbingGateway()

    pace = Pace(write_every=5)
    Dispatcher({Channel.SMS: gateway}, pace=pace, lift_quiet_hours=True).run(until_empty=True)

    assert gateway.states
    assert not [state for state in gateway.states if state.startswith("idle in transaction")]
