"""Due date by replay equals the stored one: over random ledgers, and over dossiers really moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizens.enums import Role
from citizens.models import Holiday, User
from citizens.services import correct_calendar
from dossiers import sla
from dossiers.enums import Action, Actor, ClockEventKind, Status
from dossiers.models import Dossier
from dossiers.selectors import clock_of, clock_on
from dossiers.services import advance
from dossiers.sla import Entry, LedgerError, Limit
from dossiers.workflow import TABLE, actions_from
from portal.common import clock as wall
from portal.common.errors import RefusedError
from procedures.enums import TimeUnit
from tests.dossiers.clock_cases import at, day
from tests.dossiers.published_cases import CALENDAR
from tests.dossiers.scene import FRIDAY, Scene, renewal

KINDS = [kind for kind in ClockEventKind if kind is not ClockEventKind.START]


# ------------------------------------------------------------------------------- random ledgers
@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Entry], Limit]:
    """Draw entries that follow one another, each at some hour of the same or a later day."""
    unit = draw(st.sampled_from([TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY, TimeUnit.SAME_DAY]))
    limit = Limit(0 if unit is TimeUnit.SAME_DAY else draw(st.integers(1, 30)), unit)
    start = draw(st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30)))  # noqa: DTZ001
    entries = [Entry(ClockEventKind.START, at(f"{start:%Y-%m-%d %H:%M}"))]
    clock = sla.replay(entries, limit, CALENDAR)
    for hours in draw(st.lists(st.integers(0, 200), max_size=12)):
        kind = draw(st.sampled_from(KINDS))
        when = entries[-1].at + timedelta(hours=hours)
        moved = when.date() + timedelta(days=draw(st.integers(0, 30)))
        entry = Entry(kind, when, draw(st.integers(1, 9)), moved)
        try:
            clock = sla.follow(clock, entry, limit, CALENDAR)
        except LedgerError:
            continue
        entries.append(entry)
    return entries, limit


@given(ledgers())
@settings(max_examples=300)
def test_replay_is_following_step_by_step_and_time_adds_up(case: tuple[list[Entry], Limit]) -> None:
    entries, limit = case
    stored = sla.Clock()
    for count, entry in enumerate(entries, start=1):
        before, stored = stored, sla.follow(stored, entry, limit, CALENDAR)

        assert sla.replay(entries[:count], limit, CALENDAR) == stored
        assert stored.due_on is not None
        assert stored.plain_due_on is not None
        if before.due_on is not None and entry.kind is not ClockEventKind.CALENDAR_CHANGE:
            assert stored.due_on >= before.due_on
        _time_adds_up(stored, entry.at.date())


def _time_adds_up(clock: sla.Clock, on: date) -> None:
    """A date without extension is never the later one; every working day is in one hand."""
    assert clock.due_on is not None
    assert clock.plain_due_on is not None
    assert clock.started_on is not None
    assert clock.plain_due_on <= clock.due_on
    apart = CALENDAR.working_days_between(clock.plain_due_on, clock.due_on)
    assert apart == clock.extended_days or not CALENDAR.is_working(clock.due_on)
    spent = sla.time_spent(clock, on, CALENDAR)
    if on >= clock.started_on and clock.paused_on is None:
        end = clock.ended_on or on
        assert spent.total == CALENDAR.working_days_between(clock.started_on, end)


# ---------------------------------------------------------------- real dossiers, through advance
@dataclass
class Walk:
    """A dossier that is moved, and on which day which date was stored last."""

    scene: Scene
    dossier: Dossier
    officer: User
    now: datetime = FRIDAY
    stored: dict[date, tuple[date | None, date | None]] = field(default_factory=dict)

    def step(self, action: Action, days: int) -> None:
        """Take a step; what is refused changes nothing."""
        # A further fee each time: what is paid is not asked for again.
        Dossier.objects.update(fee_vnd=F("fee_vnd") + 1000)
        is_citizen = Actor.CITIZEN in TABLE[Status(self.dossier.status), action].actors
        try:
            self.dossier = advance(
                dossier=self.dossier,
                action=action,
                user=self.scene.user if is_citizen else self.officer,
                version=self.dossier.version,
                note="Thiếu giấy tờ",
                now=self.now,
                **_told(action, days),
            )
        except RefusedError:
            self.dossier = Dossier.objects.get(pk=self.dossier.pk)

    def close_a_day(self, holiday: int) -> None:
        """Let the calendar of a coming day be changed: no stored date may move by it."""
        off = wall.civil_date(self.now) + timedelta(days=holiday)
        row = Holiday.objects.filter(day=off).first() or Holiday(day=off, name_vi="Bão")
        row.is_working = not (row.is_working if row.pk else off.weekday() < 5)
        correct_calendar(row=row, user=self.officer, now=self.now)

    def check(self) -> None:
        """Replay of everything, and of every earlier day, gives what was stored then."""
        dossier = Dossier.objects.get(pk=self.dossier.pk)
        replayed = clock_of(dossier=dossier)
        assert (replayed.started_on, replayed.due_on) == (
            dossier.clock_started_on,
            dossier.due_on,
        )
        last = dossier.clock_events.last()
        assert last is None or last.due_on == dossier.due_on
        waits = replayed.state is sla.ClockState.WAITING
        assert waits == (dossier.system_wait_since is not None)
        self.stored[wall.civil_date(self.now)] = dossier.clock_started_on, dossier.due_on
        for then, dates in self.stored.items():
            old = clock_on(dossier=dossier, day=then)
            assert (old.started_on, old.due_on) == dates


def _told(action: Action, days: int) -> dict[str, Any]:
    return {"days": days} if action is Action.EXTEND else {}


# Forwarding and reassigning want a colleague and touch no clock; what ends a dossier is rare.
_ASIDE = {Action.FORWARD, Action.REASSIGN}
_ENDS = {Action.REFUSE_RECEPTION, Action.STOP, Action.WITHDRAW, Action.APPROVE}
MOVES = st.tuples(
    st.integers(0, 20),
    st.integers(0, 120),
    st.integers(1, 9),
    st.integers(1, 12),
    st.integers(0, 9),
)


@pytest.mark.django_db
@given(moves=st.lists(MOVES, min_size=1, max_size=14))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_on_any_way_of_a_dossier_any_day_can_be_replayed(
    moves: list[tuple[int, int, int, int, int]],
) -> None:
    with undone():
        scene = renewal()
        officer = scene.officer(Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
        walk = Walk(scene, scene.submit(), officer)
        for choice, hours, days, holiday, whim in moves:
            walk.now += timedelta(hours=hours)
            actions = _possible(walk.dossier, is_whim=whim == 0)
            if not actions:
                break
            if whim > 7:
                walk.close_a_day(holiday)
            walk.step(actions[choice % len(actions)], days)
            walk.check()


def _possible(dossier: Dossier, *, is_whim: bool) -> list[Action]:
    found = [one for one in actions_from(Status(dossier.status)) if one not in _ASIDE]
    going_on = [action for action in found if action not in _ENDS]
    return found if is_whim else going_on or found


class undone:  # noqa: N801 - reads as what it does
    """A block whose writes are rolled back: hypothesis runs many in one test."""

    def __enter__(self) -> None:
        self._block: Any = transaction.atomic()
        self._block.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            transaction.set_rollback(True)
        self._block.__exit__(kind, error, trace)


@pytest.mark.django_db
@pytest.mark.parametrize("was", [None, True, False])
def test_a_later_calendar_does_not_reach_into_the_past(was: bool | None) -> None:
    scene = renewal()
    officer = scene.officer(Role.RECEPTIONIST, Role.CASE_OFFICER)
    thursday = day("2026-11-26")
    if was is not None:
        Holiday.objects.create(day=thursday, is_working=was, name_vi="Có sẵn")
    dossier = advance(
        dossier=scene.submit(), action=Action.RECEIVE, user=officer, version=1, now=FRIDAY
    )
    due_on = dossier.due_on
    row = Holiday.objects.filter(day=thursday).first() or Holiday(day=thursday, name_vi="Bão")
    row.is_working = was is False

    correct_calendar(row=row, user=officer, now=FRIDAY + timedelta(days=1))

    assert clock_of(dossier=Dossier.objects.get(pk=dossier.pk)).due_on == due_on
