"""Whom a rehearsal means, by name: in the official's own units, a week at a time, logged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, Citizen, Unit
from portal.common import clock
from portal.office import rehearsal_people
from procedures.models import RehearsalRun, Suggestion
from procedures.services.record_rehearsal import ask_rehearsal, carry_out_rehearsal
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.procedures import SuggestionFactory, version_of
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def ward(city: Unit) -> Unit:
    unit: Unit = UnitFactory(parent=city, name_vi="Phường Hải Châu")
    return unit


def client_of(role: Role, unit: Unit) -> Client:
    return signed_in(GrantFactory(official=OfficialFactory(), role=role, unit=unit).official.user)


def in_weeks(weeks: int) -> date:
    """Return a Wednesday so many weeks ahead."""
    today = clock.today()
    return today + timedelta(days=2 - today.weekday() + 7 * weeks)


def licensed(unit: Unit, opens_on: date, **values: Any) -> Citizen:
    """Return the holder of a licence of which the rule would tell from `opens_on` on."""
    holder: Citizen = CitizenFactory(unit=unit, **values)
    CredentialFactory(holder=holder, expires_on=opens_on + timedelta(days=90))
    return holder


def rehearsal(key: str = "driving_licence_renewal") -> RehearsalRun:
    today = clock.today()
    run = ask_rehearsal(
        version=version_of(key),
        first=today,
        last=today + timedelta(days=120),
        by=UserFactory(of_official=True),
        now=clock.now(),
    )
    return carry_out_rehearsal(run=run, now=clock.now())


def page(run: RehearsalRun, day: date | str, name: str = "office_rehearsal_people") -> str:
    return f"{reverse(f'admin:{name}', args=[run.pk])}?week={day}"


def test_a_week_is_named_within_the_officials_units(ward: Unit) -> None:
    # Given one here in that week, one here in the next, and one elsewhere
    week = in_weeks(3)
    mine = licensed(ward, week, given_name="Sơn Ca")
    licensed(ward, week + timedelta(days=7), given_name="Vàng Anh")
    licensed(UnitFactory(), week, given_name="Họa Mi")
    run = rehearsal()

    # When a case officer of the ward opens the week
    html = client_of(Role.CASE_OFFICER, ward).get(page(run, week)).content.decode()

    # Then it names the first alone, and that look is in the log
    assert [name in html for name in ("Sơn Ca", "Vàng Anh", "Họa Mi")] == [True, False, False]
    look = AccessLog.objects.get()
    assert (look.subject_ids, look.reference) == ([mine.pk], f"rehearsal:{run.pk}")
    assert not Suggestion.objects.exists()


def test_the_weeks_together_are_what_the_figures_count(city: Unit, ward: Unit) -> None:
    for number in range(12):
        licensed(ward, clock.today() + timedelta(days=9 * number - 20))
    run = rehearsal()
    client = client_of(Role.CASE_OFFICER, city)

    counted = {date.fromisoformat(day): matters for day, _u, matters, _m in run.figures["lines"]}
    for monday, matters in counted.items():
        rows = client.get(page(run, monday)).context["page"].paginator.count
        assert rows == matters, monday
    assert sum(counted.values()) == 12


def test_a_child_hears_through_who_acts_for_it(ward: Unit) -> None:
    opens_on = in_weeks(2)
    birthday = opens_on + timedelta(days=60)
    born = birthday.replace(year=birthday.year - 14)
    child = CitizenFactory(unit=ward, birth_date=born, given_name="Chích Chòe")
    AuthorityFactory(actor=CitizenFactory(unit=ward, age=40), for_party=child.party)
    run = rehearsal("identity_card_first_issue_14")

    html = client_of(Role.CASE_OFFICER, ward).get(page(run, opens_on)).content.decode()

    assert "Chích Chòe" in html
    assert "1 người đại diện" in html


def test_the_week_as_a_file_is_logged_too(ward: Unit) -> None:
    week = in_weeks(3)
    holder = licensed(ward, week, given_name="Sơn Ca")
    run = rehearsal()

    address = page(run, week, "office_rehearsal_people_file")
    text = client_of(Role.CASE_OFFICER, ward).get(address).content.decode("utf-8-sig")

    assert text.splitlines()[1].endswith(
        f"Sơn Ca,Phường Hải Châu,{week},{week + timedelta(days=90)},Có,trực tiếp"
    )
    assert AccessLog.objects.get().subject_ids == [holder.pk]


def test_a_list_too_long_for_a_file_is_refused(ward: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    week = in_weeks(3)
    for _ in range(2):
        licensed(ward, week)
    run = rehearsal()
    monkeypatch.setattr(rehearsal_people, "MOST_IN_FILE", 1)

    address = page(run, week, "office_rehearsal_people_file")
    answer = client_of(Role.CASE_OFFICER, ward).get(address)

    assert answer.status_code == 302
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CASE_OFFICER, 200),
        (Role.HEAD_OF_UNIT, 200),
        (Role.APPROVER, 403),
        (Role.CATALOGUE_EDITOR, 403),
        (Role.PROVINCIAL_LEADER, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_who_decides_about_rules_sees_counts_and_no_names(
    role: Role, status: int, city: Unit
) -> None:
    run = rehearsal()

    assert client_of(role, city).get(page(run, clock.today())).status_code == status


@pytest.mark.parametrize("day", ["", "2020-01-06", "2099-01-05", "gestern"])
def test_a_week_outside_the_period_is_not_found(day: str, ward: Unit) -> None:
    run = rehearsal()

    answer = client_of(Role.CASE_OFFICER, ward).get(page(run, day))

    assert answer.status_code == (404 if day else 200)


def test_a_draft_that_changed_since_has_no_list(ward: Unit) -> None:
    run = rehearsal()
    RehearsalRun.objects.filter(pk=run.pk).update(definition_sha256="0" * 64)

    answer = client_of(Role.CASE_OFFICER, ward).get(page(run, clock.today()))

    assert answer.status_code == 404


def test_whom_a_rule_about_poverty_means_is_in_no_list(ward: Unit) -> None:
    # Given a rehearsal of such a rule, and what it opened for somebody
    run = rehearsal("poor_household_annual_review")
    SuggestionFactory(
        rule_version=run.rule_version, citizen=CitizenFactory(unit=ward, full_name="Lê Sơn Ca")
    )
    client = client_of(Role.CASE_OFFICER, ward)

    # When people are asked for, in each way
    named = [page(run, clock.today(), f"office_rehearsal_people{end}") for end in ("", "_file")]
    desk = client.get(reverse("admin:procedures_suggestion_changelist"))

    # Then nobody is named
    assert [client.get(address).status_code for address in named] == [403, 403]
    assert desk.status_code == 200
    assert "Sơn Ca" not in desk.content.decode()
