"""A list as a file: the workbook holds the rows of the CSV, as text, in the log, of one's units."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, Unit
from portal.common import clock
from portal.common.downloads import WORKBOOK
from portal.common.spreadsheets import csv_text, workbook
from portal.reporting.feedback.taking import take_feedback
from tests.factories.citizens import UserFactory
from tests.office.places import Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LISTS = sorted(
    {
        "office_queue_file",
        "office_late_file",
        "office_feedback_file",
        "office_visits_file",
        "office_registers_file",
        "office_payments_file",
        "office_payments_sums",
        "office_outcomes_file",
        "office_directives_file",
        "office_delivery_figures_file",
        "office_forecast_file",
        "office_training_file",
        "citizens_datarequest_export",
        "citizens_discrepancy_export",
        "notifications_message_export",
    }
)
NAMED = ("office_queue_file", "citizens_discrepancy_export", "notifications_message_export")
FORMULAS = ("=1+1", "+HYPERLINK(1)", "-cmd", "@SUM(A1)", "\tx", "\rx")


def _book(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _both(client: Client, name: str) -> tuple[list[list[str]], list[list[object]]]:
    address = reverse(f"admin:{name}")
    text = client.get(address).content.decode("utf-8-sig")
    answer = client.get(address, {"format": "xlsx"})
    assert answer.headers["Content-Type"] == WORKBOOK
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    return list(csv.reader(io.StringIO(text, newline=""))), _book(answer.content)


@pytest.mark.parametrize("name", LISTS)
def test_the_workbook_holds_the_rows_of_the_csv_and_nobody_of_another_commune(
    name: str, here: Place, elsewhere: Place
) -> None:
    lines, rows = _both(signed_in(here.user), name)

    width = max(map(len, lines))
    assert [line + [""] * (width - len(line)) for line in lines] == rows
    assert len(rows) > 1 or name not in NAMED
    assert elsewhere.mark not in str(rows)
    assert elsewhere.dossier.code not in str(rows)


@pytest.mark.parametrize("name", NAMED)
def test_the_log_names_the_format(name: str, here: Place) -> None:
    _both(signed_in(here.user), name)

    seen = AccessLog.objects.filter(actor=here.user, page=f"admin:{name}").order_by("pk")
    assert list(seen.values_list("reference", flat=True)) == ["", "XLSX"]
    assert {tuple(row.subject_ids) for row in seen} == {tuple(seen[0].subject_ids)}


def test_a_name_in_the_queue_is_no_formula(here: Place) -> None:
    here.citizen.full_name = "=HYPERLINK(1)"
    here.citizen.save()

    _lines, rows = _both(signed_in(here.user), "office_queue_file")

    assert "'=HYPERLINK(1)" in rows[1]


def test_feedback_leaves_the_house_as_text_without_its_sender_and_is_in_the_log(
    here: Place, elsewhere: Place
) -> None:
    sender = UserFactory(citizen=here.citizen, kind="citizen")
    take_feedback(words="=HYPERLINK(1)", unit=here.unit, sender=sender, now=clock.now())
    take_feedback(words="Không phải của xã này", unit=elsewhere.unit, now=clock.now())

    lines, rows = _both(signed_in(here.user), "office_feedback_file")

    (row,) = rows[1:]
    assert "'=HYPERLINK(1)" in row
    assert lines[1] == row
    assert here.citizen.full_name not in str(rows)
    seen = AccessLog.objects.filter(page="admin:office_feedback_file").order_by("pk")
    assert list(seen.values_list("subject_ids", "reference")) == [
        ([here.citizen.pk], ""), ([here.citizen.pk], "XLSX"),
    ]  # fmt: skip


def test_the_file_of_feedback_holds_the_part_that_the_page_shows(here: Place) -> None:
    take_feedback(words="Chờ lâu", unit=here.unit, now=clock.now())
    client, address = signed_in(here.user), reverse("admin:office_feedback_file")

    waiting, answered = (
        client.get(address, {"shown": shown}).content.decode() for shown in ("waiting", "answered")
    )

    assert "Chờ lâu" in waiting
    assert "Chờ lâu" not in answered


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula(cell: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([["h"], [cell]]))).worksheets[0]

    assert sheet["A2"].data_type == "s"
    assert str(sheet["A2"].value).startswith("'")
    assert cell not in csv_text([["h"], [cell]]).splitlines()


def test_a_number_stays_a_number_and_no_character_breaks_the_file() -> None:
    sheet = openpyxl.load_workbook(
        io.BytesIO(workbook([["đ"], [5, True, "a\x00b", -2.5]]))
    ).worksheets[0]

    assert [cell.value for cell in sheet[2]] == [5, "True", "ab", -2.5]


def test_whoever_may_not_have_the_list_has_no_workbook_of_it(city: Unit) -> None:
    clerk = make_place(city, "Thu", roles=(Role.CATALOGUE_EDITOR,))

    answer = signed_in(clerk.user).get(reverse("admin:office_queue_file"), {"format": "xlsx"})

    assert answer.status_code == 403
