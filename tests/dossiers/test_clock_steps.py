"""Extension, waiting for a system, a changed calendar: what moves a date, who may, who is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from citizens.enums import Role
from citizens.models import Holiday, User
from citizens.services import correct_calendar
from dossiers.enums import Action, ClockColour, ClockEventKind, Status
from dossiers.models import Dossier
from dossiers.selectors import clock_on, moved_by_calendar, queue_of, standing_clock_of, why_due
from dossiers.services import advance, follow_calendar
from notifications.models import Message
from portal.common.errors import RefusedError
from tests.dossiers.scene import FRIDAY, Scene, renewal, step

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = FRIDAY + 3 * DAY


@pytest.fixture
def scene() -> Scene:
    return renewal()


@pytest.fixture
def officer(scene: Scene) -> User:
    return scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST)


def received(scene: Scene, officer: User) -> Dossier:
    """Return a dossier received on Friday 20 November: five working days."""
    return step(scene.submit(), Action.RECEIVE, officer)


def extend(dossier: Dossier, user: User, *, now: datetime, days: int | None = 3) -> Dossier:
    return advance(
        dossier=dossier,
        action=Action.EXTEND,
        user=user,
        version=dossier.version,
        note="Chờ tra cứu hồ sơ gốc",
        days=days,
        now=now,
    )


def test_an_extension_moves_the_promise_tells_the_citizen_and_leaves_the_statistics(
    scene: Scene, officer: User
) -> None:
    dossier = received(scene, officer)
    first = dossier.due_on
    assert first is not None

    dossier = extend(dossier, officer, now=MONDAY)

    assert dossier.due_on is not None
    assert dossier.due_on > first
    told = Message.objects.get(topic="date_extended")
    assert told.params["due_on"] == dossier.due_on.isoformat()
    assert told.params["reason"] == "Chờ tra cứu hồ sơ gốc"
    assert "gia hạn" in why_due(dossier=Dossier.objects.get(pk=dossier.pk))
    standing = standing_clock_of(dossier=dossier, day=dossier.due_on)
    assert standing.clock.plain_due_on == first
    assert standing.late.raw == 3


@pytest.mark.parametrize("days", [None, 0, -3, 31])
def test_an_extension_of_no_sense_is_refused(scene: Scene, officer: User, days: int | None) -> None:
    dossier = received(scene, officer)

    with pytest.raises(RefusedError, match="từ 1 đến 30"):
        extend(dossier, officer, now=MONDAY, days=days)

    assert not Message.objects.filter(topic="date_extended").exists()


def test_an_extension_comes_a_day_before_the_date_and_once(scene: Scene, officer: User) -> None:
    dossier = received(scene, officer)
    due_on = dossier.due_on
    assert due_on is not None
    on_the_day = FRIDAY + (due_on - FRIDAY.date())

    with pytest.raises(RefusedError, match="quá muộn"):
        extend(dossier, officer, now=on_the_day)
    dossier = extend(dossier, officer, now=on_the_day - DAY)
    with pytest.raises(RefusedError, match="lùi một lần"):
        extend(dossier, officer, now=on_the_day)

    assert dossier.clock_events.filter(kind=ClockEventKind.EXTENSION).count() == 1


def test_while_the_citizen_is_waited_for_nothing_is_extended(scene: Scene, officer: User) -> None:
    dossier = received(scene, officer)
    dossier = step(dossier, Action.START_PROCESSING, officer)
    dossier = step(dossier, Action.WAIT_FOR_SYSTEM, officer, note="VNeID không trả lời")

    with pytest.raises(RefusedError, match="không chạy"):
        extend(dossier, officer, now=MONDAY)


def test_two_systems_out_of_step_are_no_lateness(scene: Scene, officer: User) -> None:
    # Given a dossier that waits for a system from the day it was received
    dossier = received(scene, officer)
    first = dossier.due_on
    assert first is not None
    dossier = step(dossier, Action.WAIT_FOR_SYSTEM, officer, now=FRIDAY, note="VNeID im lặng")

    # When the date that was promised has long passed
    later = FRIDAY + 42 * DAY
    with time_machine.travel(later, tick=False):
        shown = [getattr(row, "colour", "") for row in queue_of(user=officer, day=later.date())]
        standing = standing_clock_of(dossier=dossier, day=later.date())

    # Then nobody is late; and the answer moves the date by the days waited
    assert shown == [ClockColour.WAITING]
    assert (standing.late.raw, standing.spent.office, standing.spent.citizen) == (0, 0, 0)
    assert standing.spent.system == standing.spent.total
    dossier = step(dossier, Action.SYSTEM_ANSWERED, None, now=later)
    assert dossier.due_on is not None
    assert dossier.due_on > later.date()
    assert dossier.system_wait_since is None
    entry = dossier.clock_events.get(kind=ClockEventKind.RESUME)
    assert entry.days == standing.spent.system
    assert "chờ hệ thống khác" in why_due(dossier=Dossier.objects.get(pk=dossier.pk))


@pytest.mark.parametrize("action", [Action.WAIT_FOR_SYSTEM, Action.SYSTEM_ANSWERED])
def test_waiting_begins_on_a_running_clock_and_ends_on_a_waiting_one(
    scene: Scene, officer: User, action: Action
) -> None:
    dossier = received(scene, officer)
    if action is Action.WAIT_FOR_SYSTEM:
        dossier = step(dossier, action, officer, note="VNeID im lặng")

    with pytest.raises(RefusedError):
        step(dossier, action, officer, note="VNeID im lặng")


def test_a_reason_names_the_system_and_a_receptionist_does_not_say_so(scene: Scene) -> None:
    dossier = received(scene, scene.officer(Role.RECEPTIONIST))

    with pytest.raises(RefusedError, match="lý do"):
        step(dossier, Action.WAIT_FOR_SYSTEM, scene.officer(Role.CASE_OFFICER))
    with pytest.raises(RefusedError, match="không có quyền"):
        step(dossier, Action.WAIT_FOR_SYSTEM, scene.officer(Role.RECEPTIONIST), note="VNeID")


# ------------------------------------------------------------------------- the calendar is changed
def off(day: date, user: User, now: datetime) -> None:
    correct_calendar(row=Holiday(day=day, name_vi="Bão số 9", decision="12/QĐ"), user=user, now=now)


def test_a_changed_calendar_moves_a_date_only_when_somebody_says_so(
    scene: Scene, officer: User
) -> None:
    dossier = received(scene, officer)
    first = dossier.due_on
    assert first is not None

    off(date(2026, 11, 26), officer, MONDAY)
    dossier.refresh_from_db()
    (found,) = moved_by_calendar(dossiers=Dossier.objects.all(), day=MONDAY.date())

    assert (dossier.due_on, found.due_on) == (first, first)
    assert "26/11" not in why_due(dossier=Dossier.objects.get(pk=dossier.pk))
    assert found.later_on > first

    with time_machine.travel(MONDAY + DAY, tick=False):
        assert follow_calendar(reason="Nghỉ tránh bão", now=MONDAY + DAY) == 1
        assert follow_calendar(reason="Nghỉ tránh bão", now=MONDAY + DAY) == 0

    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.due_on == found.later_on
    entry = dossier.clock_events.get(kind=ClockEventKind.CALENDAR_CHANGE)
    assert (entry.due_on, entry.reason) == (found.later_on, "Nghỉ tránh bão")
    assert Message.objects.get(topic="date_moved").params["reason"] == "Nghỉ tránh bão"
    assert clock_on(dossier=dossier, day=MONDAY.date()).due_on == first
    assert "dời theo lịch" in why_due(dossier=dossier)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 19), "before the start"),
        (date(2027, 3, 2), "after the date"),
        (date(2026, 11, 28), "a Saturday anyway"),
    ],
    ids=str,
)
def test_a_day_that_does_not_matter_moves_nothing(
    scene: Scene, officer: User, day: date, why: str
) -> None:
    received(scene, officer)

    off(day, officer, MONDAY)

    assert list(moved_by_calendar(dossiers=Dossier.objects.all(), day=MONDAY.date())) == [], why


def test_dates_do_not_come_nearer_and_a_reason_is_needed(scene: Scene, officer: User) -> None:
    Holiday.objects.create(day=date(2026, 11, 26), name_vi="Nghỉ")
    received(scene, officer)
    row = Holiday.objects.get()
    row.is_working = True
    correct_calendar(row=row, user=officer, now=MONDAY)

    assert follow_calendar(reason="Làm bù", now=MONDAY) == 0
    with pytest.raises(RefusedError, match=r"reason|lý do"):
        follow_calendar(reason="  ", now=MONDAY)


# ----------------------------------------------------------------------- any day can be replayed
def printed(dossier: Dossier, **options: Any) -> str:
    out = StringIO()
    call_command("clock", dossier.code, stdout=out, **options)
    return out.getvalue()


def test_the_command_replays_any_day(scene: Scene, officer: User) -> None:
    dossier = received(scene, officer)
    first = dossier.due_on
    dossier = extend(dossier, officer, now=MONDAY)

    assert dossier.status == Status.RECEIVED
    now, before = printed(dossier, on=MONDAY.date()), printed(dossier, on=FRIDAY.date())
    assert f"due {dossier.due_on:%d/%m/%Y}" in now
    assert "extension" in now
    assert f"{first:%d/%m/%Y}" in before
    assert "extension" not in before
    assert "not_started" in printed(dossier, on=FRIDAY.date() - DAY)
    with pytest.raises(CommandError, match="No dossier"):
        call_command("clock", "X")
