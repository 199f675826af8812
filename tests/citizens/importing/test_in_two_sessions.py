"""A large delivery of people is written in two sessions at once, and ends as in one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from benchmarks.digests import facts_digest
from benchmarks.extracts import write_people
from citizens.enums import BatchState
from citizens.models import Batch, FactChange, Household, HouseholdMember, Rejection
from citizens.registers.pair import ALONE, sessions
from citizens.services import import_register as service
from citizens.services.import_register import Imported, import_register
from portal.common.db_roles import as_owner
from portal.common.errors import RefusedError
from tests.citizens.importing.scene import TODAY, bring, minh, person, set_the_scene

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = 0x1A9048
ROWS, SLICE = 2_600, 500


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return a delivery with bad rows of every kind, and units and registers to bring it to."""
    set_the_scene()
    return write_people(tmp_path / "people.csv", ROWS, ["20194", "20197", "20200"]).path


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every delivery of people written in two sessions."""
    monkeypatch.setattr(service, "LARGE", 0)


def bring_all(people: Path, **given: Any) -> Imported:
    return import_register(
        register="NPD", kind="person", path=people, day=TODAY, slice_lines=SLICE, **given
    )


def all_facts() -> dict[str, Any]:
    """Return what stands after a delivery: facts, counts, news, and the order within homes."""
    members = HouseholdMember.objects.order_by("pk")
    counts = [name for name in vars(Batch.objects.get()) if name.endswith("_count")]
    return {
        "facts": facts_digest(),
        "counts": Batch.objects.values(*counts, "progress", "state").get(),
        "news": FactChange.objects.count(),
        "named": list(Rejection.objects.order_by("line", "code").values_list("line", "code")),
        "homes": sorted(Household.objects.values_list("book_number", "address", "unit__code")),
        "order": [*members.values_list("household__book_number", "citizen__full_name")],
    }


def forget_all() -> None:
    with as_owner():
        call_command("flush", reset_sequences=False, interactive=False, verbosity=0)
    set_the_scene()


def asked(statement: str, *given: int) -> list[int]:
    """Return the first column of what the server's owner is told by a session of its own.

    The import's own may be in the middle of a COPY.
    """
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute(statement, given)
            return [row[0] for row in cursor.fetchall()]
    finally:
        other.close()


def seconds() -> list[int]:
    """Return the processes of this database that work for a second session."""
    return asked(
        "SELECT pid FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE locktype = 'advisory' AND classid = %s AND datname = current_database()",
        SECOND,
    )


def test_two_sessions_end_as_one_does(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []
    bring_all(people)
    assert not seconds()
    alone = all_facts()
    forget_all()
    monkeypatch.setattr(service, "LARGE", 0)
    found: list[int] = []

    def listen(phase: str, line: int) -> None:
        heard.append((phase, line))
        found.extend(seconds())

    bring_all(people, progress=listen)

    assert all_facts() == alone
    assert len(set(found)) == 1
    assert not seconds()
    assert [line for phase, line in heard if phase == "reading"][-1] == ROWS
    assert [line for phase, line in heard if phase == "writing"][-1] == ROWS + 1


@pytest.mark.usefixtures("_two")
def test_the_same_file_again_and_a_trial_of_a_younger_one_write_nothing(people: Path) -> None:
    bring_all(people)
    before = all_facts()

    assert bring_all(people).was_done
    younger = write_people(people.with_name("y.csv"), ROWS, ["20194", "20197"], moved_every=4).path
    tried = bring_all(younger, is_dry_run=True).batch

    assert all_facts() == before
    assert tried.row_count == ROWS
    assert (tried.created_count, tried.changed_count > ROWS // 4) == (0, True)
    assert tried.rejected_count == before["counts"]["rejected_count"]


@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize("phase", ["reading", "writing", "linking"])
def test_an_import_whose_second_session_is_ended_fails_and_the_next_one_completes_it(
    people: Path, phase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as one:
        one.setattr(service, "LARGE", 1 << 40)
        bring_all(people)
    undisturbed = all_facts()
    forget_all()

    with pytest.raises(OperationalError):
        bring_all(people, progress=at_first(phase, end_second))
    assert not seconds()
    assert Batch.objects.get().state in (BatchState.READING, BatchState.APPLYING)
    bring_all(people)

    assert all_facts() == undisturbed


def at_first(phase: str, act: Callable[[], None]) -> Callable[[str, int], None]:
    """Return a listener that acts once, when it first hears of `phase`."""
    acts: Iterator[Callable[[], None]] = iter([act])

    def listen(told: str, _line: int) -> None:
        if told == phase:
            next(acts, lambda: None)()

    return listen


def end_second() -> None:
    """End the second session as an operator would, whatever it is doing."""
    (pid,) = seconds()
    assert asked("SELECT pg_terminate_backend(%s, 10000)", pid) == [True]


@pytest.mark.usefixtures("_two")
def test_what_only_the_database_refuses_is_named_whichever_session_holds_it(
    tmp_path: Path,
) -> None:
    set_the_scene()
    forbid = "ALTER TABLE citizens_citizen {} CONSTRAINT unforeseen {}"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(forbid.format("ADD", "CHECK (full_name <> 'Lê Lạ')"))
    rows = [person(f"99918500{at:04d}", full_name="Trần Thị Lan") for at in range(40)]
    for at in (2, 7, 8, 20, 21, 22):
        rows[at]["full_name"] = "Lê Lạ"
    try:
        done = bring(tmp_path, "NPD.person", *rows, slice_lines=25)
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(forbid.format("DROP", ""))

    assert done.kinds == {"refused_by_database": 6}
    assert sorted(row.line for row in Rejection.objects.all()) == [4, 9, 10, 22, 23, 24]
    assert (done.batch.created_count, done.batch.rejected_count) == (34, 6)


@pytest.mark.usefixtures("_two")
def test_an_error_here_ends_what_the_second_session_is_doing(people: Path) -> None:
    def fail() -> None:
        time.sleep(0.2)
        raise ValueError("here")

    def sleep() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    began = time.monotonic()
    with sessions("NPD", is_large=True) as pair:
        with pytest.raises(ValueError, match="here"):
            pair.each(fail, sleep)
        assert time.monotonic() - began < 10
        assert len(set(pair.all(backend))) == 2  # and the session works on


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_inside_a_transaction_and_for_a_small_delivery_there_is_one_session() -> None:
    with transaction.atomic(), sessions("NPD", is_large=True) as inside:
        assert inside is ALONE
    with sessions("NPD", is_large=False) as small:
        assert small is ALONE


def test_nobody_begins_while_a_killed_import_s_second_session_ends(tmp_path: Path) -> None:
    set_the_scene()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext('NPD'))", [SECOND])
            with pytest.raises(RefusedError):
                bring(tmp_path, "NPD.person", person())
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext('NPD'))", [SECOND])
    finally:
        other.close()

    assert bring(tmp_path, "NPD.person", minh()).batch.created_count == 1
