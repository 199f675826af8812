"""The desk of data-subject requests: both clocks, figures, steps with confirmation, the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import DataRequestKind, Role
from citizens.models import AccessLog, DataRequest, Unit, User
from citizens.workflow import request_code
from dossiers.services import answer_data_request, submit_data_request
from portal.common.calendar import WorkingCalendar
from portal.common.clock import CIVIL_ZONE
from portal.office.request_clocks import NEXT_DUE_ON, RequestDay
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory, UserFactory
from tests.office.places import CANARY, Place, make_house, make_place, signed_in

pytestmark = [pytest.mark.ignore_template_errors]
MONDAY = datetime(2026, 11, 23, 9, tzinfo=CIVIL_ZONE)
LIST = "admin:citizens_datarequest_changelist"
K = DataRequestKind


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    """A commune on a Monday, where one request has come in."""
    with time_machine.travel(MONDAY, tick=False):
        yield make_place(make_house(), "Xuân", roles=(Role.HEAD_OF_UNIT,))


@pytest.fixture
def client(place: Place) -> Client:
    """The head of the unit, signed in."""
    return signed_in(place.user)


@pytest.fixture
def asked(place: Place) -> DataRequest:
    """The request that came in."""
    return DataRequest.objects.get(citizen=place.citizen)


def another(
    place: Place, kind: DataRequestKind, at: datetime, body: str = "Xin sửa"
) -> DataRequest:
    citizen = CitizenFactory(unit=place.unit)
    return submit_data_request(
        citizen=citizen, kind=kind, body=body, by=UserFactory(citizen=citizen), now=at
    )


def city_of(place: Place) -> Unit:
    assert place.unit.parent is not None
    return place.unit.parent


def step(row: DataRequest, action: str) -> str:
    return reverse("admin:citizens_datarequest_step", args=[row.pk, action])


def page(row: DataRequest) -> str:
    return reverse("admin:citizens_datarequest_change", args=[row.pk])


def answer(row: DataRequest, user: User, at: datetime) -> DataRequest:
    return answer_data_request(
        request=row, user=user, version=row.version, answer="Đã nhận.", now=at
    )


# ------------------------------------------------------------------------------------ the queue
def test_the_most_pressing_stands_first_and_texts_are_not_listed(
    place: Place, client: Client, asked: DataRequest
) -> None:
    older = another(place, K.CORRECT, MONDAY - timedelta(days=5), body="Sinh năm 1985")

    html = client.get(reverse(LIST)).content.decode()

    codes = [request_code(older.public_id), request_code(asked.public_id)]
    assert html.index(codes[0]) < html.index(codes[1])
    assert "Sinh năm 1985" not in html
    assert "Lời của Xuân" not in html


def test_the_figures_count_what_they_say(place: Place, asked: DataRequest) -> None:
    day = RequestDay.of(MONDAY.date(), WorkingCalendar())
    late = another(place, K.CORRECT, MONDAY - timedelta(days=7))
    another(place, K.CORRECT, MONDAY - timedelta(days=4))  # Thursday: due today
    for days, by in ((7, MONDAY - timedelta(days=5)), (12, MONDAY - timedelta(days=5))):
        answer(another(place, K.OBJECT, MONDAY - timedelta(days=days)), place.user, by)

    figures = day.figures(DataRequest.objects.annotate(next_due_on=NEXT_DUE_ON))

    assert (figures.open_count, figures.today_count, figures.late_count) == (5, 1, 1)
    assert (figures.answered_in_time, figures.answers_due) == (1, 3)
    assert figures.percent_in_time == 33.3
    assert late.answer_due_on < MONDAY.date()


def test_without_any_answer_there_is_no_share(place: Place, client: Client) -> None:
    html = client.get(reverse(LIST)).content.decode()

    assert "0 trên 0" in html
    assert "100" not in html.split("0 trên 0")[0][-300:]


@pytest.mark.parametrize(
    ("colour", "hours", "is_there"),
    [
        ("on_time", 0, True),
        ("soon", 30, True),
        ("late", 80, True),
        ("late", 0, False),
        ("open", 0, True),
        ("ended", 0, False),
        ("today", 48, True),
        ("today", 24, False),
    ],
)
def test_the_filter_by_clock(
    place: Place, client: Client, asked: DataRequest, colour: str, hours: int, is_there: bool
) -> None:
    with time_machine.travel(MONDAY + timedelta(hours=hours), tick=False):
        found = signed_in(place.user).get(f"{reverse(LIST)}?clock={colour}").content.decode()

    assert (request_code(asked.public_id) in found) == is_there


def test_the_list_keeps_its_number_of_queries(
    place: Place, client: Client, django_assert_max_num_queries: object
) -> None:
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(LIST))
    for _turn in range(5):
        another(place, K.CORRECT, MONDAY)

    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        client.get(reverse(LIST))


# ------------------------------------------------------------------------------- views are logged
def test_list_page_and_step_are_logged(client: Client, place: Place, asked: DataRequest) -> None:
    before = AccessLog.objects.count()

    for address in (reverse(LIST), page(asked), step(asked, "accept")):
        assert client.get(address).status_code == 200

    looks = AccessLog.objects.order_by("pk")[before:]
    assert [look.subject_ids for look in looks] == [[place.citizen.pk]] * 3
    assert {look.reference for look in looks} == {request_code(asked.public_id)}
    assert all("data_request" in look.fields for look in looks)


# ---------------------------------------------------------------------------------------- steps
def test_the_page_of_one_request_shows_text_clocks_and_buttons(
    client: Client, asked: DataRequest
) -> None:
    html = client.get(page(asked)).content.decode()

    assert "Lời của Xuân" in html
    for action in ("accept", "refuse", "extend"):
        assert step(asked, action) in html
    assert step(asked, "finish") not in html


@pytest.mark.parametrize("name", ["change", "history"])
def test_the_page_is_headed_by_the_code(client: Client, asked: DataRequest, name: str) -> None:
    address = reverse(f"admin:citizens_datarequest_{name}", args=[asked.pk])

    html = client.get(address).content.decode()

    assert html.count(request_code(asked.public_id)) >= 2
    assert f"#{asked.pk}" not in html


@pytest.mark.parametrize(
    ("action", "fields", "state"),
    [
        ("accept", {"answer": "Sẽ ngừng."}, "answered"),
        ("refuse", {"reason": "Đang cần.", "legal_basis": "Điều 19"}, "refused"),
        ("extend", {"days": "5", "reason": "Chờ xác minh."}, "received"),
    ],
)
def test_a_step_is_asked_about_and_then_taken(
    client: Client, asked: DataRequest, action: str, fields: dict[str, str], state: str
) -> None:
    assert "Lời của Xuân" in client.get(step(asked, action)).content.decode()

    response = client.post(step(asked, action), {"version": "1", **fields})

    asked.refresh_from_db()
    assert response["Location"] == page(asked)
    assert (asked.state, asked.version) == (state, 2)
    assert asked.is_extended == (action == "extend")


def test_done_says_what_the_software_stops_and_what_it_does_not(
    client: Client, place: Place, asked: DataRequest
) -> None:
    answer(asked, place.user, MONDAY)

    html = client.get(step(asked, "finish")).content.decode()

    assert "Cổng tự dừng ba việc" in html
    assert "Cổng không tự sửa hoặc khóa dữ liệu" in html
    client.post(step(asked, "finish"), {"version": "2", "note": "Đã báo công an xã."})
    asked.refresh_from_db()
    assert asked.state == "done"
    assert "Yêu cầu này đã khép lại" in client.get(page(asked)).content.decode()


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("accept", {"answer": " "}),
        ("refuse", {"reason": "Đang cần."}),
        ("extend", {"days": "16", "reason": "Chờ."}),
        ("extend", {"days": "5"}),
        ("extend", {"days": "x", "reason": "Chờ."}),
    ],
)
def test_what_is_missing_keeps_the_page(
    client: Client, asked: DataRequest, action: str, fields: dict[str, str]
) -> None:
    response = client.post(step(asked, action), {"version": "1", **fields})

    asked.refresh_from_db()
    assert response.status_code == 422
    assert (asked.state, asked.version) == ("received", 1)


@pytest.mark.parametrize("version", ["7", "", "x"])
def test_an_old_page_writes_nothing(client: Client, asked: DataRequest, version: str) -> None:
    response = client.post(
        step(asked, "accept"), {"version": version, "answer": "Vâng."}, follow=True
    )

    asked.refresh_from_db()
    assert asked.state == "received"
    assert "vừa được thay đổi" in response.content.decode()


@pytest.mark.parametrize("action", ["finish", "cancel", "accept"])
def test_a_step_that_is_not_open_leads_back(
    client: Client, place: Place, asked: DataRequest, action: str
) -> None:
    if action == "accept":
        answer(asked, place.user, MONDAY)

    assert client.get(step(asked, action))["Location"] == page(asked)


def test_only_what_must_be_stopped_asks_about_processors(
    client: Client, place: Place, asked: DataRequest
) -> None:
    correction = another(place, K.CORRECT, MONDAY)

    assert "has_processors" in client.get(step(asked, "accept")).content.decode()
    assert "has_processors" not in client.get(step(correction, "accept")).content.decode()


def test_forged_fields_change_nothing(client: Client, asked: DataRequest) -> None:
    response = client.post(page(asked), {"state": "done", "owner": "1", "act_due_on": "2030-01-01"})

    asked.refresh_from_db()
    assert response.status_code == 403
    assert (asked.state, asked.version) == ("received", 1)


# --------------------------------------------------------------------------------------- scope
def test_nothing_of_another_commune(place: Place, client: Client, asked: DataRequest) -> None:
    there = make_place(city_of(place), CANARY)
    foreign = DataRequest.objects.get(citizen=there.citizen)
    export = reverse("admin:citizens_datarequest_export")

    for address in (
        reverse(LIST),
        export,
        f"{reverse(LIST)}?q={CANARY[:-2]}",
        step(foreign, "accept"),
    ):
        response = client.get(address)
        assert CANARY not in response.content.decode() + str(dict(response.headers)), address
    assert client.get(step(foreign, "accept")).status_code == 404
    posted = client.post(step(foreign, "accept"), {"version": "1", "answer": "Vâng."})
    assert posted.status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "received"
    assert request_code(foreign.public_id) not in client.get(export).content.decode()


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.RECEPTIONIST, Role.AUDITOR])
def test_other_roles_have_no_such_desk(place: Place, asked: DataRequest, role: Role) -> None:
    other = make_place(city_of(place), "Hạ", roles=(role,))
    client = signed_in(other.user)
    own = DataRequest.objects.get(citizen=other.citizen)

    for address in (reverse(LIST), page(own), reverse("admin:citizens_datarequest_export")):
        assert client.get(address).status_code in (302, 403), address
    assert client.get(step(own, "accept")).status_code == 403
    assert client.get(step(asked, "accept")).status_code == 403


def test_family_may_look_and_not_decide(place: Place, asked: DataRequest) -> None:
    kin = OfficialFactory(agency=place.agency, self_pin_index=place.citizen.pin_index)
    GrantFactory(official=kin, role=Role.HEAD_OF_UNIT, unit=place.unit)
    client = signed_in(kin.user)

    response = client.post(step(asked, "accept"), {"version": "1", "answer": "Vâng."})

    asked.refresh_from_db()
    assert response.status_code == 422
    assert asked.state == "received"


# ---------------------------------------------------------------------------------------- file
def test_the_file_has_codes_and_days_and_names_nobody(
    place: Place, client: Client, asked: DataRequest
) -> None:
    place.agency.name_vi = "=HYPERLINK(1)"
    place.agency.save()

    response = client.get(reverse("admin:citizens_datarequest_export"))

    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == request_code(asked.public_id)
    assert rows[1][3] == "'=HYPERLINK(1)"
    assert rows[1][4:6] == ["23/11/2026", "25/11/2026"]
    assert place.citizen.full_name not in text
    assert "Lời của" not in text
    assert response["Content-Disposition"].startswith("attachment")
