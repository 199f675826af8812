"""Who opens a page comes with the same parties that are found when each is asked for by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from citizens.enums import AuthorityBasis
from citizens.models import Citizen
from citizens.selectors import acting_for, circle_of
from portal.common import clock
from portal.common.row_security import only_rows_of
from procedures.answers import households_answered_for
from procedures.selectors.readers import reader_of
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    OrganisationFactory,
    always,
)

pytestmark = pytest.mark.django_db


def _nobody(_person: Citizen) -> None:
    """Somebody who lives alone and speaks for nobody."""


def _parent(person: Citizen) -> None:
    AuthorityFactory(actor=person, for_party=CitizenFactory(minor=True).party)
    AuthorityFactory(
        actor=person, for_party=OrganisationFactory().party, basis=AuthorityBasis.REPRESENTATIVE
    )


def _helper(person: Citizen) -> None:
    AuthorityFactory(
        actor=person,
        for_party=CitizenFactory().party,
        basis=AuthorityBasis.HELPER,
        confirmed_at=clock.now(),
    )


def _of_the_dead(person: Citizen) -> None:
    AuthorityFactory(actor=person, for_party=CitizenFactory(deceased=True).party)


def _until_yesterday(person: Citizen) -> None:
    ended = always(None, clock.today())
    AuthorityFactory(actor=person, for_party=CitizenFactory(minor=True).party, valid=ended)


def _head(person: Citizen) -> None:
    home = HouseholdFactory(head=person)
    HouseholdMemberFactory(household=home)


def _member(person: Citizen) -> None:
    home = HouseholdFactory(head=CitizenFactory())
    HouseholdMemberFactory(household=home, citizen=person)


def _moved_out(person: Citizen) -> None:
    ended = always(None, clock.today() - timedelta(days=1))
    HouseholdMemberFactory(household=HouseholdFactory(), citizen=person, is_head=True, valid=ended)


@pytest.mark.parametrize(
    "live",
    [_nobody, _parent, _helper, _of_the_dead, _until_yesterday, _head, _member, _moved_out],
)
def test_the_reader_comes_with_whom_they_act_for_and_their_household(
    live: Callable[[Citizen], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person, day = CitizenFactory(adult=True), clock.today()
    live(person)
    circle = circle_of(person=person.pk, day=day)

    with only_rows_of(person=person.pk, parties=circle.parties, family=circle.family):
        with django_assert_num_queries(1):
            found = reader_of(person=person.pk, circle=circle, day=day)
        alone = Citizen.objects.get(pk=person.pk)
        others = set(acting_for(actor=alone, day=day))
        homes = households_answered_for(citizen=alone, day=day)

    assert found is not None
    assert found == person
    assert set(found.represented or ()) == others
    assert list(found.homes or ()) == homes


@pytest.mark.parametrize("changes", [{"deceased": True}, {"survivor": None}])
def test_who_died_or_was_merged_away_opens_nothing(changes: dict[str, object]) -> None:
    if "survivor" in changes:
        changes = {"survivor": CitizenFactory()}
    person, day = CitizenFactory(**changes), clock.today()
    circle = circle_of(person=person.pk, day=day)

    with only_rows_of(person=person.pk, parties=circle.parties, family=circle.family):
        assert reader_of(person=person.pk, circle=circle, day=day) is None
