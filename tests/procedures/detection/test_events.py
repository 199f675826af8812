"""Events of a life but births: who is told of them, when, and what ends their matters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import LifeEventKind
from citizens.models import Authority, Citizen, LifeEvent
from citizens.selectors import bereaved_of
from notifications.models import Message
from procedures.models import OpenMatter, Procedure, Recipient, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    RelationFactory,
)
from tests.procedures.detection.scene import (
    catalogue_rule,
    days_told,
    event,
    everything,
    scan,
    scan_each_day,
    states,
)

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 10)
GROWN_UP = date(1990, 5, 5)
BIRTH, DEATH = LifeEventKind.BIRTH_NOTIFIED, LifeEventKind.DEATH_NOTIFIED


def after(days: int) -> date:
    """Return the civil date so many days after the event."""
    return DAY + timedelta(days=days)


def person(**values: Any) -> Citizen:
    return CitizenFactory(**{"birth_date": GROWN_UP} | values)


class TestDeath:
    """15 days to register a death: the family is told on days 2, 7 and 12."""

    def family(self) -> dict[str, Citizen]:
        dead = person(birth_date=date(1950, 1, 1), died_on=DAY)
        people = {name: person() for name in ("spouse", "son", "mother", "head", "other")}
        bonds = (("spouse", people["spouse"], dead), ("father", dead, people["son"]))
        for kind, one, other in (*bonds, ("mother", people["mother"], dead)):
            RelationFactory(person=one, relative=other, kind=kind, valid=DateRange(None, None))
        home = HouseholdFactory(head=people["head"])
        HouseholdMemberFactory(household=home, citizen=dead)
        return {"dead": dead} | people

    def test_the_family_is_told_and_the_dead_never(self) -> None:
        catalogue_rule("death")
        people = self.family()
        event(DEATH, DAY, subject=people["dead"])

        scan_each_day(DAY, after(15))

        for name in ("spouse", "son", "mother", "head"):
            assert days_told(people[name]) == [13, 8, 3]
        assert days_told(people["dead"]) == days_told(people["other"]) == []
        assert Suggestion.objects.get().subject == people["dead"].party
        assert {message.about_id for message in Message.objects.all()} == {people["dead"].pk}

    def test_it_is_the_family_that_the_register_s_selector_names(self) -> None:
        catalogue_rule("death")
        people = self.family()
        child = CitizenFactory(minor=True)
        RelationFactory(person=people["dead"], relative=child, kind="father")
        former = person()
        divorced = DateRange(date(1980, 1, 1), date(2000, 1, 1))
        RelationFactory(person=former, relative=people["dead"], kind="spouse", valid=divorced)
        RelationFactory(
            person=people["dead"], relative=person(died_on=DAY), kind="father", valid=DateRange()
        )
        event(DEATH, DAY, subject=people["dead"])

        scan(after(2))

        named = {kin.citizen.pk for kin in bereaved_of(citizen=people["dead"], day=after(2))}
        assert set(Recipient.objects.values_list("citizen_id", flat=True)) == named
        assert len(named) == 4

    def test_a_notice_without_a_death_in_the_register_tells_nobody(self) -> None:
        catalogue_rule("death")
        people = self.family()
        event(DEATH, DAY, subject=people["dead"])
        Citizen.objects.filter(pk=people["dead"].pk).update(died_on=None)

        scan(after(2))

        assert not Suggestion.objects.exists()

    def test_a_cancelled_notice_takes_the_matter_back(self) -> None:
        catalogue_rule("death")
        people = self.family()
        notice = event(DEATH, DAY, subject=people["dead"])
        scan(after(2))
        Citizen.objects.filter(pk=people["dead"].pk).update(died_on=None)
        notice.delete()

        scan(after(3))

        assert states() == ["withdrawn"]
        assert Suggestion.objects.get().reason == "event_taken_back"
        assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}

    def test_one_who_died_without_family_is_nobody_s_matter(self) -> None:
        catalogue_rule("death")
        event(DEATH, DAY, subject=person(died_on=DAY))

        scan(after(2))

        assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        LifeEventKind.CONSTRUCTION_PERMIT_ISSUED,
        LifeEventKind.MOVED,
        LifeEventKind.BUSINESS_REGISTERED,
    ],
)
@pytest.mark.parametrize("first_scan", [-1, 0, 1, 59, 60, 61])
def test_an_event_without_follow_ups_is_told_once_and_at_once(
    kind: LifeEventKind, first_scan: int
) -> None:
    catalogue_rule("permanent_residence", events=[kind])
    holder = person()
    event(kind, DAY, subject=holder)

    for days in range(first_scan, first_scan + 3):
        scan(after(days))

    first = max(first_scan, 0)
    assert days_told(holder) == ([60 - first] if first <= 60 else [])


@pytest.mark.parametrize(
    ("key", "paper"),
    [
        ("driving_licence_reissue", "driving_licence"),
        ("identity_card_reissue", "citizen_identity_card"),
        ("veterinary_certificate_reissue", "veterinary_certificate"),
    ],
)
def test_a_lost_paper_is_told_by_the_rule_about_its_kind(key: str, paper: str) -> None:
    catalogue_rule(key)
    holders = {kind: person() for kind in ("driving_licence", "citizen_identity_card", "")}
    holders.setdefault(paper, person())
    for kind, holder in holders.items():
        if kind:
            CredentialFactory(holder=holder, kind=kind, status="lost")
        lost = event(LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED, DAY, subject=holder)
        LifeEvent.objects.filter(pk=lost.pk).update(body={"credential_kind": kind} if kind else {})

    scan(DAY)

    assert {kind for kind, holder in holders.items() if days_told(holder)} == {paper}


def test_a_registered_birth_is_told_to_who_may_act_for_the_child() -> None:
    catalogue_rule("identity_card_under_14", conditions=None)
    child, mother, father = CitizenFactory(birth_date=after(-8)), person(), person()
    for parent in (mother, father):
        AuthorityFactory(actor=parent, for_party=child.party, valid=DateRange(DAY, None))
    event(LifeEventKind.BIRTH_REGISTERED, DAY, child=child, mother=mother, father=father)

    scan(DAY)

    assert days_told(mother) == days_told(father) == [60]
    assert Suggestion.objects.get().subject == child.party


@pytest.mark.parametrize("code", ["2.002913", "1.003197", "1.000656"])
def test_a_registered_death_leaves_the_residence_to_the_family(code: str) -> None:
    """Unless a dossier of theirs, by the bundle or alone, has seen to it."""
    catalogue_rule("residence_removal")
    dead, widow = person(died_on=DAY), person()
    RelationFactory(person=widow, relative=dead, kind="spouse", valid=DateRange(None, None))
    event(LifeEventKind.DEATH_REGISTERED, after(5), subject=dead)
    made = Procedure.objects.create(key=code, code=code)
    OpenMatter.objects.create(
        procedure=made, party=dead.party, reference="H17-1", opened_on=DAY, closed_on=after(3),
        outcome="granted",
    )  # fmt: skip

    scan(after(6))

    assert days_told(widow) == ([59] if code == "1.000656" else [])


def test_spouses_share_one_matter_of_their_marriage() -> None:
    catalogue_rule("permanent_residence", events=["marriage"])
    wife, husband = person(), person()
    event(LifeEventKind.MARRIAGE, DAY, spouse=[wife, husband])

    scan(DAY)

    assert days_told(wife) == days_told(husband) == [60]
    assert Suggestion.objects.get().subject == wife.party


class TestHouseholdHead:
    KEY = "poor_household_recognition_after_income_shock_or_disaster"

    def test_a_member_s_misfortune_is_told_to_the_head(self) -> None:
        catalogue_rule(self.KEY)
        head, member = person(), person()
        HouseholdMemberFactory(household=HouseholdFactory(head=head), citizen=member)
        event(LifeEventKind.INCOME_SHOCK_OR_DISASTER, DAY, subject=member)

        scan(DAY)

        assert days_told(head) == [60]
        assert days_told(member) == []
        assert Suggestion.objects.get().subject == member.party

    def test_without_a_living_head_every_grown_up_member_is_told(self) -> None:
        catalogue_rule(self.KEY)
        head, son, child = person(died_on=after(-3)), person(), CitizenFactory(minor=True)
        home = HouseholdFactory(head=head)
        for member in (son, child):
            HouseholdMemberFactory(household=home, citizen=member)
        event(LifeEventKind.INCOME_SHOCK_OR_DISASTER, DAY, subject=child)

        scan(DAY)

        assert days_told(son) == [60]
        assert days_told(child) == []


def test_two_people_with_one_phone_are_each_told() -> None:
    catalogue_rule("birth")
    mother, father = person(), person()
    for parent in (mother, father):
        ContactPointFactory(party=parent.party, value="+84500000001", shared=True)
    event(BIRTH, DAY, mother=mother, father=father)

    scan(after(3))

    assert days_told(mother) == days_told(father) == [57]


@pytest.mark.parametrize("days", [0, 3, 30, 60, 91])
def test_a_second_scan_of_a_date_writes_nothing(days: int) -> None:
    catalogue_rule("birth")
    event(BIRTH, DAY, mother=person(), father=person())
    scan(after(0))
    scan(after(days))
    stood = everything()

    again = scan(after(days))

    assert not again.total
    assert everything() == stood


def test_an_authority_that_ended_meanwhile_tells_no_more() -> None:
    catalogue_rule("identity_card_under_14", conditions=None, lead_days=[60, 30])
    child, mother = CitizenFactory(birth_date=after(-8)), person()
    AuthorityFactory(actor=mother, for_party=child.party, valid=DateRange(DAY, None))
    event(LifeEventKind.BIRTH_REGISTERED, DAY, child=child)
    scan(DAY)
    Authority.objects.update(valid=DateRange(DAY, after(20)))

    scan(after(30))

    assert days_told(mother) == [60]
