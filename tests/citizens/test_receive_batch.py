"""What is taken in, what is refused and why, and that nothing waits twice (F28, F30)."""

from __future__ import annotations

import io
import zipfile
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from django.utils import translation
from pytest_django import Settings

from citizens.enums import BatchState
from citizens.models import Batch, Citizen, Rejection
from citizens.registers import vault
from citizens.selectors.batches import Turn, turn_of
from citizens.services.batch_turns import anew, begin_anew, refuse
from citizens.services.import_register import import_register
from citizens.services.receive_batch import NotReceivedError, cleaned, declared_encoding
from citizens.services.run_batches import run_batches
from tests.citizens.importing.scene import TODAY, minh, person, set_the_scene
from tests.citizens.receiving import csv_of, people, receive, staging_fails

pytestmark = pytest.mark.django_db
PEOPLE = csv_of(person(), minh())


@pytest.fixture(autouse=True)
def _scene(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    set_the_scene()


def _bomb() -> bytes:
    """Return a workbook of 100 KB whose sheet would be 100 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * 100_000_000)
    return packed.getvalue()


REFUSED = {
    "0 byte": (b"", "rỗng", "empty"),
    "program": (b"MZ\x90\x00" + b"\x00" * 200, "chương trình", "program"),
    "ELF": (b"\x7fELF" + b"\x00" * 200, "chương trình", "program"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "HTML", "HTML"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", "SVG"),
    "PDF": (b"%PDF-1.7\n", "PDF", "PDF"),
    "old Excel": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, ".xls", ".xls"),
    "zip bomb": (_bomb(), "", ""),
    "binary": (bytes(range(256)) * 20, "nhị phân", "binary"),
    "headings": (b"a,b\n1,2\n", "thiếu các cột", "columns are missing"),
    "another register's": (
        csv_of({"tax_code": "9912345678"}),
        "thiếu các cột",
        "columns are missing",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_extract_of_the_register_is_refused_with_a_reason(what: str) -> None:
    content, vi, en = REFUSED[what]

    with pytest.raises(NotReceivedError) as refused:
        receive(content, name="nguoi-dan.csv")

    assert vi in " ".join(problem.vi for problem in refused.value.problems)
    assert en in " ".join(problem.en for problem in refused.value.problems)
    assert refused.value.reasons == tuple(problem.vi for problem in refused.value.problems)
    assert not Batch.objects.exists()
    assert list(vault.stored_names()) == []


def test_a_reason_is_told_in_the_language_of_the_page() -> None:
    with translation.override("en"), pytest.raises(NotReceivedError) as refused:
        receive(b"")

    assert refused.value.reasons == ("the file is empty",)


def test_a_file_that_is_too_large_is_refused(settings: Settings) -> None:
    settings.IMPORT_MOST_BYTES = 1 << 20

    with pytest.raises(NotReceivedError, match="lớn hơn 1 MB"):
        receive(PEOPLE + b" " * (1 << 20))


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(NotReceivedError, match="tương lai"):
        receive(PEOPLE, as_of=TODAY + timedelta(days=1))


def test_a_file_is_sealed_under_a_random_name_and_waits_for_its_turn() -> None:
    batch = receive(PEOPLE, name="../../nguoi-dan.csv.exe", as_of=date(2026, 11, 20)).batch

    assert (batch.register_id, batch.kind, batch.as_of) == ("NPD", "person", date(2026, 11, 20))
    assert (batch.state, turn_of(batch)) == (BatchState.RECEIVED, Turn.WAITING)
    assert batch.source == "nguoi-dan.csv.exe"
    assert [name for name, _at in vault.stored_names()] == [batch.stored_as]
    assert "nguoi" not in batch.stored_as
    assert b"Lan" not in (vault.folder() / batch.stored_as).read_bytes()
    assert not Citizen.objects.exists()


@pytest.mark.parametrize("declared", [None, "utf-8"])
def test_the_encoding_is_proven_unless_it_was_declared(declared: str | None) -> None:
    batch = receive(PEOPLE, encoding=declared).batch

    assert declared_encoding(batch) == declared
    run_batches(day=TODAY)
    batch.refresh_from_db()
    assert (batch.state, batch.encoding) == (BatchState.DONE, "utf-8")


def test_a_file_is_one_batch_however_often_it_is_sent() -> None:
    first = receive(PEOPLE)
    again = receive(PEOPLE, name="other.csv")
    run_batches(day=TODAY)
    after = receive(PEOPLE, day=TODAY + timedelta(days=3))

    assert [one.is_new for one in (first, again, after)] == [True, False, False]
    assert {one.batch.pk for one in (first, again, after)} == {Batch.objects.get().pk}
    assert list(vault.stored_names()) == []


def test_the_same_words_of_another_day_are_another_delivery() -> None:
    receive(PEOPLE, as_of=date(2026, 11, 1))

    assert receive(PEOPLE, as_of=date(2026, 11, 2)).is_new
    assert Batch.objects.count() == 2


def test_a_file_that_was_refused_may_be_sent_again() -> None:
    batch = receive(PEOPLE).batch
    (vault.folder() / batch.stored_as).unlink()
    run_batches(day=TODAY)
    batch.refresh_from_db()
    assert turn_of(batch) is Turn.REFUSED

    again = receive(PEOPLE)
    run_batches(day=TODAY)

    batch.refresh_from_db()
    assert (again.batch.pk, again.is_new) == (batch.pk, True)
    assert (batch.state, batch.created_count, batch.refusal) == (BatchState.DONE, 2, [])


class KilledError(BaseException):
    """Stands for a command that ends half way."""


def dies_while_writing(phase: str, _line: int) -> None:
    if phase == "writing":
        raise KilledError


def dead_command(folder: Path, state: str) -> tuple[Batch, bytes]:
    """Return the batch and the file of a command that imported ten people and died."""
    content = csv_of(*people(10))
    path = folder / "people.csv"
    path.write_bytes(content)
    early = connection.execute_wrapper(staging_fails) if state == "reading" else nullcontext()
    with early, pytest.raises((KilledError, ProgrammingError)):
        import_register(
            register="NPD", path=path, day=TODAY, slice_lines=4, progress=dies_while_writing
        )
    batch = Batch.objects.get()
    assert (batch.state, batch.stored_as) == (state, "")
    return batch, content


@pytest.mark.parametrize(("left", "state"), [("reading", "received"), ("applying", "applying")])
def test_what_a_dead_command_left_is_carried_on_by_sending_its_file(
    tmp_path: Path, left: str, state: str
) -> None:
    # Given a command that died, with nothing or with a first slice written
    batch, content = dead_command(tmp_path, left)
    assert turn_of(batch) is Turn.TAKING
    written = batch.progress

    # When the same file is sent
    sent = receive(content)

    # Then it is one batch, with a file, and the worker ends it
    assert (sent.batch.pk, sent.is_new) == (batch.pk, True)
    assert (sent.batch.state, sent.batch.progress) == (state, written)
    assert [name for name, _at in vault.stored_names()] == [sent.batch.stored_as]
    assert not receive(content).is_new
    run_batches(day=TODAY)
    batch.refresh_from_db()
    assert (batch.state, batch.created_count, Citizen.objects.count()) == (BatchState.DONE, 10, 10)
    assert list(vault.stored_names()) == []


def test_a_trial_of_what_a_dead_command_did_not_write_waits_for_a_word(tmp_path: Path) -> None:
    batch, content = dead_command(tmp_path, "reading")

    receive(content, is_rehearsal=True)
    run_batches(day=TODAY)

    batch.refresh_from_db()
    assert turn_of(batch) is Turn.HELD
    assert not Citizen.objects.exists()


def test_what_is_half_written_cannot_be_tried(tmp_path: Path) -> None:
    batch, content = dead_command(tmp_path, "applying")

    with pytest.raises(NotReceivedError, match=f"dòng {batch.progress}"):
        receive(content, is_rehearsal=True)

    batch.refresh_from_db()
    assert (batch.state, batch.stored_as) == (BatchState.APPLYING, "")


def test_a_file_that_a_command_imports_just_now_is_refused(tmp_path: Path) -> None:
    batch, content = dead_command(tmp_path, "applying")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext('NPD'))", [0x1A9047])
            with pytest.raises(NotReceivedError, match="lượt khác"):
                receive(content)
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()

    assert list(vault.stored_names()) == []
    assert receive(content).batch.pk == batch.pk


def test_of_two_that_begin_a_refused_file_anew_one_does(rejected: Batch) -> None:
    # Two people, or a person and a terminal, found the same refused batch
    first, second = (Batch.objects.get(pk=rejected.pk) for _ in range(2))
    wanted = Batch(state=BatchState.RECEIVED, stored_as="first.proof", row_count=2)

    assert anew(first, wanted)
    assert not rejected.rejections.exists()

    # The first has been read meanwhile, and a row was rejected
    Rejection.objects.create(batch=rejected, line=2, column="pin", code="x", reason_vi="Sai")
    late = Batch(state=BatchState.RECEIVED, stored_as="second.proof", row_count=9)
    assert not anew(second, late)
    assert not begin_anew(second, {"state": BatchState.READING})

    rejected.refresh_from_db()
    assert rejected.rejections.count() == 1
    for batch in (rejected, second):
        assert (batch.state, batch.stored_as, batch.row_count) == ("received", "first.proof", 2)


@pytest.fixture
def rejected() -> Batch:
    """A refused batch with a rejected row."""
    batch = receive(PEOPLE).batch
    Rejection.objects.create(batch=batch, line=3, column="pin", code="x", reason_vi="Sai")
    refuse(batch, [])
    return batch


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.csv", "a.csv"),
        ("..\\..\\windows\\a.csv", "a.csv"),
        ("/etc/passwd", "passwd"),
        ("hóa đơn\u202egpj.csv", "hóa đơngpj.csv"),
        ("a\x00b\nc.csv", "abc.csv"),
        ("x" * 300 + ".csv", "x" * 111 + "…xxxx.csv"),
        ("", ""),
    ],
)
def test_a_name_is_one_short_line(given: str, kept: str) -> None:
    assert cleaned(given) == kept
