"""Four eyes over grants, and ending them by date."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import Grant
from citizens.services import confirm_grants, end_grants
from tests.factories.citizens import GrantFactory, OfficialFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


def test_only_another_official_confirms() -> None:
    giver, other = OfficialFactory(), OfficialFactory()
    grant = GrantFactory(granted_by=giver.user, confirmed_by=None)
    rows = Grant.objects.filter(pk=grant.pk)

    assert confirm_grants(grants=rows, by=giver.user) == 0
    assert confirm_grants(grants=rows, by=grant.official.user) == 0
    assert confirm_grants(grants=rows, by=other.user) == 1
    assert confirm_grants(grants=rows, by=giver.user) == 0


@pytest.mark.parametrize(
    ("valid", "ended"),
    [
        (DateRange(date(2026, 1, 1), None), DateRange(date(2026, 1, 1), DAY)),
        (DateRange(date(2026, 1, 1), date(2027, 1, 1)), DateRange(date(2026, 1, 1), DAY)),
        (DateRange(date(2026, 1, 1), DAY), None),
        (DateRange(date(2026, 12, 1), None), DateRange(empty=True)),
    ],
)
def test_ending_leaves_the_days_before(valid: DateRange, ended: DateRange | None) -> None:
    grant = GrantFactory(valid=valid)
    rows = Grant.objects.filter(pk=grant.pk)

    changed = end_grants(grants=rows, by=OfficialFactory().user, day=DAY)

    grant.refresh_from_db()
    assert (changed, grant.valid) == ((1, ended) if ended is not None else (0, valid))
