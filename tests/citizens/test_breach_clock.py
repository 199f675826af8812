"""The 72 hours of an incident of personal data, and which steps are open."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from citizens.enums import BreachAct
from citizens.sla import breach_clock
from citizens.workflow import breach_acts
from portal.common.clock import CIVIL_ZONE

FRIDAY = datetime(2026, 11, 27, 9, tzinfo=CIVIL_ZONE)
A = BreachAct


@pytest.mark.parametrize(
    ("passed", "reported", "late", "soon", "hours"),
    [
        (timedelta(0), None, False, False, 72),
        (timedelta(hours=48), None, False, True, 24),
        (timedelta(hours=71, minutes=59), None, False, True, 0),
        (timedelta(hours=72), None, False, True, 0),
        (timedelta(hours=72, seconds=1), None, True, False, 0),
        (timedelta(hours=80), None, True, False, 8),
        (timedelta(days=30), timedelta(hours=70), False, False, 2),
        (timedelta(days=30), timedelta(hours=75), True, False, 3),
    ],
)
def test_the_hours(
    passed: timedelta, reported: timedelta | None, late: bool, soon: bool, hours: int
) -> None:
    reported_at = None if reported is None else FRIDAY + reported

    told = breach_clock(FRIDAY, reported_at, FRIDAY + passed)

    assert (told.is_late, told.is_soon, told.hours) == (late, soon, hours)
    assert told.due_at == FRIDAY + timedelta(hours=72)


@pytest.mark.parametrize(
    ("done", "open_next"),
    [
        ([A.OPENED], [A.CONTAINED, A.REPORTED, A.TOLD, A.NOTED]),
        ([A.OPENED, A.REPORTED], [A.CONTAINED, A.TOLD, A.NOTED]),
        ([A.OPENED, A.CONTAINED, A.REPORTED, A.TOLD], [A.NOTED, A.CLOSED]),
        ([A.OPENED, A.CONTAINED, A.REPORTED, A.TOLD, A.CLOSED], []),
    ],
)
def test_the_steps_that_are_open(done: list[BreachAct], open_next: list[BreachAct]) -> None:
    assert breach_acts(done) == open_next
