"""News of events, families and households: what the reader of the mailbox makes of it at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from citizens.enums import LifeEventKind
from citizens.models import Citizen, EventParty, FactChange, LifeEvent
from notifications.models import Message, Topic
from procedures.models import Suggestion
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    RelationFactory,
)
from tests.factories.procedures import moment
from tests.procedures.detection.scene import (
    catalogue_rule,
    days_told,
    event,
    everything,
    make_rule,
    scan,
    states,
)
from tests.procedures.detection.test_runs import in_threads

DAY = date(2027, 1, 10)
GROWN_UP = date(1990, 5, 5)


def person(**values: object) -> Citizen:
    return CitizenFactory(**{"birth_date": GROWN_UP} | values)


def news_of(fact: LifeEvent | Citizen) -> None:
    """Put into the mailbox what an import says of an event, or of a person."""
    if isinstance(fact, Citizen):
        FactChange.objects.create(kind="citizen", object_id=fact.pk, subject_id=fact.pk)
        return
    for party in fact.parties.values_list("party_id", flat=True):
        FactChange.objects.create(kind="life_event", object_id=fact.pk, subject_id=party)


def read(day: date) -> int:
    return scan_changes(now=moment(day))


@pytest.mark.django_db
def test_a_birth_is_a_matter_of_both_parents_within_the_reading() -> None:
    catalogue_rule("birth")
    mother, father = person(), person()
    news_of(event(LifeEventKind.BIRTH_NOTIFIED, DAY, mother=mother, father=father))

    read(DAY + timedelta(days=3))

    assert days_told(mother) == days_told(father) == [57]
    assert states() == ["open"]


@pytest.mark.django_db
def test_news_of_the_father_alone_tells_the_mother_as_well() -> None:
    catalogue_rule("birth")
    mother, father = person(), person()
    birth = event(LifeEventKind.BIRTH_NOTIFIED, DAY, mother=mother)
    EventParty.objects.create(event=birth, party=father.party, role="father")
    FactChange.objects.create(kind="life_event", object_id=birth.pk, subject_id=father.pk)

    read(DAY + timedelta(days=3))

    assert days_told(mother) == days_told(father) == [57]


@pytest.mark.django_db
def test_a_death_ends_everything_and_opens_the_family_s_matter_in_one_reading() -> None:
    make_rule()
    catalogue_rule("death")
    Topic.objects.filter(key="bereavement").update(about_may_be_deceased=True)
    dead, widow = person(), person()
    RelationFactory(person=widow, relative=dead, kind="spouse", valid=DateRange(None, None))
    CredentialFactory(holder=dead, expires_on=DAY + timedelta(days=50))
    scan(DAY)
    assert days_told(dead) == [50]
    Citizen.objects.filter(pk=dead.pk).update(died_on=DAY)
    notice = event(LifeEventKind.DEATH_NOTIFIED, DAY, subject=dead)
    news_of(notice)
    news_of(dead)

    read(DAY + timedelta(days=2))

    assert [(s.rule.key, s.state) for s in Suggestion.objects.order_by("pk")] == [
        ("licence", "withdrawn"),
        ("death", "open"),
    ]
    assert days_told(widow) == [13]
    assert Message.objects.get(recipient=dead.pk).state == "withdrawn"
    assert Message.objects.get(recipient=widow.pk).state == "queued"


@pytest.mark.django_db
def test_news_of_who_shares_an_event_wakes_the_rules_about_the_other_s_own() -> None:
    catalogue_rule("death")
    dead, widow = person(died_on=DAY), person(died_on=DAY)
    event(LifeEventKind.MARRIAGE, date(2015, 5, 1), spouse=[dead, widow])
    RelationFactory(person=widow, relative=dead, kind="spouse", valid=DateRange(None, None))
    event(LifeEventKind.DEATH_NOTIFIED, DAY, subject=dead)
    scan(DAY + timedelta(days=1))
    assert states() == []
    Citizen.objects.filter(pk=widow.pk).update(died_on=None)
    news_of(widow)

    read(DAY + timedelta(days=2))

    assert days_told(widow) == [13]


@pytest.mark.django_db
def test_a_cancelled_notice_takes_the_family_s_matter_back() -> None:
    catalogue_rule("death")
    dead, widow = person(died_on=DAY), person()
    RelationFactory(person=widow, relative=dead, kind="spouse", valid=DateRange(None, None))
    notice = event(LifeEventKind.DEATH_NOTIFIED, DAY, subject=dead)
    scan(DAY + timedelta(days=2))
    news_of(notice)
    notice.delete()
    Citizen.objects.filter(pk=dead.pk).update(died_on=None)

    read(DAY + timedelta(days=3))

    assert states() == ["withdrawn"]
    assert Message.objects.get().state == "withdrawn"


@pytest.mark.django_db
def test_a_household_that_is_recognised_in_the_campaign_is_told() -> None:
    catalogue_rule("poor_household_annual_review")
    head = person()
    home = HouseholdFactory(head=head)
    paper = CredentialFactory(
        holder=home, kind="poor_household_status", register__code="POV", category="Hộ nghèo",
        issued_on=date(2026, 1, 1), expires_on=date(2026, 12, 31),
    )  # fmt: skip
    FactChange.objects.create(kind="credential", object_id=paper.pk, subject_id=home.pk)

    read(date(2026, 9, 10))

    assert days_told(head) == [95]


@pytest.mark.django_db
def test_a_child_that_comes_to_the_city_in_the_campaign_is_told_of_its_school() -> None:
    catalogue_rule("primary_school_admission")
    child, mother = CitizenFactory(birth_date=date(2021, 3, 3)), person()
    AuthorityFactory(actor=mother, for_party=child.party)
    news_of(child)

    read(date(2027, 6, 1))

    assert days_told(mother) == [60]


@pytest.mark.django_db
def test_a_member_s_news_reaches_the_head_of_the_household() -> None:
    catalogue_rule("poor_household_recognition_after_income_shock_or_disaster")
    head, member = person(), person()
    HouseholdMemberFactory(household=HouseholdFactory(head=head), citizen=member)
    news_of(event(LifeEventKind.INCOME_SHOCK_OR_DISASTER, DAY, subject=member))

    read(DAY)

    assert days_told(head) == [60]


@pytest.mark.django_db
def test_news_that_concerns_no_rule_costs_no_scan() -> None:
    make_rule()
    catalogue_rule("birth")
    news_of(event(LifeEventKind.MARRIAGE, DAY, spouse=[person(), person()]))

    with CaptureQueriesContext(connection) as statements:
        read(DAY)

    assert not [one for one in statements if "pg_advisory_xact_lock" in one["sql"]]


@pytest.mark.django_db
def test_the_night_after_finds_nothing_left_to_do() -> None:
    catalogue_rule("birth")
    news_of(event(LifeEventKind.BIRTH_NOTIFIED, DAY, mother=person(), father=person()))
    read(DAY + timedelta(days=3))
    scan(DAY + timedelta(days=3))
    stood = everything()

    scan(DAY + timedelta(days=3))

    assert everything() == stood


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_scans_and_readers_at_once_make_one_matter_of_an_event() -> None:
    catalogue_rule("birth")
    mother, father = person(), person()
    news_of(event(LifeEventKind.BIRTH_NOTIFIED, DAY, mother=mother, father=father))
    day = DAY + timedelta(days=3)

    results = in_threads(*[lambda: scan(day)] * 5, *[lambda: read(day)] * 2)

    assert not [result for result in results if isinstance(result, Exception)]
    assert days_told(mother) == days_told(father) == [57]
    assert states() == ["open"]
