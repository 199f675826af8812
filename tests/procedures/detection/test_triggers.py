"""Every trigger of the catalogue that hangs on a date, day by day as its stages say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from citizens.models import Citizen, Credential
from procedures.rules import milestone_on
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    OrganisationFactory,
)
from tests.factories.procedures import rule_definition
from tests.procedures.detection.scene import catalogue_rule, days_told, scan, states

pytestmark = pytest.mark.django_db
PAPERS = [
    "driving_licence_renewal",
    "passport_issue",
    "construction_permit_extension",
    "medical_licence_extension",
    "tour_guide_card_renewal",
    "veterinary_certificate_extension",
    "transport_badge",
    "transport_business_licence_expiry",
]
# The day before Tết, a leap day, and the end of a year.
DUE_DAYS = [date(2027, 2, 5), date(2028, 2, 29), date(2027, 12, 31)]


def paper(key: str, due_on: date | None) -> tuple[Credential, Citizen]:
    """Make a paper of the rule's kind, and who is told of it."""
    kind = rule_definition(key).credential_kind
    person = CitizenFactory(birth_date=date(1980, 6, 1))
    holder: Any = person
    if rule_definition(key).subject == "organisation":
        holder = OrganisationFactory()
        AuthorityFactory(actor=person, for_party=holder.party, basis="representative")
    issued = date(2017, 1, 1)
    return CredentialFactory(holder=holder, kind=kind, expires_on=due_on, issued_on=issued), person


@pytest.mark.parametrize("key", PAPERS)
@pytest.mark.parametrize("due_on", DUE_DAYS)
def test_a_paper_is_told_on_the_days_of_its_stages(key: str, due_on: date) -> None:
    catalogue_rule(key)
    _, person = paper(key, due_on)
    stages = rule_definition(key).lead_days

    for stage in stages:
        for days in (stage + 1, stage, stage - 1):  # the day before, the day, the day after
            scan(due_on - timedelta(days=days))

    assert days_told(person) == list(stages)


@pytest.mark.parametrize("key", PAPERS)
def test_a_paper_is_told_once_more_or_never_when_its_date_is_past(key: str) -> None:
    """A late scan tells once, within the days of grace, and not after the last day for filing."""
    catalogue_rule(key)
    definition = rule_definition(key)
    last = (definition.window.days or 0) * (definition.window.shape == "no_later_than")
    last_useful = DUE_DAYS[0] - timedelta(days=last - definition.grace_days)
    _, person = paper(key, DUE_DAYS[0])

    scan(last_useful)
    scan(last_useful + timedelta(days=1))

    assert days_told(person) == [(DUE_DAYS[0] - last_useful).days]
    assert states() == ["expired"]


@pytest.mark.parametrize("key", PAPERS)
def test_a_renewed_paper_is_told_no_more_and_one_without_a_term_never(key: str) -> None:
    catalogue_rule(key)
    held, person = paper(key, DUE_DAYS[0])
    _, nobody = paper(key, None)
    first, second, *_ = rule_definition(key).lead_days
    scan(DUE_DAYS[0] - timedelta(days=first))
    Credential.objects.filter(pk=held.pk).update(term=2, expires_on=date(2037, 2, 5))

    scan(DUE_DAYS[0] - timedelta(days=second))

    assert days_told(person) == [first]
    assert days_told(nobody) == []
    assert states() == ["withdrawn"]


AGES = [
    ("identity_card_first_issue_14", 14),
    ("identity_card_replace_at_age", 25),
    ("identity_card_replace_at_age", 40),
    ("identity_card_replace_at_age", 60),
]
BIRTHS = [date(1990, 2, 6), date(1992, 2, 29), date(1990, 12, 31)]


@pytest.mark.parametrize(("key", "age"), AGES)
@pytest.mark.parametrize("born", BIRTHS)
def test_a_birthday_is_told_on_the_days_of_its_stages(key: str, age: int, born: date) -> None:
    catalogue_rule(key)
    person = CitizenFactory(birth_date=born)
    told = person
    if age < 18:
        told = CitizenFactory(birth_date=date(1970, 1, 1))
        right = AuthorityFactory(actor=told, for_party=person.party)
        right.valid = type(right.valid)(born, None)
        right.save()
    birthday, stages = milestone_on(born, age), rule_definition(key).lead_days
    person.unit.valid = type(person.unit.valid)(None, None)
    person.unit.save()

    for stage in stages:
        for days in (stage + 1, stage, stage - 1):
            scan(birthday - timedelta(days=days))

    assert days_told(told) == list(stages)


@pytest.mark.parametrize(
    ("issued_on", "hears"),
    [
        (date(2025, 1, 9), True),
        (date(2025, 1, 10), False),
        (date(2026, 11, 1), False),
    ],
    ids=["two years and a day before", "two years before", "fresh"],
)
def test_a_card_of_the_two_years_before_lasts_to_the_next_milestone(
    issued_on: date, hears: bool
) -> None:
    catalogue_rule("identity_card_replace_at_age")
    person = CitizenFactory(birth_date=date(1987, 1, 10))
    CredentialFactory(
        holder=person, kind="citizen_identity_card", register__code="NPD", issued_on=issued_on,
        expires_on=None,
    )  # fmt: skip

    scan(date(2026, 12, 11))

    assert days_told(person) == ([30] if hears else [])
