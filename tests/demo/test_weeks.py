"""The made-up past of a trial: the same for the same seed, and all of it before today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.demo.weeks import WEEKS, remember_weeks
from portal.reporting.enums import OTHER, CountKind
from portal.reporting.forecast.training import LEAST_WEEKS
from portal.reporting.forecast.weeks import WEEK
from portal.reporting.models import WeekCount
from tests.factories.citizens import CitizenFactory, CredentialFactory, UnitFactory
from tests.factories.procedures import ProcedureVersionFactory, RuleVersionFactory

pytestmark = pytest.mark.django_db

DAY, MONDAY = date(2026, 11, 26), date(2026, 11, 23)
LICENCE = "driving_licence_renewal"


@pytest.fixture(autouse=True)
def _people() -> None:
    RuleVersionFactory(rule__key=LICENCE)
    ProcedureVersionFactory(procedure__key=LICENCE)
    unit = UnitFactory(parent=UnitFactory(province=True))
    for number in range(40):
        person = CitizenFactory(unit=unit)
        expires = MONDAY + timedelta(days=9 * number)
        CredentialFactory(holder=person, issued_on=date(2017, 1, 1), expires_on=expires)


def counts() -> set[tuple[str, str, date, int]]:
    return set(WeekCount.objects.values_list("kind", "key", "week", "count"))


def test_the_same_seed_gives_the_same_past() -> None:
    remember_weeks(day=DAY, seed=1)
    first = counts()

    remember_weeks(day=DAY, seed=1)

    assert counts() == first
    remember_weeks(day=DAY, seed=2)
    assert counts() != first


def test_what_is_made_up_lies_in_the_past_and_what_is_due_is_counted() -> None:
    remember_weeks(day=DAY, seed=1)

    happened = WeekCount.objects.exclude(kind=CountKind.DUE)
    assert all(MONDAY - WEEKS * WEEK <= row.week < MONDAY for row in happened)
    assert WEEKS >= LEAST_WEEKS
    assert {(row.kind, row.key) for row in happened} >= {
        (CountKind.FILED, LICENCE),
        (CountKind.FILED, OTHER),
        (CountKind.EVENT, "moved"),
    }
    due = WeekCount.objects.filter(kind=CountKind.DUE, week__gte=MONDAY)
    assert sum(row.count for row in due) == 40


def test_fewer_file_than_were_due() -> None:
    remember_weeks(day=DAY, seed=1)

    due = WeekCount.objects.filter(kind=CountKind.DUE, week__lt=MONDAY)
    filed = WeekCount.objects.filter(kind=CountKind.FILED, key=LICENCE)
    share = sum(row.count for row in filed) / sum(row.count for row in due)
    assert 0.4 < share < 0.8
