"""The page of the forecast: who sees whose, what it says, the file, and the switch."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from citizens.enums import Role
from citizens.models import Unit, User
from portal.reporting.enums import CountKind
from portal.reporting.forecast.weeks import WEEK
from portal.reporting.models import ForecastModel, ForecastSnapshot, WeekCount
from tests.factories.citizens import (
    AgencyFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
)
from tests.factories.procedures import ProcedureVersionFactory, RuleVersionFactory, moment
from tests.office.places import signed_in

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 26)
MONDAY = date(2026, 11, 23)
LICENCE = "driving_licence_renewal"
SEES = {Role.HEAD_OF_UNIT, Role.PROVINCIAL_LEADER, Role.OPERATOR, Role.ADMINISTRATOR}
PAGE, FILE, SWITCH = (
    "admin:office_forecast",
    "admin:office_forecast_file",
    "admin:office_forecast_switch",
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(moment(DAY)):
        yield


@pytest.fixture
def city() -> Unit:
    RuleVersionFactory(rule__key=LICENCE)
    ProcedureVersionFactory(procedure__key=LICENCE)
    made: Unit = UnitFactory(province=True, name_vi="Thành phố Sông Hàn")
    return made


@pytest.fixture
def commune(city: Unit) -> Unit:
    made: Unit = UnitFactory(parent=city, name_vi="Xã Xuân")
    make_due(made, 7)
    return made


@pytest.fixture
def neighbour(city: Unit) -> Unit:
    made: Unit = UnitFactory(parent=city, name_vi="Xã Bên")
    make_due(made, 90)
    return made


def make_due(unit: Unit, count: int) -> None:
    week = MONDAY + 10 * WEEK
    WeekCount.objects.create(
        kind=CountKind.DUE,
        key=LICENCE,
        unit=unit,
        week=week,
        count=count,
        most=count,
        counted_on=DAY,
    )


def make_expected(unit: Unit, *, kind: CountKind = CountKind.FILED, key: str = LICENCE) -> None:
    ForecastSnapshot.objects.create(
        made_on=DAY,
        kind=kind,
        key=key,
        unit=unit,
        first_week=MONDAY,
        basis="model",
        expected=[*[20.0] * 12, 60.0, *[20.0] * 39],
        low=[*[14] * 12, 50, *[14] * 39],
        high=[*[26] * 12, 70, *[26] * 39],
    )


def make_model(*, is_active: bool = True) -> ForecastModel:
    empty = {"format": 1, "series": {}, "refused": {}}
    return ForecastModel.objects.create(document=empty, trained_on=DAY, is_active=is_active)


def official(role: Role, unit: Unit, *, kind: str = "ubnd_xa") -> User:
    agency = AgencyFactory(kind__key=kind, unit=unit)
    grant = GrantFactory(official=OfficialFactory(agency=agency), role=role, unit=unit)
    user: User = grant.official.user
    return user


def shown(client: Client, **asked: str) -> str:
    response = client.get(reverse(PAGE), asked)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", Role)
def test_who_opens_the_desk(role: Role, commune: Unit) -> None:
    client = signed_in(official(role, commune))
    answer = 200 if role in SEES else 403

    assert client.get(reverse(PAGE)).status_code == answer
    assert client.get(reverse(FILE)).status_code == answer


def test_a_head_sees_the_own_unit_and_no_other(commune: Unit, neighbour: Unit) -> None:
    client = signed_in(official(Role.HEAD_OF_UNIT, commune))

    text = shown(client, unit=neighbour.code, kind=f"due:{LICENCE}")

    assert "Xã Xuân" in text
    assert "Xã Bên" not in text
    assert "Sông Hàn" not in text
    assert "có 7 việc đến hạn" in text


def test_a_leader_sees_the_city_added_up(commune: Unit, neighbour: Unit, city: Unit) -> None:
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    text = shown(client, kind=f"due:{LICENCE}")

    assert "Tuần cao điểm: tuần 5 (01/02–07/02/2027), có 97 việc đến hạn." in text
    assert "Xã Bên" in text


def test_the_interval_is_named_with_the_peak(commune: Unit, city: Unit) -> None:
    make_expected(city)
    make_model()
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    text = shown(client, kind=f"due:{LICENCE}")

    assert "tuần 7 (15/02–21/02/2027), dự kiến khoảng 60 (từ 50 đến 70)" in text
    assert "Số dự kiến dựa vào: mô hình." in text
    assert "<polyline" in text


def test_weeks_over_capacity_are_named(commune: Unit, city: Unit) -> None:
    make_expected(city)
    official(Role.CASE_OFFICER, city, kind="cong_an_tinh_csgt")
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    text = shown(client)

    assert "1 cán bộ xử lý" in text
    assert "vượt khả năng giải quyết" in text
    assert "từ 01/02 đến 21/02/2027" in text  # Tết lies in these weeks: few days to work


def test_without_officers_nothing_is_said_of_capacity(commune: Unit, city: Unit) -> None:
    text = shown(signed_in(official(Role.PROVINCIAL_LEADER, city)))

    assert "chưa có cán bộ xử lý hồ sơ nào" in text


def test_switched_off_only_known_dates_are_shown(commune: Unit, city: Unit) -> None:
    make_expected(city)
    make_model(is_active=False)
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    text = shown(client, kind=f"due:{LICENCE}")

    assert "Mô hình dự báo đang tắt: trang này chỉ hiện các ngày đến hạn đã biết." in text
    assert "có 7 việc đến hạn" in text
    assert "<polyline" not in text


def test_before_anything_is_counted_the_page_says_so(city: Unit) -> None:
    text = shown(signed_in(official(Role.PROVINCIAL_LEADER, city)))

    assert "Đơn vị này chưa có số liệu." in text


def test_the_file_holds_every_week(commune: Unit, city: Unit) -> None:
    make_expected(city)
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    response = client.get(reverse(FILE), {"kind": f"due:{LICENCE}"})

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 52
    peak = next(row for row in rows if row[3] == "15/02/2027")
    assert peak[2] == "2027-W07"
    assert peak[5:9] == ["0", "60.0", "50", "70"]
    assert next(row for row in rows if row[3] == "01/02/2027")[5] == "7"


@pytest.mark.parametrize(
    ("role", "is_above", "answer"),
    [
        (Role.OPERATOR, True, 302),
        (Role.ADMINISTRATOR, True, 302),
        (Role.OPERATOR, False, 403),  # the model serves the whole province
        (Role.PROVINCIAL_LEADER, True, 403),
    ],
)
def test_who_may_switch(role: Role, is_above: bool, answer: int, commune: Unit, city: Unit) -> None:
    model = make_model()
    user = official(role, city if is_above else commune)

    response = signed_in(user).post(reverse(SWITCH), {"is_on": "0"})

    model.refresh_from_db()
    assert response.status_code == answer
    assert model.is_active is (answer == 403)
    if answer == 302:
        assert model.stopped_by == user


def test_it_is_switched_on_again(commune: Unit, city: Unit) -> None:
    model = make_model(is_active=False)

    signed_in(official(Role.OPERATOR, city)).post(reverse(SWITCH), {"is_on": "1"})

    model.refresh_from_db()
    assert model.is_active


def test_a_look_changes_nothing(commune: Unit, city: Unit) -> None:
    client = signed_in(official(Role.OPERATOR, city))

    assert client.get(reverse(SWITCH)).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_units(
    commune: Unit, city: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))
    for number in range(12):
        make_due(UnitFactory(parent=city), number)

    with django_assert_max_num_queries(34):
        shown(client)


def test_a_proposal_is_shown_and_sends_nothing(commune: Unit, city: Unit) -> None:
    WeekCount.objects.update(week=MONDAY + 40 * WEEK, count=200, most=200)
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    text = shown(client)

    assert "Nếu mời sớm hơn" in text
    assert "chưa có gì được gửi đi" in text


def test_the_learnt_figures_and_own_errors_are_shown(commune: Unit, city: Unit) -> None:
    make_model()
    make_expected(city)
    ForecastSnapshot.objects.update(first_week=MONDAY - WEEK, made_on=DAY - WEEK)
    WeekCount.objects.create(
        kind=CountKind.FILED,
        key=LICENCE,
        unit=commune,
        week=MONDAY - WEEK,
        count=25,
        counted_on=DAY,
    )
    client = signed_in(official(Role.PROVINCIAL_LEADER, city))

    text = shown(client, kind=f"due:{LICENCE}")

    assert "Số đã dự báo so với số thực tế" in text
    assert "5,0" in text
    assert "1 / 1" in text
    assert "chưa huấn luyện: số liệu quá ít" in text
    assert "Mô hình xét: mùa trong năm; Tết" in text


def test_what_an_officer_decides_in_a_year_is_said(commune: Unit, city: Unit) -> None:
    text = shown(signed_in(official(Role.PROVINCIAL_LEADER, city)))

    assert "1.600 (đô thị), 1.200 (nông thôn) hoặc 800" in text
