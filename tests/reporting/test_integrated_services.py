"""The national portal's list of integrated services: read from a file, held against ours."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from portal.reporting.integration.listing import load_integrated
from portal.reporting.integration.models import IntegratedService
from portal.reporting.integration.reading import chosen_services, figures, not_held
from portal.reporting.services.read_table import TableError
from portal.reporting.services.read_workbook import MOST_ROWS, lines_of
from procedures.models import Procedure
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.factories.procedures import ProcedureVersionFactory
from tests.office.places import make_house, signed_in
from tests.reporting.officials import person

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
LICENCE, CARD = "driving_licence_renewal", "identity_card_replace_at_age"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city() -> Unit:
    return make_house()


def procedure(key: str = LICENCE) -> Procedure:
    found: Procedure = ProcedureVersionFactory(procedure__key=key).procedure
    return found


def found(**asked: str) -> set[str]:
    return {one.key for one in chosen_services(day=TODAY, **asked)}


def test_a_file_of_the_national_portal_is_matched_by_code(city: Unit) -> None:
    code = procedure().code
    procedure(CARD)
    lines = [
        "code,name,integrated_on,ended_on",
        f"{code}.000.00.00.H17,Cấp đổi,2026-01-31,",
        "1.999001,Chưa có ở đây,,",
        "1.999002,Đã thôi,2025-01-01,2026-11-20",
        "1.999003,Chưa tới,2026-11-21,",
        "1.9990,Sai mã,,",
        "1.999004,Sai ngày,31/13/2026,",
        "1.999005,Ngược,2026-02-01,2026-01-01",
    ]

    loaded = load_integrated(lines, source="Cổng DVCQG")

    told = figures(day=TODAY)
    assert (loaded.taken, [one.line for one in loaded.refused]) == (4, [6, 7, 8])
    assert [one.column for one in loaded.refused] == ["code", "integrated_on", "ended_on"]
    assert all(" / " in one.reason for one in loaded.refused)
    assert (told.listed, told.integrated, told.not_held) == (2, 1, 1)
    assert told.not_listed == Procedure.objects.count() - 1
    assert [one.code for one in not_held(day=TODAY)] == ["1.999001"]
    assert found(only="integrated") == {LICENCE}
    assert CARD in found(only="not_listed")


def test_a_later_list_takes_the_place_of_the_same_codes(city: Unit) -> None:
    code = procedure().code
    load_integrated(["code", code, "1.999001"], source="a")

    load_integrated(["code,ended_on", f"{code},2026-11-01"], source="b")

    assert figures(day=TODAY).integrated == 0
    assert figures(day=TODAY).listed == 1
    assert IntegratedService.objects.get(code=code).source == "b"


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_is_read_as_a_table() -> None:
    data = workbook(
        ("code", "name", "integrated_on", None),
        ("1.999001", "Đăng ký, cấp lại", date(2026, 1, 31), None),
        ("x", None, None, None),
        (None, None, None, None),
    )

    loaded = load_integrated(lines_of(data), source="Cổng DVCQG")

    assert (loaded.taken, [one.line for one in loaded.refused]) == (1, [3])
    kept = IntegratedService.objects.get()
    assert (kept.name, kept.integrated_on) == ("Đăng ký, cấp lại", date(2026, 1, 31))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 no workbook",
        b"\xff\xfe",
        b"",
        b"name\nx\n",
        b'code,name\n1.999001,"' + b"x" * 200_000 + b'"\n',
    ],
)
def test_what_is_no_table_is_refused_whole(data: bytes) -> None:
    with pytest.raises(TableError):
        load_integrated(lines_of(data), source="x")

    assert not IntegratedService.objects.exists()


def test_a_workbook_of_too_many_rows_is_refused() -> None:
    data = workbook(("code",), *(("1.999001",) for _ in range(MOST_ROWS)))

    with pytest.raises(TableError, match="20000"):
        load_integrated(lines_of(data), source="x")


def test_the_command_takes_both_kinds_of_file(tmp_path: Any) -> None:
    plain, book = tmp_path / "list.csv", tmp_path / "list.xlsx"
    plain.write_text("\ufeffcode,name\n1.999001,Một\n", encoding="utf-8")
    book.write_bytes(workbook(("code",), ("1.999002",)))

    for file in (plain, book):
        call_command("load_integrated", str(file), "--source", "Cổng DVCQG", stdout=io.StringIO())

    assert set(IntegratedService.objects.values_list("code", flat=True)) == {"1.999001", "1.999002"}


def test_an_editor_brings_the_list_and_wrong_lines_are_named(city: Unit) -> None:
    path, client = (
        reverse("admin:office_services_listed"),
        signed_in(person(city, Role.CATALOGUE_EDITOR)),
    )
    row = procedure()

    def brought(text: str, to: Any = client) -> Any:
        given = SimpleUploadedFile("list.csv", text.encode())
        return to.post(path, {"file": given, "source": "Cổng DVCQG"})

    assert brought(f"code\n{row.code}\n").status_code == 302
    wrong = brought("code\n1.999001\nkhông\n")
    assert wrong.status_code == 422
    assert "“không” không phải mã" in wrong.content.decode()
    assert "Thiếu cột" in brought("name\nx\n").content.decode()
    officer = signed_in(person(city, Role.APPROVER))
    assert brought("code\n1.999009\n", officer).status_code == 403
    shown = officer.get(path).content.decode()
    assert "1.999001" in shown
    assert 'type="file"' not in shown
    assert IntegratedService.objects.count() == 2
    empty = client.get(path, {"template": ""}).content.decode("utf-8-sig")
    assert empty.strip() == "code,name,integrated_on,ended_on"


def test_refused_lines_are_fetched_mended_and_brought_again(city: Unit) -> None:
    path, file = (
        reverse("admin:office_services_listed"),
        reverse("admin:office_services_listed_errors"),
    )
    editor = person(city, Role.CATALOGUE_EDITOR)
    client = signed_in(editor)

    def brought(text: str) -> Any:
        given = SimpleUploadedFile("list.csv", text.encode())
        return client.post(path, {"file": given, "source": "Cổng DVCQG"})

    wrong = brought("code,name\n1.999001,Một\nkhông,Hai\n1.9990,Ba\n")
    assert f'href="{file}"' in wrong.content.decode()

    table = client.get(file).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["code"], row["name"], row["line"], row["column"]) for row in rows] == [
        ("không", "Hai", "3", "code"),
        ("1.9990", "Ba", "4", "code"),
    ]
    assert all(" / " in row["reason"] for row in rows)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{file}?format=xlsx").content))
    assert [cell.value for cell in book.worksheets[0][2]][:2] == ["không", "Hai"]
    colleague = OfficialFactory(agency=editor.official.agency)
    GrantFactory(official=colleague, role=Role.CATALOGUE_EDITOR, unit=city)
    assert signed_in(colleague.user).get(file).status_code == 302
    assert signed_in(person(city, Role.APPROVER)).get(file).status_code == 403

    assert (
        brought(table.replace("không", "1.999002").replace("1.9990,", "1.999003,")).status_code
        == 302
    )
    assert IntegratedService.objects.count() == 3
    assert client.get(file).status_code == 302


def test_a_file_that_breaks_off_in_its_middle_takes_nothing() -> None:
    good = "".join(f"1.{number:06d},x\n" for number in range(2500))

    with pytest.raises(TableError):
        load_integrated(
            lines_of(f'code,name\n{good}1.999999,"'.encode() + b"x" * 200_000), source="x"
        )
    assert not IntegratedService.objects.exists()

    assert load_integrated(lines_of(f"code,name\n{good}".encode()), source="x").taken == 2500
    assert IntegratedService.objects.count() == 2500
