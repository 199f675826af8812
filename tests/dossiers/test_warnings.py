"""Warnings before a limit: the statement agrees with the pure rule, and nobody is warned twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import Role
from citizens.models import User
from citizens.selectors import working_calendar
from dossiers import sla
from dossiers.enums import Action, AlertStage
from dossiers.models import Absence, ClockAlert, Dossier
from dossiers.selectors import alerts_for, clock_of
from dossiers.services import advance, note_seen, warn_before_limits
from tests.dossiers.scene import FRIDAY, Scene, renewal, step

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "in_all", "stage"),
    [
        (0, 0, AlertStage.TODAY),
        (0, 5, AlertStage.TODAY),
        (1, 1, None),
        (1, 2, AlertStage.ONE_DAY),
        (2, 2, None),
        (2, 3, AlertStage.TWO_DAYS),
        (3, 5, None),
        (3, 6, AlertStage.HALF),
        (5, 10, AlertStage.HALF),
        (6, 10, None),
        (-1, 5, None),
    ],
)
def test_the_most_urgent_stage(left: int, in_all: int, stage: AlertStage | None) -> None:
    assert sla.alert_stage(left, in_all) is stage


def mornings(first: datetime, count: int) -> Iterator[datetime]:
    return (first + n * DAY for n in range(count))


def worked_on(scene: Scene, officer: User, **kwargs: datetime) -> Dossier:
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    return step(dossier, Action.START_PROCESSING, officer)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 10])
@pytest.mark.parametrize("is_paused", [False, True])
def test_day_by_day_the_statement_says_what_the_rule_says(is_paused: bool, days: int) -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier, now = worked_on(scene, officer), FRIDAY
    if is_paused:
        dossier = step(dossier, Action.REQUEST_SUPPLEMENT, officer, note="Thiếu ảnh")
        now = FRIDAY + 12 * DAY
        dossier = step(dossier, Action.SUPPLEMENT, scene.user, now=now)
    if days:
        dossier = advance(
            dossier=dossier,
            action=Action.EXTEND,
            user=officer,
            version=dossier.version,
            note="Chờ",
            days=days,
            now=now,
        )
    calendar = working_calendar()
    clock = clock_of(dossier=Dossier.objects.get(pk=dossier.pk))
    assert clock.due_on is not None
    assert clock.started_on is not None
    in_all = calendar.working_days_between(clock.started_on, clock.due_on) - clock.paused_days

    for moment in mornings(now, (clock.due_on - now.date()).days + 3):
        before = ClockAlert.objects.count()
        warn_before_limits(now=moment)
        left = calendar.working_days_between(moment.date(), clock.due_on)
        left = left if moment.date() <= clock.due_on else -1
        stage = sla.alert_stage(left, in_all)
        new = list(ClockAlert.objects.order_by("pk")[before:].values_list("stage", flat=True))
        told = set(ClockAlert.objects.values_list("stage", flat=True))

        assert new in ([], [stage])
        assert stage is None or stage in told
        assert warn_before_limits(now=moment) == 0

    stages = list(ClockAlert.objects.order_by("pk").values_list("stage", flat=True))
    assert stages == [stage.value for stage in AlertStage][0 if days else 1 :]


@pytest.mark.django_db
def test_a_late_run_tells_the_most_urgent_stage_only() -> None:
    scene = renewal()
    dossier = worked_on(scene, scene.officer(Role.CASE_OFFICER))
    assert dossier.due_on is not None

    warn_before_limits(now=FRIDAY + (dossier.due_on - FRIDAY.date()))

    assert [one.stage for one in ClockAlert.objects.all()] == [AlertStage.TODAY]


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["paused", "waiting", "late", "finished", "not started"])
def test_only_running_clocks_warn(what: str) -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = scene.submit() if what == "not started" else worked_on(scene, officer)
    day = FRIDAY + ((dossier.due_on or FRIDAY.date()) - FRIDAY.date())
    if what == "paused":
        step(dossier, Action.REQUEST_SUPPLEMENT, officer, note="Thiếu ảnh")
    if what == "waiting":
        step(dossier, Action.WAIT_FOR_SYSTEM, officer, note="VNeID im lặng")
    if what == "finished":
        step(dossier, Action.APPROVE, officer)

    assert warn_before_limits(now=day + DAY if what == "late" else day) == 0


@pytest.mark.django_db
def test_who_covers_for_an_absent_colleague_is_warned_too() -> None:
    # Given a warning of a colleague's dossier, who is away until the day before it is due
    scene = renewal()
    officer, cover, other = (scene.officer(Role.CASE_OFFICER) for _ in range(3))
    dossier = worked_on(scene, officer)
    assert dossier.due_on is not None
    today: date = dossier.due_on - DAY
    Absence.objects.create(
        official=officer.official, cover=cover.official, away=DateRange(FRIDAY.date(), today + DAY)
    )
    now = FRIDAY + (today - FRIDAY.date())
    warn_before_limits(now=now)

    # When they look at what is near
    with time_machine.travel(now, tick=False):
        seen = {user.pk: list(alerts_for(user=user, day=today)) for user in (officer, cover, other)}

    # Then both know, nobody else does; and what was seen is not shown again
    assert len(seen[officer.pk]) == len(seen[cover.pk]) == 1
    assert seen[other.pk] == []
    assert list(alerts_for(user=cover, day=today + 2 * DAY)) == []
    assert note_seen(alerts=[one.pk for one in seen[cover.pk]], now=now) == 1
    assert list(alerts_for(user=officer, day=today)) == []
