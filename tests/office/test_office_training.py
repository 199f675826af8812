"""Training: which courses somebody needs, who notes attendance, the shares, and the first day."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Agency, Attendance, Course, Official, Unit, User
from citizens.selectors.training import shares_trained
from portal.common import clock
from portal.office import doors
from portal.office.first_day import TASKS
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory, UnitFactory
from tests.office.places import CANARY, make_house, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
R = Role


@pytest.fixture
def city(db: None) -> Unit:
    return make_house()


@pytest.fixture
def ward(city: Unit) -> Unit:
    unit: Unit = UnitFactory(parent=city, name_vi="Phường Xuân")
    return unit


def official(unit: Unit, *roles: Role, name: str = "") -> User:
    """Return an official of the unit's office."""
    agency = Agency.objects.filter(unit=unit).first() or AgencyFactory(unit=unit)
    named = {"user__display_name": name} if name else {}
    found: Official = OfficialFactory(agency=agency, **named)
    for role in roles:
        GrantFactory(official=found, role=role, unit=unit)
    return found.user


def course(city: Unit, title: str, *roles: Role, **more: Any) -> Course:
    by = User.objects.filter(official__isnull=False).first() or official(city, R.ADMINISTRATOR)
    return Course.objects.create(
        title=title, roles=list(roles), material="Đọc ở https://example.vn", added_by=by, **more
    )


def attended(one: Course, user: User, by: User) -> None:
    Attendance.objects.create(
        course=one, official=user.official, attended_on=clock.today(), noted_by=by
    )


def page(name: str, *keys: object) -> str:
    return reverse(f"admin:office_{name}", args=keys)


def press(client: Client, one: Course, user: User, **more: str) -> Any:
    said = {"official": str(user.pk), "attended_on": clock.today().isoformat()} | more
    return client.post(page("course_note", one.public_id), said, follow=True)


# ----------------------------------------------------------------------------------------- shares
def test_trained_is_who_attended_all_that_is_needed_today(city: Unit, ward: Unit) -> None:
    head = official(ward, R.HEAD_OF_UNIT)
    both, one_of_two, none, leaver = (official(ward, R.CASE_OFFICER) for _turn in range(4))
    counter, log = course(city, "Một cửa", R.CASE_OFFICER), course(city, "Dữ liệu", R.CASE_OFFICER)
    course(city, "Cũ", R.CASE_OFFICER, closed_on=clock.today())
    for user, courses in ((both, (counter, log)), (one_of_two, (counter,)), (leaver, ())):
        for attends in courses:
            attended(attends, user, head)
    User.objects.filter(pk=leaver.pk).update(is_active=False)

    (share,) = shares_trained(units=Unit.objects.all(), day=clock.today())

    # The head needs no course, the leaver is gone: three are counted.
    assert (share.unit, share.trained, share.needed, share.percent) == (ward, 1, 3, 33.3)
    assert none.official.attendances.count() == 0


def test_the_shares_take_as_many_queries_for_more_people(city: Unit, ward: Unit) -> None:
    counter = course(city, "Một cửa", R.RECEPTIONIST)
    by = official(ward, R.HEAD_OF_UNIT)
    for _turn in range(6):
        attended(counter, official(UnitFactory(parent=city), R.RECEPTIONIST), by)

    with CaptureQueriesContext(connection) as asked:
        shares = shares_trained(units=Unit.objects.all(), day=clock.today())

    assert len(shares) == 6
    assert len(asked) <= 4


def test_heads_read_their_own_unit_and_leaders_all(city: Unit, ward: Unit) -> None:
    other: Unit = UnitFactory(parent=city, name_vi=f"Phường {CANARY}")
    course(city, "Một cửa", R.RECEPTIONIST)
    for unit in (ward, other):
        official(unit, R.RECEPTIONIST, name=f"Người {unit.name_vi}")
    head, leader = official(ward, R.HEAD_OF_UNIT), official(city, R.PROVINCIAL_LEADER)

    for address in (page("training"), page("training_file")):
        assert CANARY not in signed_in(head).get(address).content.decode()
        told = signed_in(leader).get(address).content.decode()
        assert CANARY in told
        assert "Phường Xuân" in told
    rows = list(
        csv.reader(
            io.StringIO(signed_in(head).get(page("training_file")).content.decode("utf-8-sig"))
        )
    )
    assert rows[1] == ["Phường Xuân", "0", "1", "0.0"]


def test_others_see_their_courses_and_no_figures(city: Unit, ward: Unit) -> None:
    user = official(ward, R.RECEPTIONIST)
    mine = course(city, "Tiếp nhận hồ sơ", R.RECEPTIONIST)
    course(city, "Ban hành quy tắc", R.APPROVER)
    attended(mine, user, official(ward, R.HEAD_OF_UNIT))
    client = signed_in(user)

    html = client.get(page("training")).content.decode()

    assert "Tiếp nhận hồ sơ" in html
    assert f"{clock.today():%d/%m/%Y}" in html
    assert "Ban hành quy tắc" not in html
    assert page("training_file") not in html
    assert len(client.get(page("training_file")).content.decode().splitlines()) == 1  # headings
    assert 'rel="nofollow"' in client.get(page("course", mine.public_id)).content.decode()


