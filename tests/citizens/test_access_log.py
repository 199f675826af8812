from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection

from citizens import selectors
from citizens.enums import ViewPurpose
from citizens.models import AccessLog
from citizens.services import record_access
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory

pytestmark = pytest.mark.django_db


def test_a_view_of_two_people_is_one_row_that_both_can_see() -> None:
    officer = GrantFactory().official
    one, two, other = CitizenFactory(), CitizenFactory(), CitizenFactory()

    record_access(
        actor=officer.user,
        purpose=ViewPurpose.DOSSIER,
        page="office:dossier",
        fields=["pin", "address"],
        subject_ids=[two.pk, one.pk, one.pk],
        reference="H17.01-20261122-0000001",
    )

    row = AccessLog.objects.get()
    assert (row.office, row.fields) == (officer.agency, ["pin", "address"])
    assert row.subject_ids == [one.pk, two.pk]
    assert list(selectors.views_of(citizen=one)) == list(selectors.views_of(citizen=two)) == [row]
    assert not selectors.views_of(citizen=other).exists()


def test_a_page_without_people_leaves_no_row() -> None:
    record_access(
        actor=OfficialFactory().user,
        purpose=ViewPurpose.SUPPORT,
        page="office:queue",
        fields=[],
        subject_ids=[],
    )

    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE citizens_accesslog SET page = 'other'",
        "DELETE FROM citizens_accesslog",
    ],
)
def test_the_application_cannot_change_the_log(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_view_is_called_by_its_time_in_viet_nam() -> None:
    at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    view = AccessLog(recorded_at=at, page="admin:index", purpose=ViewPurpose.HELPING)

    assert str(view) == f"21/11/2026 01:30 · {view.get_purpose_display()}"
    assert view.get_purpose_display()
