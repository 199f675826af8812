"""Every mistake is named with line, column and reason; the good rows beside it are kept."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from citizens.enums import BatchState
from citizens.models import Batch, Citizen, Credential, Rejection
from citizens.registers.reading import open_extract
from citizens.services.import_register import import_register
from citizens.services.import_slices import MOST_REFUSED
from portal.common.db_roles import APP_ROLE
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
    write,
)
from tests.citizens.reading.samples import sheet, workbook

pytestmark = pytest.mark.django_db

PERSON_MISTAKES = [
    ("pin", "99918500000A", "pin_form"),
    ("pin", "201234567", "pin_old_card"),
    ("pin", "49185000001", "pin_leading_zero"),
    ("pin", "9.99185E+11", "pin_scientific"),
    ("pin", "", "missing"),
    ("full_name", "Tr4n Lan", "name_form"),
    ("full_name", "Lan", "name_one_word"),
    ("full_name", "N/A", "name_missing"),
    ("birth_date", "31/02/1985", "date_impossible"),
    ("birth_date", "hôm qua", "date_form"),
    ("birth_date", "31079", "date_serial"),
    ("birth_date", "01/01/1900", "date_default"),
    ("birth_date", "26/11/2026", "date_future"),
    ("birth_date", "02/03/1801", "date_too_old"),
    ("gender", "X", "gender_code"),
    ("unit_code", "Hải Châu", "unit_form"),
    ("unit_code", "99999", "unit_unknown"),
    ("unit_code", "20296", "unit_split"),
    ("phone", "113", "phone_form"),
    ("household_number", "#", "number_form"),
    ("hometown", "x" * 501, "too_long"),
    ("current_address", "x" * 251, "too_long"),
    ("permanent_address", "x" * 251, "too_long"),
    ("full_name", "A" * 61 + " Lan", "too_long"),
    ("full_name", "Lê" + " Thị" * 21 + " Lan", "too_long"),
    ("full_name", "Lê Thị " + "A" * 61, "too_long"),
    ("full_name", "Lê " + "Thị " * 50 + "Lan", "too_long"),
    ("household_number", "HK" + "1" * 19, "too_long"),
    ("relation_to_head", "x" * 41, "too_long"),
    ("died_on", "01/02/1970", "died_before_birth"),
    ("emigrated_on", "01/02/1970", "emigrated_before_birth"),
    ("father_pin", "9990840000", "pin_leading_zero"),
]
PAPER_MISTAKES = [
    ("class", "Z", "class_code"),
    ("number", "?", "number_form"),
    ("expires_on", "19/01/2017", "expires_before_issue"),
    ("issued_on", "01/01/1980", "issued_before_birth"),
    ("pin", "999185999999", "subject_unknown"),
    ("status", "rách", "status_code"),
    ("issuer", "x" * 201, "too_long"),
    ("issued_on", "01/01/2027", "date_future"),
]


@pytest.fixture(autouse=True)
def _scene() -> None:
    set_the_scene()


@pytest.mark.parametrize(("column", "cell", "code"), PERSON_MISTAKES)
def test_a_wrong_row_of_people_is_named_and_the_good_one_kept(
    tmp_path: Path, column: str, cell: str, code: str
) -> None:
    done = bring(tmp_path, "NPD.person", minh(), person(**{column: cell}))

    assert Citizen.objects.get().full_name == "Lê Văn Minh"
    rejected = Rejection.objects.get()
    assert (rejected.line, rejected.column, rejected.code) == (3, column, code)
    assert rejected.reason_vi
    assert rejected.reason_en
    assert cell == "" or cell not in rejected.reason_vi + rejected.reason_en
    assert done.kinds == {code: 1}
    assert (done.batch.row_count, done.batch.rejected_count) == (2, 1)


@pytest.mark.parametrize(("column", "cell", "code"), PAPER_MISTAKES)
def test_a_wrong_paper_is_named_and_the_good_one_kept(
    tmp_path: Path, column: str, cell: str, code: str
) -> None:
    bring(tmp_path, "NPD.person", person(), minh())

    done = bring(
        tmp_path, "GPLX.licence", licence(), licence("999000000002", MINH) | {column: cell}
    )

    assert Credential.objects.get().holder.citizen.pin == LAN
    assert done.kinds == {code: 1}
    assert Rejection.objects.get().column == column


def test_the_reason_of_a_long_value_names_the_limit(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(current_address="x" * 251))

    told = Rejection.objects.get()
    assert (told.reason_vi, told.reason_en) == (
        "dài quá 250 ký tự",
        "longer than 250 characters",
    )


def test_the_longest_values_are_stored(tmp_path: Path) -> None:
    longest = {
        "full_name": "L" * 60 + " " + "T" * 77 + " " + "A" * 60,
        "current_address": "x" * 250,
        "permanent_address": "x" * 250,
        "household_number": "1" * 20,
        "relation_to_head": "x" * 40,
        "hometown": "x" * 500,
    }

    done = bring(tmp_path, "NPD.person", person(**longest))

    assert (done.kinds, done.batch.created_count) == ({}, 1)


def test_a_row_with_three_mistakes_names_all_of_them(tmp_path: Path) -> None:
    done = bring(tmp_path, "NPD.person", person(gender="?", birth_date="32/01/1985", phone="1"))

    codes = Rejection.objects.values_list("column", "code")
    assert set(codes) == {
        ("gender", "gender_code"),
        ("birth_date", "date_impossible"),
        ("phone", "phone_form"),
    }
    assert done.batch.rejected_count == 1


def test_a_repeated_row_is_taken_once(tmp_path: Path) -> None:
    done = bring(tmp_path, "NPD.person", person(), person())

    assert Citizen.objects.count() == 1
    assert [(r.line, r.code, r.reason_vi) for r in Rejection.objects.all()] == [
        (3, "repeated", "lặp lại dòng 2")
    ]
    assert done.batch.created_count == 1


def test_a_number_with_two_stories_is_nobodys_until_an_officer_has_looked(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), person(full_name="Trần Thị Khác"), minh())

    assert Citizen.objects.get().pin == MINH
    assert [(r.line, r.code) for r in Rejection.objects.all()] == [
        (2, "contradicts"),
        (3, "contradicts"),
    ]


def test_the_file_of_errors_is_mended_and_imported_again(tmp_path: Path) -> None:
    done = bring(tmp_path, "NPD.person", minh(), person(birth_date="31/02/1985", phone="1"))
    assert done.errors is not None
    with done.errors.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["_line"], row["_column"]) for row in rows] == [("3", "birth_date; phone")]
    assert "ngày không có thật" in rows[0]["_reason_vi"]
    assert "does not exist" in rows[0]["_reason_en"]

    mended = write(tmp_path / "mended.csv", [rows[0] | {"birth_date": "28/02/1985", "phone": ""}])
    again = import_register(register="NPD", path=mended, day=TODAY)

    assert (again.batch.created_count, again.kinds, again.ignored) == (1, {}, ())
    assert Citizen.objects.filter(birth_date=date(1985, 2, 28)).exists()


def test_a_birth_after_the_death_that_is_held_is_named(tmp_path: Path) -> None:
    newborn = {"birth_date": "01/03/2026", "died_on": "10/03/2026"}
    bring(tmp_path, "NPD.person", person(**newborn), as_of=date(2026, 4, 1))

    done = bring(tmp_path, "NPD.person", person(birth_date="15/03/2026"), minh())

    assert done.kinds == {"born_after_death": 1}
    assert (done.batch.created_count, done.batch.rejected_count) == (1, 1)
    assert Citizen.objects.with_pin(LAN).get().birth_date == date(2026, 3, 1)


def test_what_is_told_of_a_merged_record_is_measured_by_the_birth_of_the_survivor(
    tmp_path: Path,
) -> None:
    bring(tmp_path, "NPD.person", person(), minh())
    survivor = Citizen.objects.with_pin(MINH).get()
    Citizen.objects.filter(pk=survivor.pk).update(birth_date=date(2001, 1, 1))
    Citizen.objects.with_pin(LAN).update(survivor=survivor)

    died = {"code": "BT-001", "pin": LAN, "died_on": "01/11/2000"}
    done = bring(tmp_path, "HEALTH.death_notice", died)
    paper = bring(tmp_path, "GPLX.licence", licence(issued_on="01/02/2000"))

    assert (done.kinds, paper.kinds) == ({"event_before_birth": 1}, {"issued_before_birth": 1})


@pytest.fixture
def forbidden_name() -> str:
    """Give a name that a rule of the database refuses and that no check of ours knows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE NONE")
        cursor.execute(
            "ALTER TABLE citizens_citizen ADD CONSTRAINT unforeseen CHECK (full_name <> 'Lê Lạ')"
        )
        cursor.execute(f"SET CONSTRAINTS ALL DEFERRED; SET LOCAL ROLE {APP_ROLE}")
    return "Lê Lạ"


