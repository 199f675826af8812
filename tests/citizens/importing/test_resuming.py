"""A killed import is carried on by bringing the same file again, and ends the same (F23)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.digests import facts_digest
from benchmarks.extracts import Extract, write_people
from citizens.enums import BatchState
from citizens.models import Batch, Citizen, Credential, FactChange, Rejection
from citizens.services.import_register import import_register
from portal.common.db_roles import as_owner
from portal.common.errors import RefusedError
from tests.citizens.importing.scene import (
    LAN,
    MINH,
    TODAY,
    bring,
    licence,
    minh,
    person,
    set_the_scene,
)

PROJECT = Path(__file__).resolve().parents[3]
ROWS, SLICE = 3_000, 250


# The command, with every delivery of people taken for a large one.
_IN_TWO_SESSIONS = """
import sys
from portal.mode import set_default_settings
set_default_settings()
import django
django.setup()
from django.core.management import call_command
from citizens.services import import_register
import_register.LARGE = 0
call_command(*sys.argv[1:])
"""


def start(path: Path, *, sessions: int = 1) -> subprocess.Popen[str]:
    """Import the file as a process of its own, on this test's database."""
    database = settings.DATABASES["default"]
    place = f"{database['HOST']}&port={database['PORT']}" if database["PORT"] else database["HOST"]
    environment = os.environ | {
        "PORTAL_MODE": "demo",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
        f"?host={place}",
        "REDIS_URL": "redis://127.0.0.1:1",  # nobody is there, and nobody needs it
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    program = [sys.executable, *(["manage.py"] if sessions == 1 else ["-c", _IN_TWO_SESSIONS])]
    command = ["import_register", "NPD.person", str(path), "--slice", str(SLICE)]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*program, *command, "--as-of", str(TODAY)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_when(child: subprocess.Popen[str], condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not condition():
        assert child.poll() is None, child.communicate()[0]
        assert time.monotonic() < until, "it did not come so far"
        time.sleep(0.005)
    child.kill()
    child.communicate()


def progress() -> int:
    return Batch.objects.values_list("progress", flat=True).first() or 0


def extract(folder: Path) -> Extract:
    return write_people(folder / "people.csv", ROWS, ["20194", "20197", "20200"])


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_kills_and_a_last_run_end_as_one_undisturbed_run(tmp_path: Path) -> None:
    set_the_scene()
    made = extract(tmp_path)
    import_register(register="NPD", path=made.path, day=TODAY, as_of=TODAY)
    undisturbed = facts_digest()
    counts = Batch.objects.values("created_count", "rejected_count", "unchanged_count").get()
    news = FactChange.objects.count()
    with as_owner():
        call_command("flush", reset_sequences=False, interactive=False, verbosity=0)
    set_the_scene()

    is_read = Batch.objects.filter(state=BatchState.READING).exists
    kill_when(start(made.path), is_read)
    kill_when(start(made.path, sessions=2), lambda: progress() >= SLICE)
    kill_when(start(made.path), lambda: progress() >= ROWS // 2)
    kill_when(start(made.path, sessions=2), lambda: progress() >= ROWS * 2 // 3)
    last = start(made.path, sessions=2)
    told = last.communicate(timeout=120)[0]

    assert last.returncode == 0, told
    assert facts_digest() == undisturbed
    assert (
        Batch.objects.values("created_count", "rejected_count", "unchanged_count").get() == counts
    )
    assert FactChange.objects.count() == news
    assert Rejection.objects.count() == len(made.bad_lines)


@pytest.mark.django_db
def test_an_import_that_failed_half_way_goes_on_where_it_stopped(tmp_path: Path) -> None:
    set_the_scene()
    made = write_people(tmp_path / "people.csv", 300, ["20194"])

    def stop_at_the_second_slice(phase: str, line: int) -> None:
        if phase == "writing" and line >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_register(
            register="NPD",
            path=made.path,
            day=TODAY,
            slice_lines=50,
            progress=stop_at_the_second_slice,
        )
    half = Batch.objects.get()
    assert (half.state, half.progress) == (BatchState.APPLYING, 100)
    assert 0 < Citizen.objects.count() < 297

    done = import_register(register="NPD", path=made.path, day=TODAY, slice_lines=50)

    assert done.batch.pk == half.pk
    assert (done.batch.state, done.batch.created_count) == (BatchState.DONE, 297)
    assert Citizen.objects.count() == 297
    assert FactChange.objects.values("subject").distinct().count() == 297
    assert {row.line for row in Rejection.objects.all()} == set(made.bad_lines)


class KilledError(BaseException):
    """Stands for a process that ends between two slices."""


def kill_after_the_first_slice(phase: str, _line: int) -> None:
    if phase == "writing":
        raise KilledError


@pytest.mark.django_db
def test_a_row_whose_person_came_after_the_kill_is_taken_by_the_run_that_goes_on(
    tmp_path: Path,
) -> None:
    set_the_scene()
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 10, 1))
    rows = [licence("999000000001", MINH), licence("999000000002", LAN), licence("9990", LAN)]
    given: dict[str, Any] = {"as_of": date(2026, 10, 2), "slice_lines": 3}
    with pytest.raises(KilledError):
        bring(tmp_path, "GPLX", *rows, **given, progress=kill_after_the_first_slice)
    assert (Batch.objects.get(register="GPLX").progress, Credential.objects.count()) == (3, 1)

    bring(tmp_path, "NPD.person", minh(), as_of=date(2026, 10, 3))
    done = bring(tmp_path, "GPLX", *rows, **given)

    assert Credential.objects.count() == 3
    assert (done.kinds, done.batch.created_count, done.batch.unchanged_count) == ({}, 3, 0)
    assert FactChange.objects.filter(kind="credential").count() == 3


@pytest.mark.django_db
def test_a_row_named_before_the_kill_and_taken_after_it_is_no_longer_named(
    tmp_path: Path,
) -> None:
    set_the_scene()
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 10, 1))

    def kill_while_naming(phase: str, _line: int) -> None:
        if phase == "rejecting":
            raise KilledError

    with pytest.raises(KilledError):
        bring(tmp_path, "GPLX", licence(pin=MINH), progress=kill_while_naming)
    assert Rejection.objects.get().code == "subject_unknown"

    bring(tmp_path, "NPD.person", minh(), as_of=date(2026, 10, 3))
    done = bring(tmp_path, "GPLX", licence(pin=MINH))

    assert (done.batch.created_count, done.batch.rejected_count) == (1, 0)
    assert not Rejection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_register_do_not_run_at_once(tmp_path: Path) -> None:
    set_the_scene()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext('NPD'))", [0x1A9047])

            with pytest.raises(RefusedError):
                bring(tmp_path, "NPD.person", person())
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext('NPD'))", [0x1A9047])
    finally:
        other.close()

    assert not Citizen.objects.exists()
    assert bring(tmp_path, "NPD.person", person()).batch.created_count == 1
