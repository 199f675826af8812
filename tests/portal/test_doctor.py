from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from benchmarks.tampering import every_right, fill_log, seeded
from citizens.enums import BatchState
from citizens.models import AccessLog, Batch, Seal
from citizens.registers.session import held_register
from citizens.services.log_root import LogRoot
from notifications.rules.signatures import calling_key, path_token
from portal.common import clock
from portal.common.models import Bell
from tests.factories.citizens import BatchFactory


@pytest.mark.django_db
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(
    ("url", "mark", "seen"),
    [
        ("demo:", "ok", "inbox, sms (demo)"),
        ("", "warn", "inbox — set SMS_URL"),
        ("kannel+http://portal:geheim@127.0.0.1:{open}/x", "ok", "inbox, sms (kannel+http)"),
        ("kannel+http://portal:geheim@127.0.0.1:{shut}/x", "look", "nobody listens where SMS_URL"),
    ],
)
def test_one_line_says_which_channels_there_are(
    settings: Settings, url: str, mark: str, seen: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as serving, socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))
        ports = {"open": serving.getsockname()[1], "shut": idle.getsockname()[1]}
        settings.SMS_URL = url.format(**ports)

        line = _line("channels")

    assert line.startswith(mark)
    assert seen in line
    assert "geheim" not in line


def test_it_tells_the_addresses_that_gateways_are_given(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    said = StringIO()

    call_command("doctor", "--addresses", stdout=said)

    addresses = said.getvalue().split()
    assert len(set(addresses)) == 6 + 2 * 6
    token = path_token(settings.RECEIPT_SECRET, channel="sms")
    assert f"https://portal.example/inbound/sms/{token}/" in addresses
    assert f"https://portal.example/receipts/sms/{token}/" in addresses
    key = calling_key(settings.RECEIPT_SECRET, address="/receipts/app/")
    assert f"https://portal.example/receipts/app/ {key}" in said.getvalue()


def _line(name: str) -> str:
    """Return the line of one probe."""
    said = StringIO()
    with pytest.raises(CommandError, match="need a hand"):  # no scan has run in a test
        call_command("doctor", stdout=said, no_color=True)
    return next(line for line in said.getvalue().splitlines() if f" {name} " in line)


@pytest.mark.django_db
def test_a_task_that_fell_silent_is_told_by_its_name() -> None:
    assert "beat was never started" in _line("beat")
    Bell.objects.expect({"a.b": timedelta(minutes=5), "c.d": timedelta(days=1)}, clock.now())
    assert _line("beat").startswith("ok")
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        Bell.objects.note("a.b", timedelta(minutes=5), clock.now())

    line = _line("beat")

    assert line.startswith("look")
    assert "a.b since 55 min" in line
    assert "c.d" not in line


@pytest.fixture
def sealed(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.LOG_ROOT = str(tmp_path / "root")
    fill_log(rows=6, seals=3, random=seeded(1))


def test_a_sealed_log_is_well(sealed: None) -> None:
    assert _line("log seals").startswith("ok")
    assert _line("log root").startswith("ok")
    assert "ends with seal 3" in _line("log root")


def test_a_view_that_waits_too_long_for_its_seal_is_told(sealed: None) -> None:
    view = AccessLog.objects.latest("pk")
    view.pk, view.recorded_at = None, clock.now() - timedelta(seconds=75)
    view.save()

    line = _line("log seals")

    assert line.startswith("look")
    assert "waits for its seal for 7" in line


def _lose_the_file(root: LogRoot) -> None:
    root.path.unlink()
    _age_the_seals()


def _lose_the_folder(root: LogRoot) -> None:
    root.path.unlink()
    root.path.mkdir()


def _lose_the_last_line(root: LogRoot) -> None:
    whole = root.path.read_bytes().splitlines(keepends=True)
    root.path.write_bytes(b"".join(whole[:-1]))
    _age_the_seals()


def _lose_the_last_seal(_root: LogRoot) -> None:
    with every_right():
        Seal.objects.latest("number").delete()


def _age_the_seals() -> None:
    with every_right():
        Seal.objects.update(sealed_at=clock.now() - timedelta(minutes=2))


@pytest.mark.parametrize(
    ("harm", "seen"),
    [
        (_lose_the_file, "3 seals are missing there"),
        (_lose_the_folder, "IsADirectoryError"),
        (_lose_the_last_line, "1 seals are missing there"),
        (_lose_the_last_seal, "seal 3 is not in the table"),
    ],
)
def test_a_log_root_that_does_not_end_as_the_table_is_told(
    sealed: None, harm: Callable[[LogRoot], None], seen: str
) -> None:
    harm(LogRoot.of_settings())

    line = _line("log root")

    assert line.startswith("look")
    assert seen in line


def test_deliveries_that_wait_too_long_are_told(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    assert _line("deliveries").startswith("ok")
    assert "none waits" in _line("deliveries")

    batch = BatchFactory(state=BatchState.RECEIVED, stored_as="name.auto")
    assert _line("deliveries").startswith("ok")

    Batch.objects.update(received_at=clock.now() - timedelta(hours=3))
    assert _line("deliveries").startswith("look")
    assert "the oldest waits 3 h" in _line("deliveries")

    batch.encoding = "utf-8"
    batch.save()
    assert "1 for a person's word" in _line("deliveries")


def test_imports_that_nobody_carries_on_are_counted(db: None) -> None:
    BatchFactory(state=BatchState.APPLYING, stored_as="name.auto")
    assert _line("interrupted").startswith("ok")
    assert "1 imports begun and not at work, 0 of them" in _line("interrupted")

    of_a_command = BatchFactory(state=BatchState.READING)
    assert _line("interrupted").startswith("look")
    assert "2 imports begun and not at work, 1 of them" in _line("interrupted")

    with held_register(of_a_command.register_id):
        assert "0 of them" in _line("interrupted")