# ------------------------------------------------------------------------------------- attendance
def test_the_head_notes_attendance_and_takes_it_back(city: Unit, ward: Unit) -> None:
    head, user = official(ward, R.HEAD_OF_UNIT), official(ward, R.RECEPTIONIST)
    one = course(city, "Một cửa", R.RECEPTIONIST)
    client = signed_in(head)

    press(client, one, user)
    press(client, one, user)  # a double press writes one row

    noted = Attendance.objects.get()
    assert (noted.official, noted.noted_by) == (user.official, head)
    press(client, one, user, press="take_back")
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("day", ["", "x", (date.max).isoformat()])
def test_no_day_that_has_not_come(city: Unit, ward: Unit, day: str) -> None:
    user, one = official(ward, R.RECEPTIONIST), course(city, "Một cửa", R.RECEPTIONIST)

    press(signed_in(official(ward, R.HEAD_OF_UNIT)), one, user, attended_on=day)

    assert not Attendance.objects.exists()


def test_nobody_notes_their_own(city: Unit, ward: Unit) -> None:
    head = official(ward, R.HEAD_OF_UNIT)
    one = course(city, "Ký duyệt", R.HEAD_OF_UNIT)

    html = press(signed_in(head), one, head).content.decode()

    assert "Không ai tự ghi nhận" in html
    assert not Attendance.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        attended(one, head, head)


def test_nobody_of_another_unit_nor_without_need(city: Unit, ward: Unit) -> None:
    there = official(UnitFactory(parent=city), R.RECEPTIONIST, name=f"Bà {CANARY}")
    here = official(ward, R.CASE_OFFICER)
    one = course(city, "Một cửa", R.RECEPTIONIST)
    client = signed_in(official(ward, R.HEAD_OF_UNIT))

    for user in (there, here):
        assert press(client, one, user).status_code == 404
    assert press(client, one, here, official="x").status_code == 404
    assert CANARY not in client.get(page("course", one.public_id)).content.decode()
    assert press(signed_in(here), one, there).status_code == 403
    assert not Attendance.objects.exists()


# ---------------------------------------------------------------------------------------- courses
def added(client: Client, **other: Any) -> Any:
    said = {"title": "Một cửa", "role": ["receptionist"], "material": "Hội trường, 14 giờ."}
    return client.post(page("course_add"), said | other)


def test_an_administrator_adds_and_closes(city: Unit, ward: Unit) -> None:
    client = signed_in(official(city, R.ADMINISTRATOR))

    response = added(client, role=["case_officer", "receptionist", "nonsense"])

    one = Course.objects.get()
    assert response["Location"] == page("course", one.public_id)
    assert one.roles == ["receptionist", "case_officer"]
    client.post(page("course_close", one.public_id))
    one.refresh_from_db()
    assert one.closed_on == clock.today()
    official(ward, R.RECEPTIONIST)
    assert shares_trained(units=Unit.objects.all(), day=clock.today()) == []
    assert shares_trained(units=Unit.objects.all(), day=clock.today() - timedelta(days=1)) != []


@pytest.mark.parametrize("wrong", [{"title": " "}, {"role": []}, {"role": ["x"]}, {"material": ""}])
def test_a_course_of_nothing_or_for_nobody(city: Unit, wrong: dict[str, Any]) -> None:
    added(signed_in(official(city, R.ADMINISTRATOR)), **wrong)

    assert not Course.objects.exists()


def test_courses_are_the_whole_provinces(city: Unit, ward: Unit) -> None:
    one = course(city, "Một cửa", R.RECEPTIONIST)

    for user in (official(ward, R.ADMINISTRATOR), official(city, R.HEAD_OF_UNIT)):
        client = signed_in(user)
        added(client)
        client.post(page("course_close", one.public_id))

    one.refresh_from_db()
    assert (Course.objects.count(), one.closed_on) == (1, None)


# -------------------------------------------------------------------------------------- first day
@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_first_day_on_pages_that_open_for_it(role: Role) -> None:
    tasks = TASKS[role]

    assert 5 <= len(tasks) <= 8
    assert len({task.page for task in tasks}) == len(tasks)
    for task in tasks:
        assert task.address.startswith("/")
        if task.page.startswith("admin:"):
            assert role in (doors.roles_needed(task.page.removeprefix("admin:")) or ()), task.page


def test_the_page_shows_the_roles_held(ward: Unit) -> None:
    html = signed_in(official(ward, R.RECEPTIONIST)).get(page("first_day")).content.decode()

    for task in TASKS[R.RECEPTIONIST]:
        assert f'href="{task.address}"' in html
    assert reverse("admin:office_directives") not in html.split('class="desk"')[1]
