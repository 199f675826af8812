"""F49: whatever is done to the sealed log of views is found, and its place is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from benchmarks.tampering import WAYS, Place, every_right, fill_log, seeded, tampered
from citizens.models import AccessLog, Seal, Unsealed
from citizens.services.log_faults import Fault
from citizens.services.log_root import LogRoot
from citizens.services.seal_format import COLUMNS, Row, encode, row_digest
from citizens.services.seal_views import BATCH, seal_views
from citizens.services.verify_log import Verdict, verify_log
from citizens.tasks import seal_views as ring
from portal.common import clock
from portal.common.db_roles import APP_ROLE

pytestmark = [pytest.mark.django_db, pytest.mark.fault]


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> LogRoot:
    settings.LOG_ROOT = str(tmp_path / "root")
    return LogRoot.of_settings()


@pytest.fixture
def sealed() -> None:
    fill_log(rows=60, seals=8, random=seeded(1))


def _verify(first: int = 1) -> Verdict:
    return verify_log(now=clock.now(), first=first)


# ------------------------------------------------------------------------------------- sealing
def test_every_view_gets_a_seal_and_leaves_the_mailbox(sealed: None, root: LogRoot) -> None:
    verdict = _verify()

    assert not Unsealed.objects.exists()
    assert (verdict.seals, verdict.rows, verdict.lines) == (8, 60, 8)
    assert (verdict.findings, verdict.waiting, verdict.late_rows) == ([], 0, 0)
    last = Seal.objects.latest("number")
    assert [line.number for line in root.lines()] == list(range(1, 9))
    assert root.last() is not None
    assert bytes(last.root) == root.last().root  # type: ignore[union-attr]


def test_sealing_again_with_nothing_new_writes_nothing(sealed: None, root: LogRoot) -> None:
    before = root.size()

    assert seal_views(now=clock.now()) == 0
    assert (Seal.objects.count(), root.size()) == (8, before)


def test_the_bell_seals(root: LogRoot) -> None:
    fill_log(rows=3, seals=1, random=seeded(1))
    ring()

    assert not Unsealed.objects.exists()
    assert _verify().rows == 3


def test_another_sealer_at_work_is_left_to_it(transactional_db: None) -> None:
    fill_log(rows=1, seals=1, random=seeded(1))
    AccessLog.objects.bulk_create([AccessLog(**_copied(AccessLog.objects.get()))])
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [0x5EA1])
            assert seal_views(now=clock.now()) == 0
            # Not left to the end of its session, which the server may take a while to see.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [0x5EA1])
    finally:
        other.close()

    assert seal_views(now=clock.now()) == 1
    assert _verify().findings == []


def test_a_full_batch_is_followed_by_the_next() -> None:
    fill_log(rows=1, seals=1, random=seeded(1))
    view = AccessLog.objects.get()
    AccessLog.objects.bulk_create(AccessLog(**_copied(view)) for _ in range(BATCH + 1))

    assert seal_views(now=clock.now()) == BATCH + 1
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert _verify().findings == []


def _copied(view: AccessLog) -> dict[str, object]:
    names = [name for name in COLUMNS if name not in ("id", "recorded_at")]
    return {name: getattr(view, name) for name in names}


def test_a_row_that_was_gone_before_its_seal_stays_noticed() -> None:
    fill_log(rows=5, seals=1, random=seeded(1))
    AccessLog.objects.bulk_create(AccessLog(**_copied(AccessLog.objects.all()[0])) for _ in "abc")
    gone = Unsealed.objects.order_by("pk")[1].pk
    with every_right(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM citizens_accesslog WHERE id = %s", [gone])
    (unsealed,) = _verify().findings

    seal_views(now=clock.now())
    (found,) = _verify().findings

    assert (unsealed.fault, unsealed.seal, unsealed.row) == (Fault.DELETED, None, gone)
    assert (found.fault, found.seal, found.row) == (Fault.DELETED, 2, gone)


@pytest.mark.parametrize("table", ["citizens_accesslog", "citizens_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize("role", [APP_ROLE, "NONE"])
def test_nobody_changes_log_or_seals_by_a_slip(
    role: str, statement: str, table: str, sealed: None
) -> None:
    column = "reference" if table.endswith("log") else "number"

    def slip() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(statement.format(table, column, column))

    with pytest.raises(DatabaseError, match=r"permission denied|append-only"):
        slip()


# ------------------------------------------------------------------------------ the encoding
def test_every_column_of_the_log_is_under_the_seal() -> None:
    assert set(COLUMNS) == {field.attname for field in AccessLog._meta.concrete_fields}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((["ab", "c"],), (["a", "bc"],)),
        (("", "a"), ("a", "")),
        ((None,), ("",)),
        ((1,), ("1",)),
        (([1], 2), ([1, 2],)),
        (([],), (None,)),
    ],
)
def test_different_rows_never_look_alike(one: Row, other: Row) -> None:
    assert encode(*one) != encode(*other)
    assert row_digest(one) != row_digest(other)


# ------------------------------------------------------------------------------ tampering
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("seed", range(4))
def test_a_tampering_is_found_and_placed(
    way: Callable[[Random], Place], seed: int, sealed: None
) -> None:
    place, verdict = tampered(way, seeded(seed), _verify)

    assert place.is_named_by(verdict.findings[0]), (place, verdict.findings)
    assert _verify().findings == []


def test_a_log_emptied_whole_is_missed(sealed: None) -> None:
    first = AccessLog.objects.order_by("pk").first()
    assert first is not None
    with every_right(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM citizens_accesslog")
        cursor.execute("DELETE FROM citizens_seal")

    (found,) = _verify().findings

    assert (found.fault, found.seal) == (Fault.CUT_OFF, 1)
    assert "next 7 seals" in found.detail


def test_a_cut_tail_stays_noticed_when_sealing_goes_on(sealed: None) -> None:
    with every_right(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM citizens_seal WHERE number > 6")
    AccessLog.objects.bulk_create([AccessLog(**_copied(AccessLog.objects.all()[0]))])

    seal_views(now=clock.now())
    found = _verify().findings[0]

    assert (found.fault, found.seal) == (Fault.DELETED, 7)
    assert Seal.objects.latest("number").number == 9
    assert _verify(first=9).findings == []


def test_a_second_row_put_into_the_mailbox_is_seen_as_late(sealed: None) -> None:
    row = _copied(AccessLog.objects.all()[0])
    AccessLog.objects.create(**row, recorded_at=clock.now() - timedelta(days=3))
    seal_views(now=clock.now())

    verdict = _verify()

    assert (verdict.findings, verdict.late_rows) == ([], 1)


def test_what_waits_for_too_long_is_told(sealed: None) -> None:
    row = AccessLog.objects.create(**_copied(AccessLog.objects.all()[0]))

    soon = verify_log(now=clock.now())
    later = verify_log(now=clock.now() + timedelta(seconds=61))

    assert (soon.waiting, soon.findings) == (1, [])
    assert [(found.fault, found.row) for found in later.findings] == [(Fault.LATE, row.pk)]


# ------------------------------------------------------------------------------ outside
def test_a_line_that_a_crash_left_out_is_written_by_the_next_run(root: LogRoot) -> None:
    fill_log(rows=6, seals=3, random=seeded(1))
    whole = root.path.read_bytes()
    root.path.write_bytes(whole[: whole.rindex(b" ")])  # in the midst of the third line

    seal_views(now=clock.now())

    assert [line.number for line in root.lines()] == [1, 2, 3]
    assert _verify().findings == []


def test_a_file_that_cannot_be_written_keeps_the_seal(root: LogRoot, sealed: None) -> None:
    root.path.unlink()
    root.path.mkdir()
    AccessLog.objects.create(**_copied(AccessLog.objects.all()[0]))

    assert seal_views(now=clock.now()) == 1
    assert not Unsealed.objects.exists()


def test_no_folder_at_all_keeps_the_seals_and_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.LOG_ROOT = str(tmp_path / "unmounted" / "root")
    fill_log(rows=4, seals=2, random=seeded(1))

    (found,) = _verify().findings

    assert (Seal.objects.count(), found.fault) == (2, Fault.OUTSIDE)
    assert "cannot be read" in found.detail

    (tmp_path / "unmounted").mkdir()
    seal_views(now=clock.now())

    assert _verify().lines == 2
    assert _verify().findings == []


def test_a_forged_line_is_not_taken_for_a_forged_seal(root: LogRoot, sealed: None) -> None:
    lines = root.path.read_bytes().splitlines(keepends=True)
    parts = lines[4].split()
    parts[3] = b"00" * 32
    lines[4] = b" ".join(parts) + b"\n"
    root.path.write_bytes(b"".join(lines))

    (found,) = _verify().findings

    assert (found.fault, found.seal) == (Fault.OUTSIDE, 5)


def test_a_forged_line_does_not_lift_the_numbers(root: LogRoot, sealed: None) -> None:
    line = root.path.read_bytes().splitlines(keepends=True)[-1].split()
    line[0] = b"900"
    with root.path.open("ab") as file:
        file.write(b" ".join(line) + b"\n")
    AccessLog.objects.create(**_copied(AccessLog.objects.all()[0]))

    seal_views(now=clock.now())

    assert Seal.objects.latest("number").number == 9
    assert [found.fault for found in _verify().findings] == [Fault.OUTSIDE]


def test_a_file_that_lost_its_end_is_told(root: LogRoot, sealed: None) -> None:
    lines = root.path.read_bytes().splitlines(keepends=True)
    root.path.write_bytes(b"".join(lines[:6]))

    later = verify_log(now=clock.now() + timedelta(minutes=2))

    assert [(found.fault, found.seal) for found in later.findings] == [(Fault.OUTSIDE, 7)]


def test_a_log_without_any_view_is_whole() -> None:
    assert _verify().findings == []


def test_a_lost_folder_is_told(root: LogRoot, sealed: None) -> None:
    root.path.unlink()
    root.path.parent.rmdir()

    later = verify_log(now=clock.now() + timedelta(minutes=2))

    assert [(found.fault, found.seal) for found in later.findings] == [(Fault.OUTSIDE, 1)]
    assert str(later.findings[0]) == "seal 1: log root – LOG_ROOT lacks this seal"


# ------------------------------------------------------------------------------ the command
def test_the_command_says_what_it_checked(sealed: None) -> None:
    said = StringIO()

    call_command("verify_log", stdout=said)

    assert "rows       60" in said.getvalue()
    assert "up to 60 s pass before a view is sealed" in said.getvalue()
    assert "The log is whole." in said.getvalue()


def test_the_command_names_the_first_bad_row(sealed: None) -> None:
    row = AccessLog.objects.order_by("pk")[20]
    with every_right(), connection.cursor() as cursor:
        cursor.execute("UPDATE citizens_accesslog SET purpose = 'audit' WHERE id >= %s", [row.pk])

    with pytest.raises(CommandError, match=rf"First bad: row {row.pk}, seal 3: changed"):
        call_command("verify_log", stdout=StringIO())


def test_the_command_begins_where_it_is_told(sealed: None) -> None:
    row = AccessLog.objects.order_by("pk")[0]
    with every_right(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM citizens_accesslog WHERE id = %s", [row.pk])
    said = StringIO()

    call_command("verify_log", "--from", "2", stdout=said)

    assert "seals      7" in said.getvalue()
