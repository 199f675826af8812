from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from citizens import selectors
from citizens.enums import AuthorityBasis, Role
from citizens.models import Unit
from portal.common.errors import PortalError
from tests.factories import citizens as make

pytestmark = pytest.mark.django_db

Tree = tuple[Unit, Unit, Unit]

DAY = date(2026, 11, 22)
BEFORE, AFTER = date(2026, 11, 21), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "end", "revoked", "allowed"),
    [
        (None, None, False, True),
        (DAY, None, False, True),  # holds from its first day
        (AFTER, None, False, False),
        (date(2020, 1, 1), AFTER, False, True),
        (date(2020, 1, 1), DAY, False, False),  # the end is not included: of age on that day
        (None, None, True, False),
    ],
)
def test_who_may_act_is_a_matter_of_dates(
    first: date | None, end: date | None, revoked: bool, allowed: bool
) -> None:
    mother, child = make.CitizenFactory(), make.CitizenFactory(minor=True)
    make.AuthorityFactory(
        actor=mother,
        for_party=child.party,
        valid=make.always(first, end),
        revoked_at=datetime(2026, 1, 1, tzinfo=UTC) if revoked else None,
    )

    assert selectors.may_act(actor=mother, party=child.party, day=DAY) is allowed
    assert list(selectors.acting_for(actor=mother, day=DAY)) == ([child.party] if allowed else [])
    assert list(selectors.guardians_of(citizen=child, day=DAY)) == ([mother] if allowed else [])


def test_everybody_acts_for_themselves_and_nobody_for_a_stranger() -> None:
    person, stranger = make.CitizenFactory(), make.CitizenFactory()

    assert selectors.may_act(actor=person, party=person.party, day=DAY)
    assert not selectors.may_act(actor=person, party=stranger.party, day=DAY)


def test_the_dead_neither_act_nor_are_acted_for() -> None:
    dead, child = make.CitizenFactory(deceased=True), make.CitizenFactory(minor=True)
    living = make.CitizenFactory()
    make.AuthorityFactory(actor=dead, for_party=child.party)
    make.AuthorityFactory(actor=living, for_party=dead.party, basis=AuthorityBasis.GUARDIAN)

    assert not selectors.may_act(actor=dead, party=dead.party, day=DAY)
    assert not selectors.may_act(actor=dead, party=child.party, day=DAY)
    assert not selectors.may_act(actor=living, party=dead.party, day=DAY)
    assert not selectors.guardians_of(citizen=child, day=DAY).exists()


def test_a_representative_acts_for_the_organisation_but_is_no_guardian() -> None:
    boss, firm = make.CitizenFactory(), make.OrganisationFactory()
    make.AuthorityFactory(actor=boss, for_party=firm.party, basis=AuthorityBasis.REPRESENTATIVE)

    assert list(selectors.acting_for(actor=boss, day=DAY)) == [firm.party]


def test_both_parents_of_a_child_are_found_the_elder_first() -> None:
    child = make.CitizenFactory(minor=True)
    mother, father = make.CitizenFactory(age=38), make.CitizenFactory(age=41)
    for parent in (mother, father):
        make.AuthorityFactory(actor=parent, for_party=child.party)

    assert list(selectors.guardians_of(citizen=child, day=DAY)) == [father, mother]


def test_the_household_is_the_one_of_that_day() -> None:
    person = make.CitizenFactory()
    left = make.HouseholdMemberFactory(citizen=person, valid=make.always(None, DAY)).household
    joined = make.HouseholdMemberFactory(citizen=person, valid=make.always(DAY)).household

    assert selectors.household_of(citizen=person, day=BEFORE) == left
    assert selectors.household_of(citizen=person, day=DAY) == joined


def test_papers_that_run_out_first_stand_in_front_and_lost_ones_are_gone() -> None:
    person = make.CitizenFactory()
    late = make.CredentialFactory(holder=person, expires_on=date(2028, 1, 1))
    endless = make.CredentialFactory(holder=person, expires_on=None)
    soon = make.CredentialFactory(holder=person, expires_on=date(2027, 1, 1))
    make.CredentialFactory(holder=person, status="lost")

    assert list(selectors.credentials_of(party=person.party)) == [soon, late, endless]


@pytest.fixture
def tree() -> Tree:
    city = make.UnitFactory(province=True)
    ward = make.UnitFactory(ward=True, parent=city)
    commune = make.UnitFactory(parent=city)
    return city, ward, commune


def test_a_grant_shows_its_unit_and_all_below(tree: Tree) -> None:
    city, ward, commune = tree
    leader = make.GrantFactory(unit=city, role=Role.PROVINCIAL_LEADER).official.user
    officer = make.GrantFactory(unit=ward).official.user
    nobody = make.OfficialFactory().user
    citizen = make.UserFactory()

    assert set(selectors.visible_units(user=leader, day=DAY)) == {city, ward, commune}
    assert list(selectors.visible_units(user=officer, day=DAY)) == [ward]
    assert not selectors.visible_units(user=nobody, day=DAY).exists()
    assert not selectors.visible_units(user=citizen, day=DAY).exists()


@pytest.mark.parametrize(
    ("grant", "counts"),
    [
        ({}, True),
        ({"confirmed_by": None}, False),
        ({"valid": make.always(AFTER)}, False),
        ({"valid": make.always(None, DAY)}, False),
        ({"official__employed": make.always(date(2020, 1, 1), DAY)}, False),  # left on that day
        ({"official__user__is_active": False}, False),
    ],
)
def test_a_role_counts_confirmed_and_in_its_time(grant: dict[str, object], counts: bool) -> None:
    made = make.GrantFactory(**grant)
    user = made.official.user

    assert selectors.roles_of(user=user, day=DAY) == ([made] if counts else [])
    assert selectors.visible_units(user=user, day=DAY).exists() is counts


def test_the_competent_office_is_the_nearest_upwards(tree: Tree) -> None:
    city, ward, commune = tree
    here = make.AgencyFactory(kind__key="ubnd_xa", unit=ward)
    above = make.AgencyFactory(kind__key="so_y_te", unit=city)

    assert selectors.competent_agency(kind="ubnd_xa", unit=ward, day=DAY) == here
    assert selectors.competent_agency(kind="so_y_te", unit=commune, day=DAY) == above
    with pytest.raises(selectors.AgencyMissingError) as refused:
        selectors.competent_agency(kind="ubnd_xa", unit=commune, day=DAY)
    assert isinstance(refused.value, PortalError)


def test_an_office_is_competent_only_in_its_time(tree: Tree) -> None:
    _city, ward, _commune = tree
    closed = make.AgencyFactory(kind__key="ubnd_xa", unit=ward, valid=make.always(None, DAY))
    opened = make.AgencyFactory(kind__key="ubnd_xa", unit=ward, valid=make.always(DAY))

    assert selectors.competent_agency(kind="ubnd_xa", unit=ward, day=BEFORE) == closed
    assert selectors.competent_agency(kind="ubnd_xa", unit=ward, day=DAY) == opened
