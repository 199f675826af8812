"""A directive from a leader to an office, its explanation and its end; others do not see it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Agency, Official, Unit, User
from dossiers.enums import Status
from dossiers.models import Dossier
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.models import CountedDossier
from portal.reporting.overdue.directing import (
    accept_directive,
    explain_directive,
    give_directive,
    send_back,
)
from portal.reporting.overdue.enums import DirectiveState
from portal.reporting.overdue.models import Directive, DirectiveStep
from portal.reporting.services.count_dossiers import count_dossiers
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory, UnitFactory
from tests.factories.dossiers import DossierFactory
from tests.office.places import make_house, signed_in

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
TODAY, NEXT_WEEK = NOW.date(), date(2026, 11, 27)
Words = dict[str, Any]


@pytest.fixture(autouse=True)
def _today() -> Any:
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
    """Return an official of an agency with one role over a unit."""
    official: Official = OfficialFactory(agency=agency)
    GrantFactory(official=official, role=role, unit=unit)
    return official.user


@pytest.fixture
def leader(city: Unit) -> User:
    return person(AgencyFactory(kind__key="ubnd_tinh", unit=city), Role.PROVINCIAL_LEADER, city)


@pytest.fixture
def head(office: Agency) -> User:
    return person(office, Role.HEAD_OF_UNIT, office.unit)


def overdue(agency: Agency, due: str = "2026-11-10", assignee: Official | None = None) -> Dossier:
    """Return a counted dossier of the office that is beyond its last day."""
    dossier: Dossier = DossierFactory(
        competent=agency, unit=agency.unit, status=Status.PROCESSING, ledgers=False
    )
    dossier.due_on, dossier.assignee = date.fromisoformat(due), assignee
    dossier.save()
    count_dossiers([dossier.pk])
    return dossier


def given(agency: Agency, leader: User, *dossiers: Dossier, due_on: date = NEXT_WEEK) -> Directive:
    """Return a directive about dossiers of an office, or about a new one."""
    found = dossiers or (overdue(agency),)
    return give_directive(
        agency=agency,
        dossiers=[one.pk for one in found],
        user=leader,
        words="Giải trình vì sao quá hạn.",
        due_on=due_on,
        now=NOW,
    )


def answered(directive: Directive, head: User) -> Directive:
    return explain_directive(
        directive=directive, user=head, version=directive.version, words="Chờ xác minh.", now=NOW
    )


def test_from_giving_to_done_each_step_has_its_time_and_person(
    office: Agency, leader: User, head: User
) -> None:
    row = given(office, leader, overdue(office), overdue(office))
    row = answered(row, head)
    row = send_back(
        directive=row,
        user=leader,
        version=row.version,
        words="Nêu rõ ngày xong.",
        due_on=NEXT_WEEK + timedelta(days=3),
        now=NOW + timedelta(hours=1),
    )
    assert (row.state, row.due_on) == (DirectiveState.OPEN, NEXT_WEEK + timedelta(days=3))
    row = answered(row, head)
    row = accept_directive(directive=row, user=leader, version=row.version, words="", now=NOW)

    assert row.state == DirectiveState.DONE
    assert row.dossiers.count() == 2
    said = row.steps.order_by("pk").values_list("act", "by", "words")
    assert list(said) == [
        ("given", leader.pk, "Giải trình vì sao quá hạn."),
        ("explained", head.pk, "Chờ xác minh."),
        ("sent_back", leader.pk, "Nêu rõ ngày xong."),
        ("explained", head.pk, "Chờ xác minh."),
        ("accepted", leader.pk, ""),
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"words": " "}, "Hãy viết rõ"),
        ({"words": "x" * 2_001}, "không quá 2000"),
        ({"due_on": TODAY - timedelta(days=1)}, "Hãy nêu một ngày"),
        ({"due_on": TODAY + timedelta(days=367)}, "Hãy nêu một ngày"),
        ({"due_on": None}, "Hãy nêu một ngày"),
        ({"dossiers": []}, "Hãy chọn trong các hồ sơ"),
    ],
)
def test_what_says_nothing_is_refused(
    office: Agency, leader: User, head: User, changed: Words, why: str
) -> None:
    said: Words = {"dossiers": [overdue(office).pk], "words": "Vì sao?", "due_on": NEXT_WEEK}

    with pytest.raises(RefusedError, match=why):
        give_directive(agency=office, user=leader, now=NOW, **(said | changed))

    assert Directive.objects.count() == 0


def test_only_who_leads_the_unit_gives_one(city: Unit, office: Agency, head: User) -> None:
    other_ward = UnitFactory(parent=city)
    elsewhere = person(AgencyFactory(unit=other_ward), Role.PROVINCIAL_LEADER, other_ward)
    dossier = overdue(office)

    for user in (head, elsewhere, person(office, Role.CASE_OFFICER, city)):
        with pytest.raises(RefusedError):
            given(office, user, dossier)


def test_an_office_without_a_head_is_not_asked(office: Agency, leader: User) -> None:
    person(office, Role.CASE_OFFICER, office.unit)

    with pytest.raises(RefusedError, match="người đứng đầu"):
        given(office, leader)


def test_a_dossier_is_asked_about_once_at_a_time_and_only_of_its_own_office(
    city: Unit, office: Agency, leader: User, head: User
) -> None:
    other = AgencyFactory(unit=UnitFactory(parent=city))
    dossier, foreign, in_time = overdue(office), overdue(other), overdue(office, "2026-12-30")
    row = given(office, leader, dossier)

    for one in (dossier, foreign, in_time):
        with pytest.raises(RefusedError):
            given(office, leader, one)

    row = answered(row, head)
    accept_directive(directive=row, user=leader, version=row.version, words="Được", now=NOW)
    assert given(office, leader, dossier).pk != row.pk


def test_nobody_but_the_head_of_that_office_explains(
    city: Unit, office: Agency, leader: User, head: User
) -> None:
    row = given(office, leader)
    police = AgencyFactory(kind__key="cong_an_xa", unit=office.unit)
    others = (
        leader,
        person(office, Role.CASE_OFFICER, office.unit),
        person(police, Role.HEAD_OF_UNIT, office.unit),
        person(AgencyFactory(unit=UnitFactory(parent=city)), Role.HEAD_OF_UNIT, city),
    )

    for user in others:
        with pytest.raises(RefusedError):
            answered(row, user)

    assert row.steps.count() == 1


def test_who_explained_does_not_accept_and_a_stale_page_changes_nothing(
    city: Unit, office: Agency, leader: User, head: User
) -> None:
    row = given(office, leader)
    with pytest.raises(StaleVersionError):  # nothing is explained yet
        accept_directive(directive=row, user=leader, version=row.version, words="", now=NOW)
    row = answered(row, head)
    GrantFactory(official=head.official, role=Role.PROVINCIAL_LEADER, unit=city)

    with pytest.raises(RefusedError):
        accept_directive(directive=row, user=head, version=row.version, words="", now=NOW)
    with pytest.raises(StaleVersionError):
        accept_directive(directive=row, user=leader, version=row.version - 1, words="", now=NOW)


def test_a_word_that_was_said_stays(office: Agency, leader: User, head: User) -> None:
    given(office, leader)

    for change in (
        lambda: DirectiveStep.objects.update(words="Khác"),
        lambda: DirectiveStep.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def page(row: Directive, name: str = "office_directive") -> str:
    return reverse(f"admin:{name}", args=[row.public_id])


def test_the_whole_way_on_the_pages(office: Agency, leader: User, head: User) -> None:
    mine, left = overdue(office), overdue(office, "2026-11-12")
    chief, unit_head = signed_in(leader), signed_in(head)
    assert reverse("admin:office_directive_new", args=[office.code]) in _text(
        chief.get(reverse("admin:office_directives"))
    )
    answer = chief.post(
        reverse("admin:office_directive_new", args=[office.code]),
        {"dossier": [str(mine.public_id), "x"], "words": "Vì sao?", "due_on": "2026-11-25"},
    )
    row = Directive.objects.get()
    assert answer.headers["Location"] == page(row)
    assert list(row.dossiers.all()) == [mine]
    fresh = _text(chief.get(reverse("admin:office_directive_new", args=[office.code])))
    assert left.code in fresh
    assert mine.code not in fresh

    assert "1 chỉ đạo về hồ sơ quá hạn" in _text(unit_head.get(reverse("admin:index")))
    assert "Giải trình" in _text(unit_head.get(page(row)))
    sent = {"act": "explained", "words": "Chờ xác minh.", "version": row.version}
    unit_head.post(page(row, "office_directive_act"), sent)
    assert "1 giải trình" in _text(chief.get(reverse("admin:index")))
    row.refresh_from_db()
    chief.post(page(row, "office_directive_act"), {"act": "accepted", "version": row.version})
    row.refresh_from_db()

    assert row.state == DirectiveState.DONE
    assert "Chờ xác minh." in _text(chief.get(page(row)))


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_refusals_are_told_and_what_was_typed_stays(
    office: Agency, leader: User, head: User
) -> None:
    overdue(office)
    sent = {"words": "Vì sao chậm?", "due_on": "2026-11-01"}

    shown = signed_in(leader).post(reverse("admin:office_directive_new", args=[office.code]), sent)

    assert "Vì sao chậm?" in _text(shown)
    assert Directive.objects.count() == 0


def test_what_another_unit_was_asked_does_not_exist(
    city: Unit, office: Agency, leader: User, head: User
) -> None:
    row = given(office, leader)
    other_ward = UnitFactory(parent=city)
    other = AgencyFactory(kind__key="ubnd_xa", unit=other_ward)
    police = AgencyFactory(kind__key="cong_an_xa", unit=office.unit)
    foreign = (
        person(other, Role.HEAD_OF_UNIT, other_ward),
        person(other, Role.PROVINCIAL_LEADER, other_ward),
        person(police, Role.CASE_OFFICER, office.unit),
    )

    for user in foreign:
        client = signed_in(user)
        assert str(row.public_id) not in _text(client.get(reverse("admin:office_directives")))
        told = _text(client.get(reverse("admin:office_directives_file")))
        assert "Giải trình vì sao" not in told
        assert client.get(page(row)).status_code == 404
        sent = {"act": "explained", "words": "x", "version": row.version}
        assert client.post(page(row, "office_directive_act"), sent).status_code == 404
    assert row.steps.count() == 1


def test_a_leader_elsewhere_cannot_open_the_form_for_this_office(
    city: Unit, office: Agency
) -> None:
    other_ward = UnitFactory(parent=city)
    elsewhere = person(AgencyFactory(unit=other_ward), Role.PROVINCIAL_LEADER, other_ward)
    address = reverse("admin:office_directive_new", args=[office.code])

    assert signed_in(elsewhere).get(address).status_code == 403
    assert signed_in(elsewhere).get(address.replace(office.code, "x")).status_code == 404


def test_an_officer_whose_dossier_it_is_sees_it_on_the_first_page(
    office: Agency, leader: User, head: User
) -> None:
    officer = person(office, Role.CASE_OFFICER, office.unit)
    colleague = person(office, Role.CASE_OFFICER, office.unit)
    given(office, leader, overdue(office, assignee=officer.official))

    assert "1 chỉ đạo" in _text(signed_in(officer).get(reverse("admin:index")))
    assert "chỉ đạo về" not in _text(signed_in(colleague).get(reverse("admin:index")))


def test_what_is_late_stands_on_its_own_and_in_the_file(
    office: Agency, leader: User, head: User
) -> None:
    late = given(office, leader, due_on=TODAY)
    settled = overdue(office)
    given(office, leader, settled)
    CountedDossier.objects.filter(pk=settled.pk).update(due_on=date(2026, 12, 30))

    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        client = signed_in(leader)
        shown = _text(client.get(reverse("admin:office_directives") + "?shown=late"))
        told = _text(client.get(reverse("admin:office_directives_file"))).removeprefix("\ufeff")

    assert str(late.public_id) in shown
    rows = list(csv.reader(io.StringIO(told)))
    assert [(row[1], row[3], row[4]) for row in rows[1:]] == [
        ("trễ hạn", "1", "1"),
        ("", "1", "0"),
    ]


def test_the_list_asks_the_same_of_many_as_of_few(
    office: Agency, leader: User, head: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        given(office, leader)
    client: Client = signed_in(leader)
    client.get(reverse("admin:office_directives"))

    with django_assert_max_num_queries(20):
        client.get(reverse("admin:office_directives"))
