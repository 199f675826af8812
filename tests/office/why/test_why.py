"""Why me, why not, for officials: what each rule answers, for whom they may ask, and the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role, ViewPurpose
from citizens.models import AccessLog, Citizen, Unit
from portal.common import clock
from procedures.models import Rule, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
)
from tests.factories.procedures import ProcedureVersionFactory, version_of
from tests.office.places import Place, make_place, signed_in
from tests.office.why.scene import page, poor_household, rule_page, scan_today, search, text

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
LICENCE = "driving_licence_renewal"


@pytest.fixture
def client(here: Place) -> Client:
    return signed_in(here.user)


# ------------------------------------------------------------------------------- what is told
def test_a_rule_is_told_condition_by_condition(here: Place, client: Client) -> None:
    html = text(client.get(rule_page(here.citizen, LICENCE)))

    assert "Đang chờ người dân trả lời" in html
    assert "Có giấy tờ hết hạn" in html
    assert "hết hạn ngày" in html
    assert "tính đến" in html
    assert "Đang sinh sống (có trụ sở) tại địa bàn" in html
    assert here.unit.name_vi in html


def test_all_rules_stand_in_groups(here: Place, client: Client) -> None:
    version_of("passport_issue")
    ProcedureVersionFactory(procedure__key="passport_issue")

    groups = dict(client.get(page(here.citizen)).context["groups"])

    told = {str(title): [row.rule.key for row in rows] for title, rows in groups.items()}
    assert told["Đang được đề xuất"] == [LICENCE]
    assert "passport_issue" in told["Không đề xuất"]


def test_a_stopped_rule_says_so(here: Place, client: Client) -> None:
    Suggestion.objects.all().delete()
    Rule.objects.filter(key=LICENCE).update(is_active=False)

    html = text(client.get(rule_page(here.citizen, LICENCE)))

    assert "Quy tắc đã bị cán bộ dừng" in html


def test_what_is_told_agrees_with_the_scan(here: Place, client: Client) -> None:
    """Whoever is told to be offered something by the next scan gets it, and nobody else."""
    Suggestion.objects.all().delete()
    today = clock.today()
    people = [CitizenFactory(unit=here.unit) for _ in range(6)]
    for number, person in enumerate(people):
        day = today.replace(year=today.year - 9)
        CredentialFactory(
            holder=person, issued_on=day, expires_on=today + timedelta(days=40 * number)
        )
    Citizen.objects.filter(pk=people[0].pk).update(died_on=today)

    told = {person.pk: _offered(client, person) for person in people}
    scan_today()

    assert told == {
        person.pk: Suggestion.objects.filter(subject=person.pk).exists() for person in people
    }
    assert set(told.values()) == {True, False}


def _offered(client: Client, person: Citizen) -> bool:
    return str(client.get(rule_page(person, LICENCE)).context["told"].sign.words) == "Đang đề xuất"


def test_the_page_costs_the_same_whatever_is_known(here: Place, client: Client) -> None:
    version_of("passport_issue")
    poor = CitizenFactory(unit=here.unit)
    rich = CitizenFactory(unit=here.unit)
    for _ in range(4):
        CredentialFactory(holder=rich)
        CredentialFactory(holder=rich, kind="passport")
    client.get(page(poor))
    with CaptureQueriesContext(connection) as few:
        client.get(page(poor))

    with CaptureQueriesContext(connection) as many:
        client.get(page(rich))

    assert abs(len(many) - len(few)) <= 3  # who is told and which suggestions: where facts are


# ------------------------------------------------------------------------------ who may ask
def test_a_number_on_a_card_leads_to_the_person(here: Place, client: Client) -> None:
    assert client.post(search(), {"q": here.citizen.pin})["Location"] == page(here.citizen)
    found = client.post(search(LICENCE), {"q": here.citizen.pin})
    assert found["Location"] == rule_page(here.citizen, LICENCE)


def test_words_lead_to_the_list_of_people(here: Place, client: Client) -> None:
    location = client.post(search(), {"q": "Trần Lan"})["Location"]

    assert location.startswith(reverse("admin:citizens_citizen_changelist"))


def test_people_of_other_units_do_not_exist(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)

    for address in (page(elsewhere.citizen), rule_page(elsewhere.citizen, LICENCE)):
        assert client.get(address).status_code == 404
    answer = client.post(search(), {"q": elsewhere.citizen.pin})
    assert answer["Location"] == search()
    assert not AccessLog.objects.filter(
        actor=here.user, subject_ids__contains=[elsewhere.citizen.pk]
    ).exists()


@pytest.mark.parametrize("role", [Role.CATALOGUE_EDITOR, Role.AUDITOR, Role.OPERATOR])
def test_without_the_desk_of_people_nobody_asks(city: Unit, here: Place, role: Role) -> None:
    official = OfficialFactory(agency=here.agency)
    GrantFactory(official=official, role=role, unit=city)
    client = signed_in(official.user)

    for address in (search(), page(here.citizen), rule_page(here.citizen, LICENCE)):
        assert client.get(address).status_code == 403


def test_what_does_not_exist_is_not_found(here: Place, client: Client) -> None:
    nobody = reverse("admin:office_why_person", args=[uuid4()])

    assert client.get(nobody).status_code == 404
    assert client.get(rule_page(here.citizen, "no_such_rule")).status_code == 404


def test_the_pages_of_a_person_and_of_a_rule_lead_here(here: Place, client: Client) -> None:
    person = reverse("admin:citizens_citizen_change", args=[here.citizen.pk])
    rule = reverse("admin:procedures_rule_change", args=[Rule.objects.get(key=LICENCE).pk])

    assert page(here.citizen) in text(client.get(person))
    assert search(LICENCE) in text(client.get(rule))


# ------------------------------------------------------------------------------------ the log
@pytest.mark.parametrize("address", [page, lambda person: rule_page(person, LICENCE)])
def test_each_look_is_one_row(address: Any, here: Place, client: Client) -> None:
    before = AccessLog.objects.count()

    client.get(address(here.citizen))

    (row,) = AccessLog.objects.order_by("pk")[before:]
    assert row.subject_ids == [here.citizen.pk]
    assert row.purpose == ViewPurpose.SUPPORT
    assert "rule_answers" in row.fields


def test_whoever_is_told_is_named_and_logged(here: Place, client: Client) -> None:
    """The mother is told for her child of thirteen: both are on the page, and in the log."""
    child = here.citizen.relatives.get().relative
    version_of("passport_issue")
    ProcedureVersionFactory(procedure__key="passport_issue")
    CredentialFactory(holder=child, kind="passport", expires_on=clock.today() + timedelta(days=30))
    AuthorityFactory(actor=here.citizen, for_party=child.party)

    html = text(client.get(rule_page(child, "passport_issue")))

    assert here.citizen.full_name in html
    row = AccessLog.objects.latest("pk")
    assert set(row.subject_ids) == {child.pk, here.citizen.pk}


# ------------------------------------------------------------------------------ sensitive data
def test_poverty_is_hidden_until_a_reason_is_given(city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(Role.DATA_STEWARD,))
    person = poor_household(place)
    client = signed_in(place.user)

    listed = text(client.get(page(person)))
    hidden = client.get(rule_page(person, "poor_household_annual_review"))
    before = AccessLog.objects.count()
    opened = client.post(
        rule_page(person, "poor_household_annual_review"),
        {"purpose": ViewPurpose.DATA_QUALITY, "code": ""},
    )

    assert "Đã che" in listed
    assert hidden.context["is_hidden"]
    assert hidden.context["told"].facts == []
    assert opened.context["told"].facts or opened.context["told"].nothing
    (row,) = AccessLog.objects.order_by("pk")[before:]
    assert "poverty_status" in row.fields
    assert row.purpose == ViewPurpose.DATA_QUALITY


def test_who_may_not_open_it_is_refused(city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(Role.RECEPTIONIST,))
    person = poor_household(place)
    client = signed_in(place.user)
    address = rule_page(person, "poor_household_annual_review")

    html = client.get(address)
    refused = client.post(address, {"purpose": ViewPurpose.DATA_QUALITY, "code": ""})

    assert html.context["form"] is None
    assert "Vai trò của ông/bà không được mở" in text(html)
    assert refused.status_code == 403


def test_a_case_officer_needs_a_dossier_that_asks(city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(Role.CASE_OFFICER,))
    person = poor_household(place)
    address = rule_page(person, "poor_household_annual_review")

    answer = signed_in(place.user).post(
        address, {"purpose": ViewPurpose.DOSSIER, "code": place.dossier.code}
    )

    assert answer.status_code == 422
    assert answer.context["is_hidden"]
