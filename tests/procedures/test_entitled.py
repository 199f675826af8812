"""Who has come of age for a procedure: from the birthday on, and only where nothing is unknown."""

from __future__ import annotations

from datetime import date

import pytest

from procedures.answers import has_come_of_age
from tests.factories.citizens import CitizenFactory, RegisterRecordFactory
from tests.procedures.detection.scene import catalogue_rule

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
DRAWS = "Hưởng lương hưu hoặc trợ cấp BHXH"


@pytest.mark.parametrize(
    ("born", "kind", "expected"),
    [
        (date(1951, 11, 20), "BHYT", True),  # seventy-five today
        (date(1951, 11, 21), "BHYT", False),  # tomorrow
        (date(1931, 1, 1), "BHYT", True),  # long ago
        (date(1931, 1, 1), DRAWS, False),  # the condition says no
        (date(1931, 1, 1), None, False),  # nobody knows
    ],
)
def test_from_the_birthday_on_and_for_certain(born: date, kind: str | None, expected: bool) -> None:
    rule = catalogue_rule("social_pension")
    citizen = CitizenFactory(birth_date=born)
    if kind is not None:
        RegisterRecordFactory(
            subject=citizen.party, register_id="INS", kind="member", body={"kind": kind}, as_of=DAY
        )

    assert rule.procedure is not None
    found = has_come_of_age(procedure=rule.procedure, party=citizen.party, day=DAY)

    assert found is expected
