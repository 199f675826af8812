"""Rejected rows: named on the page, shown when asked for, mended and brought again; all logged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import BatchState, Role
from citizens.models import AccessLog, Batch, Citizen, User
from citizens.services.run_batches import run_batches
from portal.common.downloads import WORKBOOK
from portal.common.spreadsheets import workbook
from portal.office.batch_page import MOST_IN_BOOK
from tests.canaries import phone_forms
from tests.citizens.importing.scene import LAN, MINH, TODAY, minh, person
from tests.citizens.receiving import take_over
from tests.office.delivering import LIST, a_working_day, official, page, register, send, text_of
from tests.office.places import signed_in

pytestmark = pytest.mark.django_db
PHONE = "+84505550199"
BAD = minh(full_name="Lê Văn 2", phone="0505550199")


@pytest.fixture(autouse=True)
def _scene(settings: Settings, tmp_path: Path) -> Iterator[None]:
    with a_working_day(settings, tmp_path):
        yield


@pytest.fixture
def steward() -> User:
    return official(Role.DATA_STEWARD)


@pytest.fixture
def client(steward: User) -> Client:
    return signed_in(steward)


def test_no_page_tells_what_a_rejected_row_says_until_it_is_asked_for(
    client: Client, steward: User
) -> None:
    take_over(minh())  # whom the bad row names
    batch = take_over(person(), BAD, as_of=TODAY)
    before = AccessLog.objects.count()
    addresses = [reverse(LIST), register(), page(batch), page(batch, "office_batch_progress")]

    for address in addresses:
        said = client.get(address).content.decode()
        assert not any(form in said for form in (MINH, LAN, "Lê Văn 2", *phone_forms(PHONE)))
    assert "tên có chữ số" in client.get(page(batch)).content.decode()
    assert AccessLog.objects.count() == before

    said = client.post(page(batch, "office_batch_row"), {"line": "3"}).content.decode()

    assert MINH in said
    assert "Lê Văn 2" in said
    look = AccessLog.objects.latest("pk")
    assert look.subject_ids == [Citizen.objects.get(full_name="Lê Văn Minh").pk]
    assert (look.actor, look.purpose, look.fields) == (
        steward,
        "data_quality",
        ["rejected_row", "ethnicity"],
    )
    assert "line 3" in look.reference


@pytest.mark.parametrize("line", ["2", "99", "x", "", "9" * 30])
def test_only_rejected_lines_can_be_asked_for(client: Client, line: str) -> None:
    batch = take_over(person(), BAD)

    assert client.post(page(batch, "office_batch_row"), {"line": line}).status_code == 404


def test_errors_are_downloaded_mended_and_brought_again(client: Client, steward: User) -> None:
    take_over(minh(), as_of=TODAY - timedelta(days=9))
    batch = take_over(person(), BAD, person("123"))

    response = client.get(page(batch, "office_batch_errors"))
    text = text_of(response)

    assert response["Content-Disposition"].endswith('.errors.csv"')
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["_line"], row["_column"]) for row in rows] == [("3", "full_name"), ("4", "pin")]
    assert AccessLog.objects.latest("pk").reference.endswith("2 rows")

    mended = text.replace("Lê Văn 2", "Lê Văn Minh").replace("\r\n123,", "\r\n999185000009,")
    form = client.get(register(), {"mended": batch.public_id}).content.decode()
    assert '<option value="person" selected>' in form
    assert f'value="{TODAY:%Y-%m-%d}"' in form
    send(client, mended.encode(), table="person")
    run_batches(day=TODAY)

    again = Batch.objects.latest("pk")
    assert (again.state, again.rejected_count) == (BatchState.DONE, 0)
    assert Citizen.objects.count() == 3


def _book_of(client: Client, batch: Batch) -> list[list[str]]:
    """Return the rejected rows as their workbook has them."""
    response = client.get(page(batch, "office_batch_errors"), {"format": "xlsx"})
    assert response.headers["Content-Type"] == WORKBOOK
    assert response["Content-Disposition"].endswith('.errors.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.values]


def test_the_workbook_holds_what_the_csv_holds_and_is_logged_too(
    client: Client, steward: User
) -> None:
    take_over(minh(), as_of=TODAY - timedelta(days=9))
    batch = take_over(person(), BAD | {"current_address": "=HYPERLINK(1)"}, person("0123"))
    text = text_of(client.get(page(batch, "office_batch_errors")))
    before = AccessLog.objects.count()

    book = _book_of(client, batch)

    assert book == list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert any("'=HYPERLINK(1)" in row for row in book)
    assert any("0123" in row for row in book)
    look = AccessLog.objects.latest("pk")
    assert AccessLog.objects.count() == before + 1
    assert look.subject_ids == [Citizen.objects.get(full_name="Lê Văn Minh").pk]
    assert (look.actor, look.fields) == (steward, ["rejected_row", "ethnicity"])


def test_a_mended_workbook_is_brought_again(client: Client) -> None:
    batch = take_over(person(), BAD, person("123"))
    mended = {"Lê Văn 2": "Lê Văn Minh", "123": "999185000009"}
    rows = [[mended.get(cell, cell) for cell in row] for row in _book_of(client, batch)]

    send(client, workbook(rows), table="person")
    run_batches(day=TODAY)

    again = Batch.objects.latest("pk")
    assert again.encoding == "xlsx"
    assert (again.state, again.rejected_count) == (BatchState.DONE, 0)
    assert Citizen.objects.count() == 3


def test_too_many_rows_for_a_book_go_as_csv(client: Client) -> None:
    batch = take_over(BAD)
    assert "?format=xlsx" in client.get(page(batch)).content.decode()

    Batch.objects.filter(pk=batch.pk).update(rejected_count=MOST_IN_BOOK + 1)

    assert "?format=xlsx" not in client.get(page(batch)).content.decode()
    response = client.get(page(batch, "office_batch_errors"), {"format": "xlsx"})
    assert "Lê Văn 2" in text_of(response)
    assert response["Content-Disposition"].endswith('.errors.csv"')


def test_whoever_stands_in_a_file_of_errors_is_logged_before_it_leaves(client: Client) -> None:
    take_over(minh(), person())
    batch = take_over(BAD, person(LAN, full_name="Lan"), as_of=TODAY)
    before = AccessLog.objects.count()

    response = client.get(page(batch, "office_batch_errors"))
    assert AccessLog.objects.count() == before  # nothing has left yet
    text_of(response)

    look = AccessLog.objects.latest("pk")
    assert sorted(look.subject_ids) == sorted(Citizen.objects.values_list("pk", flat=True))


LOST_ZEROS = "099185000009"  # of no province; a spreadsheet makes 99185000009 of it


def test_who_is_recognised_without_leading_zeros_is_logged_too(client: Client) -> None:
    take_over(minh(), person(LOST_ZEROS, full_name="Lê Thị Hà"))
    batch = take_over(minh(), person(LOST_ZEROS.lstrip("0"), full_name="Lê Thị 2"), as_of=TODAY)
    known = Citizen.objects.get(full_name="Lê Thị Hà")

    client.post(page(batch, "office_batch_row"), {"line": "3"})
    assert AccessLog.objects.latest("pk").subject_ids == [known.pk]

    text_of(client.get(page(batch, "office_batch_errors")))
    assert AccessLog.objects.latest("pk").subject_ids == [known.pk]
    assert AccessLog.objects.count() == 2


def test_a_look_at_rows_of_people_whom_nobody_knows_is_logged(
    client: Client, steward: User
) -> None:
    batch = take_over(person(full_name="Trần Văn 2"), person("", full_name="Trần Văn Ba"))
    assert not Citizen.objects.exists()

    for line in ("2", "3"):
        said = client.post(page(batch, "office_batch_row"), {"line": line}).content.decode()
        assert "Trần Văn" in said
        look = AccessLog.objects.latest("pk")
        assert (look.actor, look.subject_ids) == (steward, [])
        assert look.reference.endswith(f"line {line}")

    text_of(client.get(page(batch, "office_batch_errors")))
    assert AccessLog.objects.latest("pk").reference.endswith("2 rows")
    assert AccessLog.objects.count() == 3


@pytest.mark.parametrize(("role", "sees"), [(Role.DATA_STEWARD, True), (Role.OPERATOR, False)])
def test_sensitive_columns_are_for_the_steward_only(role: Role, sees: bool) -> None:
    take_over(minh())
    batch = take_over(BAD | {"ethnicity": "Cơ Tu", "religion": "Phật giáo"}, as_of=TODAY)
    client = signed_in(official(role))

    row = client.post(page(batch, "office_batch_row"), {"line": "2"}).content.decode()
    file = text_of(client.get(page(batch, "office_batch_errors")))
    book = str(_book_of(client, batch))

    for said in (row, file, book):
        assert "Lê Văn 2" in said
        assert ("Cơ Tu" in said, "ethnicity" in said, "Phật giáo" in said) == (sees,) * 3
    assert ("ethnicity" in AccessLog.objects.latest("pk").fields) == sees
