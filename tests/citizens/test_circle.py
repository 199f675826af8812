from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from citizens.enums import AuthorityBasis
from citizens.models import Citizen, EventParty
from citizens.selectors import acting_for, circle_of
from portal.common import clock
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    LifeEventFactory,
    OrganisationFactory,
    RelationFactory,
    always,
)

pytestmark = pytest.mark.django_db


def _spouse(person: Citizen) -> Citizen:
    found: Citizen = RelationFactory(
        person=person, relative=CitizenFactory(), kind="spouse"
    ).relative
    return found


def _mother(person: Citizen) -> Citizen:
    found: Citizen = RelationFactory(relative=person, valid=always()).person
    return found


def _divorced(person: Citizen) -> Citizen:
    ended = always(None, clock.today())
    found: Citizen = RelationFactory(person=person, relative=CitizenFactory(), valid=ended).relative
    return found


def _late_spouse(person: Citizen) -> Citizen:
    ended = always(None, clock.today() - timedelta(days=30))
    late = CitizenFactory(deceased=True)
    found: Citizen = RelationFactory(
        person=person, relative=late, kind="spouse", valid=ended
    ).relative
    return found


def _at_home(person: Citizen) -> Citizen:
    home = HouseholdFactory(head=person)
    member: Citizen = HouseholdMemberFactory(household=home).citizen
    return member


def _moved_out(person: Citizen) -> Citizen:
    home = HouseholdFactory(head=person)
    ended = always(None, clock.today())
    member: Citizen = HouseholdMemberFactory(household=home, valid=ended).citizen
    return member


def _of_the_same_birth(person: Citizen) -> Citizen:
    event = LifeEventFactory(subject=person.party)
    father: Citizen = CitizenFactory()
    EventParty.objects.create(event=event, party=father.party, role="father")
    return father


def _of_the_same_firm(person: Citizen) -> Citizen:
    firm, other = OrganisationFactory(), CitizenFactory()
    for actor in (person, other):
        basis = AuthorityBasis.REPRESENTATIVE
        AuthorityFactory(actor=actor, for_party=firm.party, basis=basis)
    found: Citizen = other
    return found


@pytest.mark.parametrize(
    ("bond", "is_family"),
    [
        (_spouse, True),
        (_mother, True),
        (_divorced, False),
        (_late_spouse, True),
        (_at_home, True),
        (_moved_out, False),
        (_of_the_same_birth, True),
        (_of_the_same_firm, True),
        (lambda _person: CitizenFactory(), False),
    ],
)
def test_whom_a_form_may_name(bond: Callable[[Citizen], Citizen], is_family: bool) -> None:
    person = CitizenFactory()
    other = bond(person)

    circle = circle_of(person=person.pk, day=clock.today())

    assert (other.pk in circle.family) is is_family
    assert other.pk not in circle.parties
    assert person.pk in circle.parties <= circle.family


def test_the_parties_are_those_for_whom_one_may_act() -> None:
    person = CitizenFactory()
    ended = always(None, clock.today())
    AuthorityFactory(actor=person)
    AuthorityFactory(actor=person, for_party=OrganisationFactory().party)
    AuthorityFactory(actor=person, for_party=CitizenFactory(deceased=True).party)
    AuthorityFactory(actor=person, valid=ended)

    circle = circle_of(person=person.pk, day=clock.today())

    acting = acting_for(actor=person, day=clock.today()).values_list("pk", flat=True)
    assert len(acting) == 2
    assert circle.parties == {person.pk, *acting}


def test_the_kin_of_a_child_are_family_of_the_parent(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    authority = AuthorityFactory()
    child = authority.for_party.citizen
    other_parent = _mother(child)

    with django_assert_num_queries(1):
        circle = circle_of(person=authority.actor.pk, day=clock.today())

    assert other_parent.pk in circle.family
    assert circle_of(person=0, day=clock.today()).family == frozenset()
