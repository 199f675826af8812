"""Reports of weeks and months: the map's figures, made once, kept, told to the heads alone."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pikepdf
import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Agency, Unit, User
from dossiers.enums import Status
from notifications.models import Message
from portal.reporting.reports.counting import counted, ended_before
from portal.reporting.reports.enums import Span
from portal.reporting.reports.making import make_reports
from portal.reporting.reports.models import Report
from portal.reporting.selectors.settled import Months, tallies
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory, UnitFactory
from tests.office.places import make_house, signed_in
from tests.reporting.test_kept import many_dossiers
from tests.reporting.test_settled import settled
from tests.shelf import put_texts

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
NOW = datetime(2026, 11, 3, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Tuesday
WEEK = Months(date(2026, 10, 26), date(2026, 11, 1), date(2026, 11, 1))
OCTOBER = Months.between(date(2026, 10, 1), date(2026, 10, 1), NOW.date())


@pytest.fixture(autouse=True)
def _today() -> Any:
    put_texts()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city() -> Unit:
    return make_house()


@pytest.fixture
def ward(city: Unit) -> Unit:
    unit: Unit = UnitFactory(parent=city, name_vi="Phường Xuân")
    return unit


@pytest.fixture
def office(ward: Unit) -> Agency:
    agency: Agency = AgencyFactory(kind__key="ubnd_xa", unit=ward, name_vi="UBND phường Xuân")
    return agency


def person(agency: Agency, role: Role, unit: Unit) -> User:
    official = OfficialFactory(agency=agency)
    GrantFactory(official=official, role=role, unit=unit)
    user: User = official.user
    return user


def of_the_week(ward: Unit) -> None:
    """Let an office settle 2 early, 1 late, and leave 1 overdue, all in the last week."""
    settled(ward, "2026-10-30", "2026-10-28")
    settled(ward, "2026-10-30", "2026-10-29")
    settled(ward, "2026-10-28", "2026-10-30")
    settled(ward, "2026-10-29", None, status=Status.PROCESSING)
    settled(ward, "2026-10-20", "2026-10-19")  # of the month, not of the week


@pytest.mark.parametrize(
    ("day", "span", "first", "last"),
    [
        (date(2026, 11, 2), Span.WEEK, date(2026, 10, 26), date(2026, 11, 1)),
        (date(2026, 11, 1), Span.WEEK, date(2026, 10, 19), date(2026, 10, 25)),
        (date(2026, 11, 8), Span.WEEK, date(2026, 10, 26), date(2026, 11, 1)),
        (date(2026, 11, 1), Span.MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 1, 31), Span.MONTH, date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_the_newest_period_that_ended(day: date, span: Span, first: date, last: date) -> None:
    assert ended_before(day, span) == Months(first, last, last)


def test_offices_of_a_unit_come_to_what_the_map_says() -> None:
    many_dossiers()
    units = dict(Agency.objects.values_list("pk", "unit"))
    found: dict[int, Any] = {}
    for agency, one in counted(span=Span.MONTH, period=OCTOBER).items():
        unit = units[agency]
        found[unit] = found[unit] + one.whole if unit in found else one.whole

    assert found == tallies(months=OCTOBER) != {}


def test_a_report_tells_what_was_counted_in_both_files(office: Agency) -> None:
    of_the_week(office.unit)

    assert make_reports(now=NOW) == 2

    week, month = Report.objects.get(span=Span.WEEK), Report.objects.get(span=Span.MONTH)
    assert (week.first, week.last, week.agency) == (WEEK.first, WEEK.last, None)
    assert week.figures == {"early": 2, "on_time": 0, "late": 1, "overdue": 1, "no_term": 0}
    assert month.figures == week.figures | {"early": 3}
    assert month.agency == office
    for report, counts in ((week, (2, 4, "50,00 %")), (month, (3, 5, "60,00 %"))):
        assert sha256(report.pdf).hexdigest() == report.pdf_digest
        assert sha256(report.xlsx).hexdigest() == report.xlsx_digest
        sheet = openpyxl.load_workbook(BytesIO(report.xlsx)).worksheets[0]
        head, share, *_others = [list(row) for row in sheet.values]
        told = dict(zip(head, share, strict=True))
        assert (told["Tử số"], told["Mẫu số"], told["Tỷ lệ"]) == counts
        assert all((told["Định nghĩa"], told["Tử số là"], told["Mẫu số là"]))
        with pikepdf.open(BytesIO(report.pdf)) as paper:
            assert len(paper.pages) >= 1


def test_the_page_of_the_unit_says_the_same_as_the_month(office: Agency, client: Any) -> None:
    of_the_week(office.unit)
    make_reports(now=NOW)

    figures = Report.objects.get(span=Span.MONTH).figures

    path = reverse("web:map_unit", args=[office.unit.code])
    page = client.get(path, {"period": "2026-10"}).content.decode()
    in_time = figures["early"] + figures["on_time"]
    assert f"{in_time} / {in_time + figures['late'] + figures['overdue']}" in page


def test_a_second_run_makes_and_tells_nothing(office: Agency) -> None:
    head = person(office, Role.HEAD_OF_UNIT, office.unit)
    person(office, Role.CASE_OFFICER, office.unit)
    of_the_week(office.unit)
    make_reports(now=NOW)

    assert make_reports(now=NOW) == 0

    messages = Message.objects.filter(topic="report_ready").order_by("pk")
    assert [one.user for one in messages] == [head, head]
    for one in messages:
        assert set(one.params) == {"period"}


def test_who_has_nothing_to_report_has_no_report(office: Agency) -> None:
    assert make_reports(now=NOW) == 0


def test_what_was_made_stays(office: Agency) -> None:
    of_the_week(office.unit)
    make_reports(now=NOW)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.update(pdf=b"")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.all().delete()


def test_leaders_see_the_reports_of_their_own_units(city: Unit, office: Agency) -> None:
    of_the_week(office.unit)
    make_reports(now=NOW)
    report = Report.objects.get(span=Span.WEEK)
    other = AgencyFactory(kind__key="ubnd_xa", unit=UnitFactory(parent=city))
    leader = person(AgencyFactory(unit=city), Role.PROVINCIAL_LEADER, city)
    head, stranger = (person(one, Role.HEAD_OF_UNIT, one.unit) for one in (office, other))
    officer = person(office, Role.CASE_OFFICER, office.unit)
    page, path = reverse("admin:office_reports"), "admin:office_report_file"
    pdf, xlsx = (reverse(path, args=[report.public_id, form]) for form in ("pdf", "xlsx"))

    for user in (leader, head):
        shown = signed_in(user).get(page).content.decode()
        assert pdf in shown
        assert xlsx in shown
        assert "2 / 4" in shown
        assert signed_in(user).get(page, {"span": "month"}).content.decode().count(pdf) == 0
        answer = signed_in(user).get(xlsx)
        assert sha256(answer.content).hexdigest() == report.xlsx_digest
        assert f"{report.stem}.xlsx" in answer["Content-Disposition"]
    assert pdf not in signed_in(stranger).get(page).content.decode()
    assert signed_in(stranger).get(pdf).status_code == 404
    assert signed_in(head).get(pdf.replace("/pdf/", "/docx/")).status_code == 404
    assert signed_in(officer).get(page).status_code in {302, 403}
    assert signed_in(officer).get(pdf).status_code in {302, 403}
