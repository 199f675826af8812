"""A rehearsal that was carried out, for tests of what comes after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from citizens.models import User
from portal.common import clock
from procedures.enums import RunState
from procedures.models import RehearsalRun, RuleVersion
from procedures.selectors.rehearsals import definition_digest
from tests.factories.citizens import UserFactory

FIGURES: dict[str, Any] = {
    "answers": {"yes": 400, "likely": 30, "no": 70},
    "matters": 410,
    "untold": 20,
    "missed": {"stopped": 15, "no_guardian": 5, "deceased": 3},
    "messages": {"90": 300, "30": 200, "7": 100},
    "channels": {"sms": 500, "zalo": 60, "no_contact": 30, "old_contact": 10},
    "days_early": {"90": 300, "12": 110},
    "lines": [],
    "reasons": {},
    "not_reached": 40,
    "parts_a_message": 2,
    "sms_parts": 1000,
    "cost_vnd": 350_000,
    "beside": None,
}


def rehearsed(version: RuleVersion, by: User | None = None, **figures: Any) -> RehearsalRun:
    """Return a finished rehearsal of the version as it is written, over the coming year."""
    today = clock.today()
    return RehearsalRun.objects.create(
        rule_version=version,
        definition_sha256=definition_digest(version),
        first_on=today,
        last_on=today + timedelta(days=365),
        state=RunState.FINISHED,
        asked_by=by or UserFactory(of_official=True),
        asked_at=clock.now(),
        finished_at=clock.now(),
        figures=FIGURES | figures,
    )
