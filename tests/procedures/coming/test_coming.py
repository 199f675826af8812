"""Coming dates of a few parties: the scan's own facts, looked a year ahead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import LifeEventKind
from citizens.models import Citizen, Party
from procedures.answers import ComingDate, coming_dates, households_answered_for
from procedures.enums import SuggestionState
from procedures.selectors import suggestions_of
from tests.factories.citizens import (
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    OrganisationFactory,
    years_before,
)
from tests.procedures.detection.scene import (
    BADGE,
    CARD,
    LICENCE,
    catalogue_rule,
    event,
    make_rule,
    scan,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 26)
YEAR_END = date(2027, 11, 26)


def coming(*people: Any, reader: Citizen | None = None) -> list[ComingDate]:
    """Return what comes for these within a year; `reader` is asked what waits for them."""
    waiting = suggestions_of(citizen=reader, day=DAY) if reader else ()
    parties: list[Party] = [one.party for one in people]
    return coming_dates(parties=parties, waiting=waiting, day=DAY, until=YEAR_END)


def days_of(*people: Any) -> list[date]:
    return [one.due_on for one in coming(*people)]


@pytest.mark.parametrize(
    ("expires_on", "is_there"),
    [
        (DAY - timedelta(days=1), False),
        (DAY, True),
        (date(2027, 2, 6), True),  # Tết
        (YEAR_END, True),
        (YEAR_END + timedelta(days=1), False),
    ],
)
def test_papers_that_run_out_within_the_year(expires_on: date, is_there: bool) -> None:
    make_rule(LICENCE)
    person = CitizenFactory()
    CredentialFactory(holder=person, expires_on=expires_on)

    assert days_of(person) == ([expires_on] if is_there else [])


def test_a_paper_says_from_when_on_it_is_prepared() -> None:
    make_rule(LICENCE)
    person = CitizenFactory()
    CredentialFactory(holder=person, expires_on=date(2027, 6, 1))

    (found,) = coming(person)

    assert found.opens_on == date(2027, 3, 3)
    assert found.definition is not None
    assert found.definition.paper_vi == "Giấy phép lái xe"


def test_a_paper_without_a_rule_runs_out_all_the_same() -> None:
    person = CitizenFactory()
    CredentialFactory(holder=person, kind="enterprise_certificate", expires_on=date(2027, 6, 1))

    (found,) = coming(person)

    assert (found.definition, found.opens_on) == (None, None)


@pytest.mark.parametrize(
    ("birth_date", "age", "birthday"),
    [
        (date(2013, 3, 1), 14, date(2027, 3, 1)),
        (date(2002, 1, 15), 25, date(2027, 1, 15)),
        (date(1987, 11, 27), 40, None),  # the day after the year's end
        (date(1987, 11, 26), 40, YEAR_END),
        (date(1966, 11, 26), 60, DAY),
        (date(1966, 11, 25), 60, None),
    ],
)
def test_birthdays_on_which_a_card_is_due(
    birth_date: date, age: int, birthday: date | None
) -> None:
    make_rule(CARD, "card")
    person = CitizenFactory(birth_date=birth_date)

    found = coming(person)

    assert [(one.due_on, one.key[2]) for one in found] == ([(birthday, age)] if birthday else [])


def test_a_card_fresh_enough_leaves_the_birthday_out() -> None:
    make_rule(CARD, "card")
    person = CitizenFactory(birth_date=date(2002, 1, 15))
    CredentialFactory(
        holder=person, kind="citizen_identity_card", issued_on=date(2025, 6, 1), expires_on=None
    )

    assert coming(person) == []


def test_the_card_that_ends_on_its_birthday_is_one_date() -> None:
    make_rule(CARD, "card")
    person = CitizenFactory(birth_date=date(2002, 1, 15))
    CredentialFactory(
        holder=person,
        kind="citizen_identity_card",
        issued_on=date(2016, 1, 15),
        expires_on=date(2027, 1, 15),
    )

    assert days_of(person) == [date(2027, 1, 15)]


def test_a_campaign_has_a_first_and_a_last_day() -> None:
    rule = catalogue_rule("primary_school_admission")
    definition = rule.versions.get().definition
    child = CitizenFactory(birth_date=date(2021, 4, 30))

    (found,) = coming(child)

    assert found.begins_on is not None
    assert f"{found.begins_on:%m-%d}/{found.due_on:%m-%d}" == definition["period"]
    assert found.key[2] == 2027


def test_a_birth_has_sixty_days() -> None:
    catalogue_rule("birth")
    mother = CitizenFactory(age=30)
    event(LifeEventKind.BIRTH_NOTIFIED, date(2026, 11, 20), mother=mother)

    assert days_of(mother) == [date(2027, 1, 19)]


def test_the_other_parent_has_it_once_told() -> None:
    catalogue_rule("birth")
    mother, father = CitizenFactory(age=30), CitizenFactory(age=31)
    event(LifeEventKind.BIRTH_NOTIFIED, date(2026, 11, 20), mother=mother, father=father)
    scan(DAY)

    (found,) = coming(father, reader=father)

    assert found.suggestion is not None
    assert found.due_on == date(2027, 1, 19)


def test_what_waits_is_there_once_with_its_suggestion() -> None:
    make_rule(LICENCE)
    person = CitizenFactory()
    CredentialFactory(holder=person, expires_on=date(2027, 1, 20))
    scan(DAY)

    (found,) = coming(person, reader=person)

    assert found.suggestion is not None
    assert found.paper is not None


@pytest.mark.parametrize(
    ("state", "is_there"),
    [
        (SuggestionState.DISMISSED, True),
        (SuggestionState.ACCEPTED, True),
        (SuggestionState.FULFILLED, False),
    ],
)
def test_what_was_answered_keeps_its_date_until_done(
    state: SuggestionState, is_there: bool
) -> None:
    rule = make_rule(LICENCE)
    person = CitizenFactory()
    CredentialFactory(holder=person, expires_on=date(2027, 1, 20))
    scan(DAY)
    rule.suggestions.update(state=state)

    found = coming(person, reader=person)

    assert [one.state for one in found] == ([state] if is_there else [])


def test_nobody_else_is_there() -> None:
    make_rule(LICENCE)
    person, neighbour = CitizenFactory(), CitizenFactory()
    CredentialFactory(holder=neighbour, expires_on=date(2027, 1, 20))

    assert coming(person) == []


def test_organisations_have_dates_of_their_own() -> None:
    make_rule(BADGE, "badge")
    firm = OrganisationFactory()
    CredentialFactory(holder=firm, kind="transport_badge", expires_on=date(2027, 1, 20))

    assert [one.party for one in coming(firm)] == [firm.pk]


def test_the_head_answers_for_the_household_and_nobody_else() -> None:
    head, child = CitizenFactory(), CitizenFactory(minor=True)
    home = HouseholdFactory(head=head)
    HouseholdMemberFactory(household=home, citizen=child)

    assert households_answered_for(citizen=head, day=DAY) == [home.party]
    assert households_answered_for(citizen=child, day=DAY) == []


def test_the_number_of_queries_does_not_grow() -> None:
    for key, definition in (("licence", LICENCE), ("card", CARD), ("badge", BADGE)):
        make_rule(definition, key)
    few = [CitizenFactory(birth_date=years_before(date(2027, 1, 10), 25))]
    many = [CitizenFactory(birth_date=years_before(date(2027, 1, 10), 25)) for _ in range(6)]
    for person in (*few, *many):
        for number in range(3):
            CredentialFactory(holder=person, expires_on=date(2027, 1, 10 + number))

    with CaptureQueriesContext(connection) as of_few:
        found_few = coming(*few)
    with CaptureQueriesContext(connection) as of_many:
        found_many = coming(*many)

    assert (len(found_few), len(found_many)) == (4, 24)
    assert len(of_few) == len(of_many) == 3
