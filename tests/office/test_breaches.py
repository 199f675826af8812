"""Incidents of personal data: how they are written down, whose data it was, and who may see it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import BreachAct, Role, ViewPurpose
from citizens.models import AccessLog, Agency, Breach, BreachStep, Citizen, Official, Unit, User
from citizens.selectors.breaches import affected_by
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from portal.common.db_roles import APP_ROLE
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    RegisterFactory,
    RegisterRecordFactory,
    UnitFactory,
)
from tests.office.places import make_house, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
FRIDAY = datetime(2026, 11, 27, 9, tzinfo=CIVIL_ZONE)
A = BreachAct


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def city(db: None) -> Unit:
    return make_house()


@pytest.fixture
def ward(city: Unit) -> Unit:
    unit: Unit = UnitFactory(parent=city)
    return unit


def official(unit: Unit, role: Role) -> User:
    """Return an official with one role over a unit."""
    agency = Agency.objects.filter(unit=unit).first() or AgencyFactory(unit=unit)
    found: Official = OfficialFactory(agency=agency)
    GrantFactory(official=found, role=role, unit=unit)
    return found.user


@pytest.fixture
def steward(city: Unit) -> User:
    return official(city, Role.DATA_STEWARD)


@pytest.fixture
def client(steward: User) -> Client:
    return signed_in(steward)


@pytest.fixture
def nosy(ward: Unit) -> User:
    """An official whose looks turn out to be an incident."""
    return official(ward, Role.RECEPTIONIST)


def look(by: User, at: datetime, *people: Citizen, reference: str = "") -> None:
    """Let somebody have looked: the log keeps the database's time, so it is said here."""
    AccessLog.objects.create(
        actor=by,
        purpose=ViewPurpose.COUNTER,
        page="admin:citizens_citizen_changelist",
        fields=["full_name"],
        subject_ids=[one.pk for one in people],
        reference=reference,
        recorded_at=at,
    )


def made(**scope: Any) -> Breach:
    """Return an incident found an hour ago, of looks since the day before."""
    times = {"found_at": clock.now() - timedelta(hours=1), "since": clock.now() - timedelta(days=1)}
    return Breach.objects.create(title="Xem hồ sơ trái phép", **(times | scope))


def page(name: str, *keys: object) -> str:
    return reverse(f"admin:office_{name}", args=keys)


def press(client: Client, row: Breach, act: BreachAct, **more: str) -> str:
    """Press a step as the page offers it now; return what the next page says."""
    row.refresh_from_db()
    said = {"act": act, "version": str(row.version), "words": "Đã làm.", **more}
    response = client.post(page("breach_act", row.public_id), said, follow=True)
    return str(response.content.decode())


# ------------------------------------------------------------------------------ from open to end
def typed(nosy: User, **other: str) -> dict[str, str]:
    return {
        "title": "Xem hồ sơ trái phép",
        "words": "Một tài khoản xem nhiều người không có hồ sơ.",
        "found_at": "2026-11-27T08:00",
        "since": "2026-11-26T00:00",
        "account": nosy.username,
    } | other


