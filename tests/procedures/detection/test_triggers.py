"""What single triggers of the catalogue know beyond the columns of the table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.procedures.detection.givens import card_issued, firm, holder
from tests.procedures.detection.scene import catalogue_rule, days_told, scan, states

pytestmark = pytest.mark.django_db
DUE = date(2027, 2, 5)


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


def test_a_card_issued_meanwhile_ends_the_matter_of_its_milestone_only() -> None:
    catalogue_rule("identity_card_replace_at_age")
    one, other = (CitizenFactory(birth_date=date(1987, 1, 10)) for _ in range(2))
    scan(date(2026, 12, 11))

    card_issued(holder(), None)
    CredentialFactory(
        holder=one, kind="citizen_identity_card", issued_on=date(2026, 12, 12), expires_on=None
    )
    scan(date(2027, 1, 3))

    assert sorted(states()) == ["open", "withdrawn"]
    assert days_told(one) == [30]
    assert days_told(other) == [30, 7]


@pytest.mark.parametrize(
    ("expires_on", "told"),
    [(None, []), (date(2099, 12, 31), []), (DUE, [60, 30, 15, 1])],
    ids=["without a term", "a register's way to say so", "officials set one"],
)
def test_a_transport_licence_is_told_of_only_where_it_was_given_a_term(
    expires_on: date | None, told: list[int]
) -> None:
    """The law sets none (Nghị định 158/2024/NĐ-CP)."""
    catalogue_rule("transport_business_licence_expiry")
    cast = firm()
    CredentialFactory(
        holder=cast.about, kind="transport_business_licence", register__code="TRANS",
        issued_on=date(2020, 1, 1), expires_on=expires_on,
    )  # fmt: skip

    for days in (60, 30, 15, 1, 0):
        scan(DUE - timedelta(days=days))

    assert days_told(cast.told[0]) == told
