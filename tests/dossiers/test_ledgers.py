"""The history of a dossier is only added to; the clock's ledger always gives the stored date."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import F

from citizens.enums import Role
from dossiers.enums import Action, Actor, Status
from dossiers.models import ClockEvent, Dossier, DossierEvent, EventFeed
from dossiers.selectors import clock_of
from dossiers.workflow import TABLE, actions_from
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


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_on_any_way_the_ledger_gives_the_stored_date(seed: int) -> None:
    """Walk at random through the table, days apart, until the dossier ends or thirty steps."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, guards nothing
    scene = renewal()
    officer = scene.officer(Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    dossier, now = scene.submit(), FRIDAY
    for _ in range(30):
        actions = [a for a in actions_from(Status(dossier.status)) if _keeps_going(a, chance)]
        if not actions:
            break
        action = chance.choice(actions)
        now += timedelta(hours=chance.choice([0, 1, 20, 24, 50, 100]))
        is_citizen = Actor.CITIZEN in TABLE[Status(dossier.status), action].actors
        user = scene.user if is_citizen else officer
        # A further fee each time: what is paid is not asked for again.
        Dossier.objects.update(fee_vnd=F("fee_vnd") + 1000)
        dossier = step(dossier, action, user, now=now, note="Thiếu giấy tờ")

        replayed = clock_of(dossier=Dossier.objects.get(pk=dossier.pk))
        assert (replayed.started_on, replayed.due_on) == (
            dossier.clock_started_on,
            dossier.due_on,
        )
        last = dossier.clock_events.last()
        assert last is None or last.due_on == dossier.due_on
    assert EventFeed.objects.count() == DossierEvent.objects.count()


def _keeps_going(action: Action, chance: random.Random) -> bool:
    """Mostly avoid the steps that end a dossier, so that pauses come one after another."""
    ends = {Action.REFUSE_RECEPTION, Action.STOP, Action.WITHDRAW, Action.APPROVE}
    return action not in ends or chance.random() < 0.15


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
