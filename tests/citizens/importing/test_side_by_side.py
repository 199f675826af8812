"""A long delivery is read by several processes, and is staged as one process would."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import RFC_4122

import pytest
from django.db import connection, transaction

from benchmarks.extracts import write_people
from citizens.registers.declared import FORMATS
from citizens.registers.forked import ChildEndedError
from citizens.registers.reading import open_extract
from citizens.registers.staging import stage
from portal.common.crypto import unseal

ROWS, LATE = 6_500, 6_001
DAY = date(2026, 11, 25)
PERSON = FORMATS["NPD.person"]
Staged = list[tuple[Any, ...]]


def nobody_listens(_count: int) -> None:
    """Let the rows be read without a word."""


def staged(path: Path, *, alone: int) -> Staged:
    """Return what the file is staged as, with sealed numbers in clear."""
    with open_extract(path) as extract:
        assert stage(extract, PERSON, day=DAY, progress=nobody_listens, alone=alone) == ROWS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pin_enc, key, line, content, problems::text, pin_gender, pin_year, full_name,"
            " middle_name, birth_date, birth_precision, gender, unit_code, current_address,"
            " phone_index, body::text, sensitive_enc IS NULL, household_number, father, mother,"
            " spouse FROM staged ORDER BY line"
        )
        return [(_opened(sealed, key), key, *rest) for sealed, key, *rest in cursor.fetchall()]


def _opened(sealed: memoryview | None, key: memoryview) -> bytes | None:
    if sealed is None:
        return None
    return unseal(sealed, table="citizens_citizen", column="pin_enc", identity=bytes(key))


def children() -> set[int]:
    """Return the processes that this one started and that still run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return a delivery with a mistake far behind its beginning, and a row that stands twice."""
    path = write_people(tmp_path / "people.csv", ROWS, ["20194", "20197"]).path
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == ROWS + 1
    lines[LATE - 1] = lines[LATE - 1].replace(lines[LATE - 1].split(",")[0], "99", 1)
    lines[ROWS] = lines[1]
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


@pytest.mark.django_db
def test_rows_are_staged_alike_by_one_process_and_by_several(people: Path) -> None:
    one = staged(people, alone=ROWS * 2)

    several = staged(people, alone=0)

    assert several == one
    assert several[0][3] == several[-1][3]  # equal rows, read by different processes


@pytest.mark.django_db
def test_public_ids_are_random_uuids_that_no_two_processes_draw(people: Path) -> None:
    staged(people, alone=2_000)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id FROM staged WHERE problems IS NULL"
            " UNION ALL SELECT phone_public_id FROM staged WHERE phone_index IS NOT NULL"
        )
        drawn = [row[0] for row in cursor.fetchall()]
    assert len(set(drawn)) == len(drawn) > ROWS
    assert {(one.version, one.variant) for one in drawn} == {(4, RFC_4122)}


@pytest.mark.django_db
def test_a_mistake_far_behind_is_named_with_its_line(people: Path) -> None:
    problems = {row[2]: row[4] for row in staged(people, alone=2_000)}

    assert "pin_form" in (problems[LATE] or "")


@pytest.mark.django_db
def test_progress_is_told_while_others_read(people: Path) -> None:
    heard: list[int] = []

    with open_extract(people) as extract:
        stage(extract, PERSON, day=DAY, progress=heard.append, alone=2_000)

    assert heard == [*range(1_000, ROWS, 1_000), ROWS]


@pytest.mark.django_db
def test_a_child_that_is_killed_leaves_nothing_half_staged(people: Path) -> None:
    before = children()

    def kill_them(_count: int) -> None:
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)

    with (
        open_extract(people) as extract,
        pytest.raises(ChildEndedError),
        transaction.atomic(),
    ):
        stage(extract, PERSON, day=DAY, progress=kill_them, alone=0)

    assert children() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.staged')")
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_ctrl_c_ends_the_children_and_comes_up_as_itself(people: Path) -> None:
    before = children()

    def stop(count: int) -> None:
        if count == 4_000:
            raise KeyboardInterrupt

    with open_extract(people) as extract, pytest.raises(KeyboardInterrupt), transaction.atomic():
        stage(extract, PERSON, day=DAY, progress=stop, alone=0)

    assert children() == before


@pytest.mark.django_db
def test_the_session_lives_on_after_children_were_forked_from_its_process(people: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()
    staged(people, alone=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == backend
