"""Received deliveries are imported one after another; a person is asked where much would change."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import Settings

from benchmarks.digests import facts_digest
from benchmarks.extracts import write_people
from citizens.enums import BatchState
from citizens.models import Batch, Citizen, Register, Rejection
from citizens.registers import live, vault
from citizens.registers.session import held_register
from citizens.registers.tries import MOST_TRIES, count_try, failed_tries
from citizens.selectors.batches import Turn, turn_of
from citizens.services.confirm_batch import confirm_batch, set_batch_aside
from citizens.services.import_register import import_register
from citizens.services.run_batches import run_batches
from citizens.tasks import ring_for_batches
from citizens.tasks import run_batches as bell
from portal.common import clock
from portal.common.db_roles import as_owner
from portal.common.errors import RefusedError
from tests.citizens.importing.scene import TODAY, licence, person, set_the_scene
from tests.citizens.receiving import csv_of, people, receive, take_over
from tests.factories.citizens import UserFactory

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    set_the_scene()


def test_a_delivery_is_imported_and_its_file_goes() -> None:
    batch = take_over(person(), person("123"))

    assert (batch.state, turn_of(batch)) == (BatchState.DONE, Turn.DONE)
    assert (batch.row_count, batch.created_count, batch.rejected_count) == (2, 1, 1)
    assert Citizen.objects.get().batch == batch
    assert Rejection.objects.get().row[0] == "123"
    assert (batch.stored_as, list(vault.stored_names())) == ("", [])
    assert live.live_of(batch.pk) is None


def test_the_bell_asks_the_table_and_needs_no_argument() -> None:
    with time_machine.travel(TODAY.isoformat()):
        batch = receive(csv_of(person())).batch
        ring_for_batches()

        bell()

    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_deliveries_of_all_registers_are_taken_in_the_order_of_their_arrival() -> None:
    people_first = receive(csv_of(person())).batch
    papers = receive(csv_of(licence()), register="GPLX").batch

    assert run_batches(day=TODAY) == 2

    papers.refresh_from_db()
    assert papers.created_count == 1  # the holder was there already
    assert people_first.pk < papers.pk


def test_a_register_that_a_command_imports_just_now_waits() -> None:
    batch = receive(csv_of(person())).batch
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext('NPD'))", [0x1A9047])
        assert run_batches(day=TODAY) == 0
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()

    batch.refresh_from_db()
    assert turn_of(batch) is Turn.WAITING
    assert run_batches(day=TODAY) == 1


def test_two_runners_do_not_work_at_once() -> None:
    receive(csv_of(person()))
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext('*'))", [0x1A9047])
        assert run_batches(day=TODAY) == 0
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()

    with held_register("GPLX"):  # of the same session: no hindrance
        assert run_batches(day=TODAY) == 1


# --------------------------------------------------------------- a person is asked first
def test_a_trial_tells_what_would_be_and_waits() -> None:
    batch = take_over(person(), person("123"), is_rehearsal=True)

    assert turn_of(batch) is Turn.HELD
    assert (batch.created_count, batch.rejected_count) == (1, 1)
    assert batch.refusal[0]["code"] == "rehearsal"
    assert batch.rejections.count() == 1
    assert not Citizen.objects.exists()
    assert run_batches(day=TODAY) == 0

    confirm_batch(batch=batch, by=UserFactory(of_official=True))
    assert (turn_of(batch), batch.rejections.count()) == (Turn.TAKING, 0)
    run_batches(day=TODAY)

    batch.refresh_from_db()
    assert (batch.state, batch.created_count, batch.rejected_count) == (BatchState.DONE, 1, 1)
    assert batch.rejections.count() == 1
    assert batch.refusal == []


@pytest.mark.parametrize(("changed", "turn"), [(2, Turn.DONE), (3, Turn.HELD)])
def test_more_than_a_fifth_is_changed_only_after_a_word(changed: int, turn: Turn) -> None:
    take_over(*people(10), as_of=TODAY - timedelta(days=1))
    rows = people(10)
    for row in rows[:changed]:
        row["current_address"] = "Nơi khác"

    batch = take_over(*rows, as_of=TODAY)

    assert turn_of(batch) is turn
    assert batch.changed_count == changed
    if turn is Turn.HELD:
        reason = batch.refusal[0]
        assert "3" in reason["vi"]
        assert "30 %" in reason["en"]
        assert not Citizen.objects.filter(current_address="Nơi khác").exists()


def test_nobody_confirms_what_nobody_has_seen() -> None:
    take_over(*people(5), as_of=TODAY - timedelta(days=1))
    batch = take_over(*people(5, current_address="Nơi khác"), is_confirmed=True)

    assert turn_of(batch) is Turn.HELD
    assert not Citizen.objects.filter(current_address="Nơi khác").exists()


@pytest.mark.parametrize(("deaths", "turn"), [(20, Turn.DONE), (21, Turn.HELD)])
def test_many_deaths_at_once_wait_for_a_word(deaths: int, turn: Turn) -> None:
    rows = people(25)
    take_over(*rows)

    batch = take_over(
        *(
            {"code": f"BT{at:04d}", "pin": row["pin"], "died_on": "20/11/2026"}
            for at, row in enumerate(rows[:deaths])
        ),
        register="HEALTH",
    )

    assert turn_of(batch) is turn
    assert Citizen.objects.filter(died_on=None).count() == 25 - deaths * (turn is Turn.DONE)
    if turn is Turn.HELD:
        assert batch.refusal[0]["code"] == "many_deaths"


def test_sending_a_held_file_again_with_the_word_confirms_it() -> None:
    content = csv_of(person())
    batch = receive(content, is_rehearsal=True).batch
    run_batches(day=TODAY)

    receive(content, is_confirmed=True)
    run_batches(day=TODAY)

    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


@pytest.mark.parametrize(("rows", "readings"), [(3, 1), (8, 2)])
def test_a_file_is_read_twice_only_where_it_could_change_much(rows: int, readings: int) -> None:
    take_over(*people(20), as_of=TODAY - timedelta(days=1))
    receive(csv_of(*people(rows)))

    stagings: list[str] = []

    def listen(execute: Any, statement: str, *rest: Any) -> Any:
        if "TEMPORARY TABLE staged" in statement:
            stagings.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(listen):
        run_batches(day=TODAY)

    assert len(stagings) == readings
    assert Batch.objects.filter(state=BatchState.DONE).count() == 2


def test_what_is_set_aside_writes_nothing_and_leaves_no_file() -> None:
    batch = take_over(person(), is_rehearsal=True)
    someone = UserFactory(of_official=True, display_name="Lương Thị Quỳnh")

    set_batch_aside(batch=batch, by=someone)

    assert turn_of(batch) is Turn.REFUSED
    assert "Lương Thị Quỳnh" in batch.refusal[0]["vi"]
    assert list(vault.stored_names()) == []
    with pytest.raises(RefusedError):
        confirm_batch(batch=batch, by=someone)
    with pytest.raises(RefusedError):
        set_batch_aside(batch=batch, by=someone)


# --------------------------------------------------------------- what goes wrong
def test_a_file_that_cannot_be_opened_any_more_is_refused_and_others_go_on() -> None:
    lost = receive(csv_of(person())).batch
    good = receive(csv_of(licence()), register="GPLX").batch
    (vault.folder() / lost.stored_as).write_bytes(b"\x00\x00\x00\x05abcde")

    run_batches(day=TODAY)

    lost.refresh_from_db()
    good.refresh_from_db()
    assert (lost.state, good.state) == (BatchState.REFUSED, BatchState.DONE)
    assert "gửi lại" in lost.refusal[0]["vi"]


def test_an_import_that_never_ends_is_given_up_and_named() -> None:
    # Given a batch whose table is gone, so that each import of it fails
    batch = receive(csv_of(person())).batch
    Batch.objects.filter(pk=batch.pk).update(kind="no_such_table")
    good = receive(csv_of(licence()), register="GPLX").batch

    for tries in range(1, MOST_TRIES + 1):
        run_batches(day=TODAY)
        assert failed_tries([batch, good]) == {batch.pk: tries}
    run_batches(day=TODAY)

    batch.refresh_from_db()
    good.refresh_from_db()
    assert (batch.state, good.state) == (BatchState.REFUSED, BatchState.DONE)
    assert str(MOST_TRIES) in batch.refusal[0]["en"]
    assert failed_tries([batch]) == {}  # sent again, it begins with its first try


def test_the_log_names_the_place_in_our_own_code(caplog: pytest.LogCaptureFixture) -> None:
    batch = receive(csv_of(person())).batch

    # Given a stored file that Python's library fails to open
    stored = vault.folder() / batch.stored_as
    stored.unlink()
    stored.mkdir()

    run_batches(day=TODAY)

    told = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    (line,) = (one for one in told if one["event"] == "import_failed")
    assert (line["batch"], line["error"]) == (batch.pk, "IsADirectoryError")
    assert line["at"].startswith("vault.py:")
    assert live.live_of(batch.pk) is None


def test_tries_are_not_told_while_the_register_is_at_work() -> None:
    batch = receive(csv_of(person())).batch
    count_try(batch)

    with held_register("NPD"):
        assert failed_tries([batch]) == {}
    with held_register("GPLX"):
        assert failed_tries([batch]) == {batch.pk: 1}


def test_what_nobody_wants_is_tidied_up() -> None:
    batch = take_over(person(), is_rehearsal=True)
    with vault.PlainFile() as file:
        vault.store(file, "orphan.auto")
    for name in ("orphan.auto", batch.stored_as):
        old = time.time() - 2 * 24 * 60 * 60
        os.utime(vault.folder() / name, (old, old))

    run_batches(day=TODAY)
    assert [name for name, _at in vault.stored_names()] == [batch.stored_as]

    Batch.objects.update(received_at=clock.now() - timedelta(days=31))
    run_batches(day=TODAY)
    batch.refresh_from_db()
    assert (turn_of(batch), list(vault.stored_names())) == (Turn.REFUSED, [])


def test_a_command_may_take_over_what_waits_and_its_file_goes(tmp_path: Path) -> None:
    content = csv_of(person())
    batch = receive(content).batch
    path = tmp_path / "people.csv"
    path.write_bytes(content)

    done = import_register(register="NPD", path=path, day=TODAY)
    run_batches(day=TODAY)

    batch.refresh_from_db()
    assert (done.batch.pk, batch.state, batch.stored_as) == (batch.pk, BatchState.DONE, "")
    assert list(vault.stored_names()) == []


def test_a_command_may_bring_what_was_refused(tmp_path: Path) -> None:
    content = csv_of(person())
    batch = take_over(person(), is_rehearsal=True)
    set_batch_aside(batch=batch, by=UserFactory(of_official=True))
    path = tmp_path / "people.csv"
    path.write_bytes(content)

    done = import_register(register="NPD", path=path, day=TODAY)

    assert (done.batch.pk, done.batch.state) == (batch.pk, BatchState.DONE)
    assert (done.batch.refusal, done.batch.created_count, Citizen.objects.count()) == ([], 1, 1)


# --------------------------------------------------------------- kill -9
def _worker(slice_lines: int) -> subprocess.Popen[str]:
    """Run the batches as a process of its own, on this test's database and folder."""
    database = configured.DATABASES["default"]
    place = f"{database['HOST']}&port={database['PORT']}" if database["PORT"] else database["HOST"]
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "PORTAL_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{name}?host={place}",
        "REDIS_URL": "redis://127.0.0.1:1",  # nobody is there, and nobody needs it
        "MEDIA_ROOT": str(configured.MEDIA_ROOT),
    }
    script = (
        "import django; django.setup()\n"
        "from datetime import date\n"
        "from citizens.services.run_batches import run_batches\n"
        f"run_batches(day=date.fromisoformat('{TODAY}'), slice_lines={slice_lines})"
    )
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _kill_when(child: subprocess.Popen[str], condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not condition():
        assert child.poll() is None, child.communicate()[0]
        assert time.monotonic() < until, "it did not come so far"
        time.sleep(0.005)
    child.kill()
    child.communicate()


def _progress() -> int:
    return Batch.objects.values_list("progress", flat=True).get()


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_workers_are_carried_on_by_the_next_bell(tmp_path: Path) -> None:
    made = write_people(tmp_path / "people.csv", 2_000, ["20194", "20197"])
    content = made.path.read_bytes()
    receive(content)
    run_batches(day=TODAY)
    undisturbed = facts_digest()
    with as_owner():
        call_command("flush", reset_sequences=False, interactive=False, verbosity=0)
    set_the_scene()
    batch = receive(content).batch

    _kill_when(_worker(200), lambda: Batch.objects.get().state == BatchState.READING)
    _kill_when(_worker(200), lambda: _progress() >= 200)
    _kill_when(_worker(200), lambda: _progress() >= 1_200)
    assert Register.objects.filter(batches__state=BatchState.APPLYING).exists()
    until = time.monotonic() + 60
    while not run_batches(day=TODAY):  # the server notices the last kill in its own time
        assert time.monotonic() < until
        time.sleep(0.1)

    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert facts_digest() == undisturbed
    assert Rejection.objects.values("line").distinct().count() == len(set(made.bad_lines))
    assert list(vault.stored_names()) == []
