"""Officers active: who took a step in the period, of who could have on its last day."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine

from citizens.enums import Role
from citizens.models import Agency, Unit, User
from dossiers.enums import Action, Actor, Status
from dossiers.models import Dossier, DossierEvent
from portal.reporting.reports.activity import Activity, activity
from portal.reporting.reports.enums import Span
from portal.reporting.reports.making import make_reports
from portal.reporting.reports.models import Report
from portal.reporting.selectors.settled import Months
from tests.factories.citizens import (
    AgencyFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
    always,
)
from tests.office.places import make_house
from tests.reporting.test_settled import settled
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = Months(date(2026, 10, 26), date(2026, 11, 1), date(2026, 11, 1))


@pytest.fixture
def ward() -> Unit:
    unit: Unit = UnitFactory(parent=make_house(), name_vi="Phường Xuân")
    return unit


@pytest.fixture
def office(ward: Unit) -> Agency:
    agency: Agency = AgencyFactory(kind__key="ubnd_xa", unit=ward, name_vi="UBND phường Xuân")
    return agency


@pytest.fixture
def dossier(office: Agency) -> Dossier:
    return settled(office.unit, "2026-10-30", "2026-10-28")


def officer(agency: Agency, role: Role = Role.CASE_OFFICER, **grant: Any) -> User:
    official = OfficialFactory(agency=agency)
    GrantFactory(official=official, role=role, **grant)
    user: User = official.user
    return user


def step(dossier: Dossier, by: User, at: str) -> None:
    DossierEvent.objects.create(
        dossier=dossier,
        action=Action.RECEIVE,
        status_before=Status.REGISTERED,
        status_after=Status.RECEIVED,
        actor_role=Actor.CASE_OFFICER,
        official=by,
        happened_at=datetime.fromisoformat(at).replace(tzinfo=ZONE),
    )


@pytest.mark.parametrize(
    ("at", "active"),
    [
        ("2026-10-25 23:59:59", 0),
        ("2026-10-26 00:00:00", 1),
        ("2026-11-01 23:59:59", 1),
        ("2026-11-02 00:00:00", 0),
    ],
)
def test_a_step_counts_on_the_civil_days_of_the_period(
    office: Agency, dossier: Dossier, at: str, active: int
) -> None:
    step(dossier, officer(office), at)

    assert activity(span=Span.WEEK, period=WEEK) == {office.unit_id: Activity(active, 1)}


def test_many_steps_of_one_officer_count_once(office: Agency, dossier: Dossier) -> None:
    busy = officer(office)
    GrantFactory(official=busy.official, role=Role.RECEPTIONIST)
    officer(office, Role.HEAD_OF_UNIT)
    step(dossier, busy, "2026-10-27 09:00")
    step(dossier, busy, "2026-10-28 09:00")

    assert activity(span=Span.MONTH, period=WEEK) == {office.pk: Activity(1, 2)}


def test_who_could_not_act_on_the_last_day_is_not_counted(office: Agency, dossier: Dossier) -> None:
    gone = officer(office, valid=always(date(2026, 11, 2)))
    unconfirmed = officer(office, confirmed_by=None)
    auditor = officer(office, Role.AUDITOR)
    for one in (gone, unconfirmed, auditor):
        step(dossier, one, "2026-10-28 09:00")

    assert activity(span=Span.WEEK, period=WEEK) == {}


def test_a_week_counts_all_offices_of_the_unit_and_a_month_each(
    office: Agency, dossier: Dossier
) -> None:
    second = AgencyFactory(kind__key="ttpvhcc", unit=office.unit)
    step(dossier, officer(office), "2026-10-28 09:00")
    officer(second)
    officer(AgencyFactory(kind__key="ubnd_xa", unit=UnitFactory(parent=office.unit.parent)))

    week, month = (activity(span=one, period=WEEK) for one in (Span.WEEK, Span.MONTH))

    assert week[office.unit_id] == Activity(1, 2)
    assert (month[office.pk], month[second.pk]) == (Activity(1, 1), Activity(0, 1))


def test_a_report_tells_it_beside_the_week_before(office: Agency, dossier: Dossier) -> None:
    put_texts()
    first, second = officer(office), officer(office)
    for one, at in ((first, "2026-10-28 09:00"), (first, "2026-10-20 09:00")):
        step(dossier, one, at)
    step(dossier, second, "2026-10-21 09:00")
    now = datetime(2026, 11, 3, 5, tzinfo=ZONE)

    with time_machine.travel(now, tick=False):
        make_reports(now=now)

    report = Report.objects.get(span=Span.WEEK)
    sheet = openpyxl.load_workbook(BytesIO(report.xlsx)).worksheets[0]
    head, *rows = [list(row) for row in sheet.values]
    told = dict(zip(head, rows[-1], strict=True))
    assert told["Chỉ số"] == "Tỷ lệ cán bộ có xử lý hồ sơ"
    assert (told["Tử số"], told["Mẫu số"], told["Tỷ lệ"]) == (1, 2, "50,00 %")
    assert (told["Kỳ trước"], told["Tử số / mẫu số kỳ trước"]) == ("100,00 %", "2 / 2")
    assert all((told["Định nghĩa"], told["Tử số là"], told["Mẫu số là"], told["Nguồn"]))
