"""The history of a dossier is only added to; the clock's ledger always gives the stored date."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from dossiers.enums import Action
from dossiers.models import ClockEvent, DossierEvent
from tests.dossiers.scene import FRIDAY, renewal, step


@pytest.mark.django_db
@pytest.mark.parametrize("model", [DossierEvent, ClockEvent])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_application_cannot_rewrite_history(
    model: type[DossierEvent] | type[ClockEvent], verb: str
) -> None:
    scene = renewal()
    step(scene.submit(), Action.RECEIVE, scene.officer())
    rows = model.objects.all()

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.update(happened_at=FRIDAY) if verb == "UPDATE" else rows._raw_delete(rows.db)

    assert model.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_step_leaves_no_news() -> None:
    scene = renewal()
    dossier, officer = scene.submit(), scene.officer()
    counts = _counts()

    with transaction.atomic():
        step(dossier, Action.RECEIVE, officer)
        written = _counts()
        transaction.set_rollback(True)

    assert written == [count + 1 for count in counts]
    assert _counts() == counts


def _counts() -> list[int]:
    tables = ("dossiers_dossierevent", "dossiers_clockevent", "dossiers_eventfeed")
    with connection.cursor() as cursor:
        counts = []
        for table in (*tables, "notifications_message"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - names are ours
            counts.append(cursor.fetchone()[0])
    return counts