def test_an_incident_is_written_down_and_runs(client: Client, nosy: User) -> None:
    response = client.post(page("breach_new"), typed(nosy))

    row = Breach.objects.get()
    assert response["Location"] == page("breach", row.public_id)
    assert row.found_at == FRIDAY - timedelta(hours=1)
    assert (row.actor, row.until, row.register) == (nosy, None, None)
    step = row.steps.get()
    assert (step.act, step.at) == (A.OPENED, row.found_at)
    for address in (page("breach", row.public_id), page("breaches"), reverse("admin:index")):
        html = client.get(address).content.decode()
        assert "Còn 71 giờ để báo" in html, address
        assert row.code in html
    assert "08:00 30/11/2026" in client.get(page("breaches")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": ""},
        {"account": "nobody-of-this-name"},
        {"address": "1.2.3"},
        {"found_at": ""},
        {"found_at": "2026-11-27T10:00"},
        {"since": "2026-11-27T08:30"},
        {"until": "2026-11-25T08:30"},
        {"until": "x"},
        {"title": " "},
        {"words": " "},
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_on_the_page(
    client: Client, nosy: User, wrong: dict[str, str]
) -> None:
    response = client.post(page("breach_new"), typed(nosy, **wrong))

    assert response.status_code == 200
    assert not Breach.objects.exists()
    assert 'value="2026-11-26T00:00"' in response.content.decode() or "since" in wrong


def test_late_stays_late_and_the_end_comes_last(client: Client, steward: User, nosy: User) -> None:
    row = made(actor=nosy)
    late = FRIDAY + timedelta(hours=74)

    assert "không còn thực hiện được" in press(client, row, A.CLOSED)
    press(client, row, A.CONTAINED)
    with time_machine.travel(late, tick=False):
        client = signed_in(steward)
        html = client.get(page("breach", row.public_id)).content.decode()
        assert "Chưa báo, đã trễ 3 giờ" in html
        html = press(client, row, A.REPORTED)
        assert "Đã báo, trễ 3 giờ" in html
        assert "không còn thực hiện được" in press(client, row, A.REPORTED)
        press(client, row, A.TOLD)
        press(client, row, A.NOTED)
        press(client, row, A.CLOSED)
        html = client.get(page("breach", row.public_id)).content.decode()
        listed = client.get(f"{page('breaches')}?shown=closed").content.decode()
        assert row.code not in client.get(reverse("admin:index")).content.decode()

    assert "Đã báo, trễ 3 giờ" in html
    assert "Đã báo, trễ 3 giờ" in listed
    assert 'name="act"' not in html
    assert [step.act for step in row.steps.all()] == [
        A.CONTAINED, A.REPORTED, A.TOLD, A.NOTED, A.CLOSED,
    ]  # fmt: skip


def test_a_step_says_when_it_was_done_and_when_written(client: Client, nosy: User) -> None:
    row = made(actor=nosy)

    html = press(client, row, A.REPORTED, at="2026-11-27T08:30")

    row.refresh_from_db()
    assert row.reported_at == FRIDAY - timedelta(minutes=30)
    assert "08:30 27/11/2026 (ghi lúc" in html


@pytest.mark.parametrize("at", ["2026-11-27T07:59", "2026-11-27T09:01", "x"])
def test_no_step_before_the_finding_or_in_the_future(client: Client, nosy: User, at: str) -> None:
    row = made(actor=nosy)

    press(client, row, A.CONTAINED, at=at)

    assert not row.steps.exists()


def test_an_old_page_and_an_unknown_step_write_nothing(client: Client, nosy: User) -> None:
    row = made(actor=nosy)

    assert "vừa thay đổi" in press(client, row, A.CONTAINED, version="7")
    assert client.post(page("breach_act", row.public_id), {"act": "x"}).status_code == 404
    assert not row.steps.exists()


def test_steps_are_never_changed(steward: User, nosy: User) -> None:
    row = made(actor=nosy)
    step = BreachStep.objects.create(
        breach=row, act=A.OPENED, by=steward, at=row.found_at, words="x"
    )

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
        for change in (
            "UPDATE citizens_breachstep SET words = 'y'",
            "DELETE FROM citizens_breachstep",
        ):
            with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
                cursor.execute(change.format("citizens_breachstep"))
        cursor.execute("RESET ROLE")
    step.refresh_from_db()
    assert step.words == "x"


# ------------------------------------------------------------------------------------ whose data
def names(row: Breach, **more: Any) -> set[int]:
    return set(affected_by(row, **more).values_list("pk", flat=True))


def test_the_looks_of_an_account_in_a_span(city: Unit, nosy: User) -> None:
    one, two, before, after, others = (CitizenFactory() for _turn in range(5))
    start, end = FRIDAY - timedelta(hours=3), FRIDAY - timedelta(hours=2)
    look(nosy, start - timedelta(seconds=1), before)
    look(nosy, start, one, two)
    look(nosy, end, two)
    look(nosy, end + timedelta(seconds=1), after)
    look(official(city, Role.AUDITOR), start, others)

    assert names(made(actor=nosy, since=start, until=end)) == {one.pk, two.pk}
    assert names(made(actor=nosy, since=start)) == {one.pk, two.pk, after.pk}


def test_the_people_whom_a_register_holds(nosy: User) -> None:
    register = RegisterFactory(code="XE")
    holder, subject, seen, nobody = (CitizenFactory() for _turn in range(4))
    own = CitizenFactory(register=register)
    CredentialFactory(holder=holder, register=register)
    for person in (subject, seen):
        RegisterRecordFactory(subject=person.party, register=register)
    look(nosy, FRIDAY - timedelta(hours=2), seen, nobody)

    everybody = {own.pk, holder.pk, subject.pk, seen.pk}
    assert names(made(register=register)) == everybody
    assert names(made(register=register, actor=nosy)) == {seen.pk}


def test_looks_from_an_address_are_those_of_its_sign_ins(client: Client, nosy: User) -> None:
    early, within, elsewhere = (CitizenFactory(given_name=one) for one in ("Sớm", "Giữa", "Khác"))
    session = UserSession.objects.create(
        user=nosy, ip="203.0.113.7", user_agent="x", session_key="k1", data={}
    )
    UserSession.objects.create(
        user=nosy, ip="203.0.113.8", user_agent="x", session_key="k2", data={}
    )
    UserSession.objects.filter(pk=session.pk).update(
        created_at=FRIDAY - timedelta(hours=3), last_seen_at=FRIDAY - timedelta(hours=2)
    )
    look(nosy, FRIDAY - timedelta(hours=4), early)
    look(nosy, FRIDAY - timedelta(hours=1, minutes=56), within)  # noted every five minutes only
    look(nosy, FRIDAY - timedelta(hours=1), elsewhere)

    html = client.get(page("breach_people", made(address="203.0.113.7").public_id)).content.decode()

    assert within.full_name in html
    assert early.full_name not in html
    assert elsewhere.full_name not in html


def test_handling_the_incident_is_no_part_of_it(steward: User) -> None:
    seen, handled = CitizenFactory(), CitizenFactory()
    row = made(actor=steward)
    look(steward, FRIDAY - timedelta(hours=2), seen)
    look(steward, FRIDAY, handled, reference=row.code)

    assert names(row) == {seen.pk}


def test_the_list_is_one_query_and_no_longer_one_with_more_people(nosy: User) -> None:
    row = made(actor=nosy, register=RegisterFactory(code="XE"))
    look(nosy, FRIDAY - timedelta(hours=2), *(CitizenFactory() for _turn in range(5)))

    with CaptureQueriesContext(connection) as asked:
        list(affected_by(row))

    assert len(asked) == 1


def test_the_page_and_the_file_name_them_and_log_each(client: Client, nosy: User) -> None:
    people = [CitizenFactory(current_address="=HYPERLINK(1)") for _turn in range(3)]
    look(nosy, FRIDAY - timedelta(hours=2), *people)
    row = made(actor=nosy)
    before = AccessLog.objects.count()

    html = client.get(page("breach_people", row.public_id)).content.decode()
    response = client.get(page("breach_people_file", row.public_id))
    text = b"".join(response).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert [one[0] for one in rows[1:]] == sorted(one.full_name for one in people)
    assert rows[1][3] == "'=HYPERLINK(1)"
    for one in people:
        assert one.full_name in html
        assert one.pin not in html + text
    looks = AccessLog.objects.order_by("pk")[before:]
    assert [set(one.subject_ids) for one in looks] == [{one.pk for one in people}] * 2
    assert {(one.reference, one.purpose) for one in looks} == {(row.code, ViewPurpose.AUDIT)}
    assert "no-store" in response["Cache-Control"]


def test_the_workbook_holds_the_rows_of_the_csv(client: Client, nosy: User) -> None:
    people = [CitizenFactory(current_address="=HYPERLINK(1)") for _turn in range(2)]
    look(nosy, FRIDAY - timedelta(hours=2), *people)
    row = made(actor=nosy)
    address = page("breach_people_file", row.public_id)

    text = b"".join(client.get(address)).decode("utf-8-sig")
    response = client.get(address, {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]

    rows = [[cell or "" for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert rows == list(csv.reader(io.StringIO(text)))
    assert rows[1][3] == "'=HYPERLINK(1)"
    assert response["Content-Disposition"] == f'attachment; filename="{row.code}.xlsx"'
    assert "no-store" in response["Cache-Control"]
    assert set(AccessLog.objects.latest("pk").subject_ids) == {one.pk for one in people}


def test_a_page_of_fifty(client: Client, nosy: User, django_assert_max_num_queries: Any) -> None:
    look(nosy, FRIDAY - timedelta(hours=2), *(CitizenFactory() for _turn in range(51)))
    row = made(actor=nosy)

    with django_assert_max_num_queries(14):
        html = client.get(page("breach_people", row.public_id)).content.decode()

    assert ">51<" in html
    assert len(AccessLog.objects.latest("pk").subject_ids) == 50


# ------------------------------------------------------------------------------------ who may see
def test_others_have_no_such_desk(city: Unit, ward: Unit, nosy: User) -> None:
    row = made(actor=nosy)
    pages = [page("breaches"), page("breach_new")]
    pages += [
        page(name, row.public_id) for name in ("breach", "breach_people", "breach_people_file")
    ]
    others = [official(city, role) for role in Role if role != Role.DATA_STEWARD]

    for user in (*others, official(ward, Role.DATA_STEWARD)):
        client = signed_in(user)
        for address in pages:
            assert client.get(address).status_code == 403, address
        posted = {"act": A.CONTAINED, "version": "1", "words": "x"}
        assert client.post(page("breach_act", row.public_id), posted).status_code == 403
        assert row.code not in client.get(reverse("admin:index")).content.decode()
    assert not row.steps.exists()
