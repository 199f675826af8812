"""Whose a suggestion is today, as the database shows it to that person's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import LifeEventKind
from citizens.models import Authority, Citizen, EventParty, HouseholdMember, Relation
from citizens.selectors import circle_of
from notifications.models import Topic
from portal.common import clock
from portal.common.row_security import only_rows_of
from procedures.models import Suggestion
from procedures.selectors import is_recipient, suggestion_for, suggestions_of, told_suggestions
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    RelationFactory,
)
from tests.factories.procedures import moment
from tests.procedures.detection.scene import catalogue_rule, event, scan

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 10)


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(moment(DAY), tick=False):
        yield


def person(**values: object) -> Citizen:
    return CitizenFactory(**{"birth_date": date(1990, 5, 5)} | values)


@contextmanager
def pages_of(citizen: Citizen) -> Iterator[None]:
    circle = circle_of(person=citizen.pk, day=clock.today())
    with only_rows_of(person=citizen.pk, parties=circle.parties, family=circle.family):
        yield


def sees(citizen: Citizen) -> list[int]:
    """Return what waits on the person's own page; the other selectors have to agree."""
    with pages_of(citizen):
        shown = [row.pk for row in suggestions_of(citizen=citizen, day=DAY)]
        assert [row.pk for row in told_suggestions(citizen=citizen, day=DAY)] == shown
        for row in Suggestion.objects.filter(pk__in=shown):
            assert suggestion_for(citizen=citizen, public_id=row.public_id) == row
    for row in Suggestion.objects.filter(recipients__citizen=citizen):
        assert is_recipient(suggestion=row, citizen=citizen, day=DAY) == (row.pk in shown)
    return shown


def test_both_parents_see_the_matter_of_a_child_that_has_no_row_yet() -> None:
    catalogue_rule("birth")
    mother, father, stranger = person(), person(), person()
    birth = event(LifeEventKind.BIRTH_NOTIFIED, DAY, mother=mother, father=father)
    scan(DAY)
    [matter] = Suggestion.objects.values_list("pk", flat=True)

    assert sees(mother) == sees(father) == [matter]
    assert sees(stranger) == []

    EventParty.objects.filter(event=birth, role="father").delete()
    assert sees(father) == []


def test_the_family_sees_the_matter_of_a_death_and_no_other_of_the_deceased() -> None:
    catalogue_rule("death")
    Topic.objects.filter(key="bereavement").update(about_may_be_deceased=True)
    catalogue_rule("driving_licence_renewal")
    dead, widow, son, head = person(), person(), person(), person()
    RelationFactory(person=widow, relative=dead, kind="spouse", valid=DateRange(None, None))
    RelationFactory(person=dead, relative=son, kind="father", valid=DateRange(None, None))
    HouseholdMemberFactory(household=HouseholdFactory(head=head), citizen=dead)
    CredentialFactory(holder=dead, expires_on=DAY + timedelta(days=30))
    scan(DAY)
    Citizen.objects.filter(pk=dead.pk).update(died_on=DAY)
    event(LifeEventKind.DEATH_NOTIFIED, DAY, subject=dead)
    scan(DAY)
    matter = Suggestion.objects.get(rule__key="death").pk

    assert sees(widow) == sees(son) == sees(head) == [matter]

    Relation.objects.filter(person=widow).update(valid=DateRange(date(2000, 1, 1), DAY))
    assert sees(widow) == []


def test_a_topic_that_may_not_speak_of_the_deceased_shows_nothing() -> None:
    catalogue_rule("death")
    dead, widow = person(died_on=DAY), person()
    RelationFactory(person=widow, relative=dead, kind="spouse", valid=DateRange(None, None))
    event(LifeEventKind.DEATH_NOTIFIED, DAY, subject=dead)
    scan(DAY)

    with pages_of(widow):
        assert not suggestions_of(citizen=widow, day=DAY)


@pytest.mark.parametrize("campaign", [True, False], ids=["the household's", "a member's"])
def test_the_head_sees_the_household_s_matter_as_long_as_they_are_its_head(campaign: bool) -> None:
    head, member = person(), person()
    home = HouseholdFactory(head=head)
    HouseholdMemberFactory(household=home, citizen=member)
    if campaign:
        catalogue_rule("poor_household_annual_review", period="01-05/02-28")
        CredentialFactory(
            holder=home, kind="poor_household_status", register__code="POV", category="Hộ nghèo",
            issued_on=date(2026, 1, 1), expires_on=None,
        )  # fmt: skip
    else:
        catalogue_rule("poor_household_recognition_after_income_shock_or_disaster")
        event(LifeEventKind.INCOME_SHOCK_OR_DISASTER, DAY, subject=member)
    scan(DAY)
    [matter] = Suggestion.objects.values_list("pk", flat=True)

    assert sees(head) == [matter]
    assert sees(member) == []

    HouseholdMember.objects.filter(citizen=head).update(valid=DateRange(date(2020, 1, 1), DAY))
    assert sees(head) == []


def test_guardians_see_the_child_s_campaign_until_their_right_ends() -> None:
    catalogue_rule("primary_school_admission", period="01-05/02-28")
    child, mother = CitizenFactory(birth_date=date(2021, 3, 3)), person()
    AuthorityFactory(actor=mother, for_party=child.party)
    scan(DAY)
    [matter] = Suggestion.objects.values_list("pk", flat=True)

    assert sees(mother) == [matter]

    Authority.objects.update(valid=DateRange(date(2021, 3, 3), DAY))
    assert sees(mother) == []


def test_spouses_both_see_what_follows_from_their_marriage() -> None:
    catalogue_rule("permanent_residence", events=["marriage"])
    wife, husband = person(), person()
    event(LifeEventKind.MARRIAGE, DAY, spouse=[wife, husband])
    scan(DAY)
    [matter] = Suggestion.objects.values_list("pk", flat=True)

    assert sees(wife) == sees(husband) == [matter]


def test_who_died_or_was_never_told_is_no_recipient() -> None:
    catalogue_rule("birth")
    mother, aunt = person(), person()
    event(LifeEventKind.BIRTH_NOTIFIED, DAY, mother=mother)
    scan(DAY)
    suggestion = Suggestion.objects.get()

    assert is_recipient(suggestion=suggestion, citizen=mother, day=DAY)
    assert not is_recipient(suggestion=suggestion, citizen=aunt, day=DAY)
    mother.died_on = DAY
    assert not is_recipient(suggestion=suggestion, citizen=mother, day=DAY)
