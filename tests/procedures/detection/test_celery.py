"""Real workers and a real beat on a real broker: one result, whoever rings and however often."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from citizens.models import Credential, FactChange
from notifications.models import Message
from portal.celery import app
from portal.common import clock
from portal.common.models import Bell
from portal.schedule import longest_silences
from procedures.enums import ScanKind
from procedures.models import Recipient, ScanRun, ScanRunRule, Suggestion
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import make_rule

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.fault,
    pytest.mark.slow,
]
PROJECT = Path(__file__).resolve().parents[3]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker as a process of its own, on this test's database and broker."""
    children: list[subprocess.Popen[bytes]] = []
    app.control.purge()

    def begin(*arguments: str) -> subprocess.Popen[bytes]:
        database = settings.DATABASES["default"]
        host, port = database["HOST"], database["PORT"]
        place = f"{host}&port={port}" if port else host
        environment = os.environ | {
            "PORTAL_MODE": "demo",
            "DATABASE_URL": f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
            f"?host={place}",
            "REDIS_URL": settings.REDIS_URL,
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        name = f"worker{len(children)}@test"
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-n", name]
        with (tmp_path / f"{len(children)}.log").open("wb") as log:
            child = subprocess.Popen(  # noqa: S603 - our own command
                [*command, *arguments], cwd=PROJECT, env=environment, stdout=log, stderr=log
            )
        children.append(child)
        return child

    yield begin
    for child in children:
        child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    app.control.purge()


@pytest.fixture
def beat(start: Start, tmp_path: Path) -> Callable[[], subprocess.Popen[bytes]]:
    """Start a worker with a beat of its own."""
    numbers = iter(range(9))

    def begin() -> subprocess.Popen[bytes]:
        schedule = str(tmp_path / f"schedule-{next(numbers)}")
        return start("--concurrency", "2", "-B", "-s", schedule)

    return begin


def licences(number: int) -> list[Credential]:
    """Make licences that run out in fifty days."""
    due_on = clock.today() + timedelta(days=50)
    return [CredentialFactory(holder=CitizenFactory(), expires_on=due_on) for _ in range(number)]


def changed(paper: Credential) -> None:
    FactChange.objects.create(kind="credential", object_id=paper.pk, subject_id=paper.holder_id)


def wait_until(condition: Callable[[], bool], seconds: float) -> float:
    """Wait, and return for how long."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - began


def nightly_is_done() -> bool:
    return ScanRun.objects.filter(kind=ScanKind.NIGHTLY, state="finished").exists()


def test_a_changed_fact_is_told_within_a_minute_without_a_scan_of_all(
    beat: Callable[[], object],
) -> None:
    make_rule()
    paper, *others = licences(3)
    changed(paper)

    beat()
    took = wait_until(lambda: Message.objects.exists(), 90)

    assert took < 60 + 20  # the minute, and the start of the processes
    told = Message.objects.values_list("recipient", flat=True)
    if not nightly_is_done():  # on the hour's seventeenth minute beat asks for the whole date
        assert list(told) == [paper.holder_id]
        assert not Suggestion.objects.filter(subject__in=[one.holder_id for one in others])
    assert ScanRun.objects.filter(kind=ScanKind.CHANGES).exists()
    assert not FactChange.objects.exists()
    wait_until(
        lambda: set(longest_silences()) == set(Bell.objects.values_list("task", flat=True)), 60
    )
    heard = Bell.objects.filter(task="procedures.read_fact_changes", heard_at__isnull=False)
    wait_until(heard.exists, 60)


def test_two_beats_and_five_rings_at_once_are_one_result(
    beat: Callable[[], object],
) -> None:
    make_rule()
    papers = licences(40)
    for paper in papers:
        changed(paper)

    beat()
    beat()
    for _ in range(5):
        app.send_task("procedures.scan_today")
        app.send_task("procedures.read_fact_changes")
    wait_until(lambda: nightly_is_done() and not FactChange.objects.exists(), 120)
    time.sleep(25)  # another round of both beats

    assert Suggestion.objects.count() == Recipient.objects.count() == Message.objects.count() == 40
    assert ScanRun.objects.filter(kind=ScanKind.NIGHTLY).count() == 1
    counts = ScanRunRule.objects.values_list("opened_count", flat=True)
    assert sum(counts) == 40
    assert not ScanRunRule.objects.exclude(error="").exists()


def test_a_worker_that_is_killed_in_its_work_is_made_up_for(
    start: Start, beat: Callable[[], object]
) -> None:
    """The mailbox keeps what was not committed; the next beat, of whatever process, reads it."""
    make_rule()
    papers = licences(60)
    for paper in papers:
        changed(paper)
    first = start("--concurrency", "2")
    for _ in range(5):
        app.send_task("procedures.read_fact_changes")
    time.sleep(2)

    first.kill()
    first.wait()
    beat()
    wait_until(lambda: not FactChange.objects.exists(), 120)
    wait_until(lambda: Message.objects.count() == 60, 30)

    assert Suggestion.objects.count() == Recipient.objects.count() == 60