@pytest.mark.parametrize("slice_lines", [25_000, 4])
def test_a_row_that_only_the_database_refuses_is_named_and_its_neighbours_are_kept(
    tmp_path: Path, forbidden_name: str, slice_lines: int
) -> None:
    rows = [person(f"99918500{at:04d}", full_name="Trần Thị Lan") for at in range(11)]
    for at in (2, 7, 8):
        rows[at]["full_name"] = forbidden_name
    rows[4]["gender"] = "X"

    done = bring(tmp_path, "NPD.person", *rows, slice_lines=slice_lines)

    refused = Rejection.objects.filter(code="refused_by_database")
    assert [row.line for row in refused] == [4, 9, 10]
    assert {row.row[1] for row in refused} == {forbidden_name}
    assert not any(forbidden_name in row.reason_vi + row.reason_en for row in refused)
    assert Citizen.objects.count() == 7
    counts = (done.batch.created_count, done.batch.rejected_count, done.batch.unchanged_count)
    assert (counts, done.batch.state) == ((7, 4, 0), BatchState.DONE)


def test_a_database_that_refuses_everything_ends_the_import(
    tmp_path: Path, forbidden_name: str
) -> None:
    rows = [person(f"99918500{at:04d}", full_name=forbidden_name) for at in range(MOST_REFUSED + 1)]

    with pytest.raises(IntegrityError):
        bring(tmp_path, "NPD.person", *rows)

    assert Batch.objects.get().state == BatchState.APPLYING


