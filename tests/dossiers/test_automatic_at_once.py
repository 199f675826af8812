"""Rounds of automatic decisions at the same moment, and one killed in the middle of a decision."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from dossiers.enums import Action, DecisionMode, Status
from dossiers.models import AutomaticDecision, Dossier, DossierEvent, Result
from dossiers.services.decide_automatically import Round, decide_automatically
from portal.common.db_roles import APP_ROLE
from tests.dossiers.automatic_scene import automatic_scene
from tests.dossiers.scene import FRIDAY
from tests.dossiers.test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
SOON = FRIDAY + timedelta(minutes=1)


def test_of_six_rounds_at_once_one_decides_a_dossier() -> None:
    dossier = automatic_scene().submit()

    rounds = at_once(*[lambda: decide_automatically(now=SOON)] * 6)

    assert all(isinstance(one, Round) for one in rounds), rounds
    assert sum(one.decided_count for one in rounds if isinstance(one, Round)) == 1
    assert AutomaticDecision.objects.get().dossier == dossier
    assert DossierEvent.objects.filter(action=Action.APPROVE).count() == 1
    assert Result.objects.count() == 1


def test_a_round_that_is_killed_in_the_middle_wrote_nothing_and_the_next_one_decides() -> None:
    dossier = automatic_scene().submit()
    with ThreadPoolExecutor(1) as pool, transaction.atomic(), connection.cursor() as cursor:
        # All steps are taken by then; the row that explains them has to wait
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("LOCK TABLE dossiers_automaticdecision IN SHARE MODE")
        killed = pool.submit(_round)
        _kill_whoever_waits()
        with pytest.raises(DatabaseError):
            killed.result(timeout=30)
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")

    stored = Dossier.objects.get()
    assert (stored.status, stored.version) == (Status.REGISTERED, dossier.version)
    assert stored.decision_mode == DecisionMode.MANUAL
    assert DossierEvent.objects.count() == 1

    assert decide_automatically(now=SOON).decided_count == 1

    assert AutomaticDecision.objects.count() == Result.objects.count() == 1


def _round() -> Round:
    try:
        return decide_automatically(now=SOON)
    finally:
        connections.close_all()


def _kill_whoever_waits() -> None:
    """End the backend that waits for a lock, as the death of its process would."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # Within a transaction the first look would be shown again and again.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchall():
                return
        time.sleep(0.05)
    raise AssertionError("No round waited for the lock.")