@pytest.mark.django_db(transaction=True)
def test_a_file_that_turns_out_unreadable_refuses_the_batch_that_was_begun(
    tmp_path: Path,
) -> None:
    row = person()
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row)
    broken = sheet(f"<row>{cells}</row>" + "<row><c><v>1</v></c></row>" * 2_000)[:-20]
    path = workbook(tmp_path / "broken.xlsx", {"xl/worksheets/sheet1.xml": broken})

    with pytest.raises(RefusedError):
        import_register(register="NPD", path=path, day=TODAY)

    batch = Batch.objects.get()
    assert batch.state == BatchState.REFUSED
    assert batch.refusal[0]["vi"] == "tệp Excel bị hỏng"


def test_a_rejected_row_is_kept_sealed(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(gender="X"))

    rejected = Rejection.objects.get()
    assert rejected.row[:2] == [LAN, "Trần Thị Lan"]
    assert LAN.encode() not in bytes(rejected.row_enc or b"")


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    done = bring(tmp_path, "NPD.person", person(), minh(gender="X"), is_dry_run=True)

    assert (done.batch.created_count, done.batch.rejected_count) == (1, 1)
    assert done.errors is not None
    assert done.errors.exists()
    assert not Citizen.objects.exists()
    assert not Batch.objects.exists()
    assert not Rejection.objects.exists()


@pytest.mark.parametrize(
    ("heading", "reason"),
    [("birth_date", "birth_date (Ngày sinh)"), ("pin", "pin (Số định danh cá nhân)")],
)
def test_a_file_without_a_needed_column_is_refused_whole(
    tmp_path: Path, heading: str, reason: str
) -> None:
    row = person()
    del row[heading]

    with pytest.raises(RefusedError, match=reason.replace("(", r"\(").replace(")", r"\)")):
        bring(tmp_path, "NPD.person", row)

    assert not Batch.objects.exists()


def test_headings_may_be_the_vietnamese_names_and_unknown_ones_are_passed_over(
    tmp_path: Path,
) -> None:
    named = {
        "Số định danh cá nhân": LAN,
        "HỌ VÀ TÊN": "Trần Thị Lan",
        "Ngày sinh": "01/02/1985",
        "giới tính": "nữ",
        "Mã xã, phường": "20194",
        "Nơi ở hiện tại": "12 Lê Lợi",
        "Ghi chú": "…",
    }

    done = import_register(register="NPD", path=write(tmp_path / "vi.csv", [named]), day=TODAY)

    assert (done.declared.key, done.ignored) == ("NPD.person", ("Ghi chú",))
    assert Citizen.objects.get().full_name == "Trần Thị Lan"


def test_a_day_in_the_future_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        bring(tmp_path, "NPD.person", person(), as_of=date(2026, 12, 1))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_names_come_in_whole_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    rows = [
        person(f"99918500{at:04d}", full_name=name, current_address="Đường Nguyễn Huệ, tổ 5")
        for at, name in enumerate(["Trần Thị Ngọc Ánh", "Nguyễn Thị Thủy", "Phạm Quỳnh Hương"])
    ]
    path = tmp_path / "names.csv"
    if encoding == "cp1258":
        # The code page has tones as marks of their own, as Windows wrote them.
        path.write_bytes(_cp1258(write(tmp_path / "plain.csv", rows).read_text()))
    else:
        write(path, rows, encoding)

    done = import_register(register="NPD", path=path, day=TODAY)

    assert set(Citizen.objects.values_list("full_name", flat=True)) == {
        row["full_name"] for row in rows
    }
    with open_extract(path) as extract:
        assert done.batch.encoding == extract.encoding


def _cp1258(text: str) -> bytes:
    """Write each letter as the code page can: a base letter of its own, then the tone's mark."""
    written = bytearray()
    for letter in text:
        for form in (letter, *_split(letter)):
            try:
                written += form.encode("cp1258")
                break
            except UnicodeEncodeError:
                continue
        else:
            raise AssertionError(unicodedata.name(letter))
    return bytes(written)


def _split(letter: str) -> list[str]:
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
    base = "".join(mark for mark in marks if mark not in tones)
    return [unicodedata.normalize("NFC", base) + tones]
