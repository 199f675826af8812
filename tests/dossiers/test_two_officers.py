"""A thousand times two officers at one dossier: nothing lost, one of them decides, numbers whole.

The whole thousand runs with PORTAL_STORMS set (`make storms`); every other run takes a sample.
"""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connections

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Action, ClockEventKind, Status
from dossiers.models import ClockEvent, CodeCounter, Dossier, DossierEvent, Result
from dossiers.selectors import clock_of
from dossiers.services import advance, submit_dossier
from portal.common.errors import StaleVersionError
from tests.dossiers.scene import ANSWERS, FRIDAY, Scene, bring_papers, renewal
from tests.dossiers.test_concurrency import at_once
from tests.factories.citizens import CitizenFactory, ContactPointFactory, CredentialFactory
from tests.sizes import of_storms

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.fault,
    pytest.mark.slow,
]

TIMES = of_storms(20, 1000)
MOVES = (
    Action.APPROVE,
    Action.STOP,
    Action.REQUEST_SUPPLEMENT,
    Action.REASSIGN,
    Action.EXTEND,
    Action.WAIT_FOR_SYSTEM,
)
_LANDS_IN = {
    Action.APPROVE: Status.DONE,
    Action.STOP: Status.STOPPED,
    Action.REQUEST_SUPPLEMENT: Status.SUPPLEMENT_REQUESTED,
}
_MOVES_CLOCK = {
    Action.APPROVE: ClockEventKind.FINISH,
    Action.STOP: ClockEventKind.STOP,
    Action.REQUEST_SUPPLEMENT: ClockEventKind.PAUSE,
    Action.EXTEND: ClockEventKind.EXTENSION,
    Action.WAIT_FOR_SYSTEM: ClockEventKind.SYNC_WAIT,
}


class Duel:
    """Two officers whose pages show the same version of a dossier, and who press at once."""

    def __init__(self, scene: Scene) -> None:
        """Let the officers hold every role that decides, and know a third colleague."""
        self.scene = scene
        roles = (Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
        self.officers = [scene.officer(*roles) for _ in range(2)]
        self.third = scene.officer(Role.CASE_OFFICER).official
        self.gate = Barrier(2)
        self.pool = ThreadPoolExecutor(2)

    def file(self, number: int) -> Dossier:
        """Return a further dossier that is being processed, each of another person."""
        citizen = CitizenFactory(unit=self.scene.commune)
        ContactPointFactory(party=citizen.party, value=f"+8450{number:07d}")
        CredentialFactory(
            holder=citizen.party,
            category="B",
            issued_on=date(2017, 1, 19),
            expires_on=FRIDAY.date() + timedelta(days=60),
            unit=self.scene.commune,
        )
        dossier = submit_dossier(
            applicant=citizen,
            suggestion=None,
            version=self.scene.version,
            answers=ANSWERS,
            now=FRIDAY,
        )
        bring_papers(dossier)
        for action in (Action.RECEIVE, Action.START_PROCESSING):
            dossier = self._press(dossier, action, self.officers[0])
        return dossier

    def fight(
        self, dossier: Dossier, moves: tuple[Action, Action], late: tuple[float, float]
    ) -> list[Action]:
        """Let both press, each so many seconds late; return whose moves were taken."""

        def press(side: int) -> Action | None:
            self.gate.wait(timeout=60)
            sleep(late[side])
            try:
                self._press(dossier, moves[side], self.officers[side])
            except StaleVersionError:
                return None
            return moves[side]

        return [move for move in self.pool.map(press, (0, 1)) if move is not None]

    def end(self) -> None:
        """Close the threads and their connections."""

        def leave(_side: int) -> None:
            self.gate.wait(timeout=60)
            connections.close_all()

        list(self.pool.map(leave, (0, 1)))
        self.pool.shutdown()

    def _press(self, dossier: Dossier, action: Action, user: User) -> Dossier:
        return advance(
            dossier=dossier,
            action=action,
            user=user,
            version=dossier.version,
            note="Không đủ điều kiện",
            components=("GPLX-02",),
            days=2,
            to=self.third,
            now=FRIDAY,
        )


def test_of_two_officers_exactly_one_is_heard_every_time() -> None:
    chance = random.Random(6)  # noqa: S311 - repeatable, guards nothing
    duel, taken = Duel(renewal()), Counter[Action]()
    try:
        for number in range(TIMES):
            moves = (chance.choice(MOVES), chance.choice(MOVES))
            before = duel.file(number)
            late = (chance.random() * 0.01, chance.random() * 0.01)
            heard = duel.fight(before, moves, late)
            assert len(heard) == 1, (number, moves, heard)
            _check(before, heard[0])
            taken[heard[0]] += 1
    finally:
        duel.end()

    codes = list(Dossier.objects.order_by("code").values_list("code", flat=True))
    assert [int(code[-7:]) for code in codes] == list(range(1, TIMES + 1))
    assert CodeCounter.objects.get().last == TIMES
    assert Result.objects.count() == taken[Action.APPROVE]
    print(f"{TIMES} duels: {dict(taken)}")  # noqa: T201 - the figure


def _check(before: Dossier, move: Action) -> None:
    """Hold one dossier against the one move that was taken on it."""
    after = Dossier.objects.get(pk=before.pk)
    assert after.version == before.version + 1
    assert after.status == _LANDS_IN.get(move, Status.PROCESSING)
    last = DossierEvent.objects.filter(dossier=after).order_by("pk").last()
    assert last is not None
    assert (last.action, DossierEvent.objects.filter(dossier=after).count()) == (move, 4)
    entries = ClockEvent.objects.filter(dossier=after).order_by("pk")
    expected = _MOVES_CLOCK.get(move)
    assert [entry.kind for entry in entries][1:] == ([expected] if expected else [])
    assert clock_of(dossier=after).due_on == after.due_on


def test_twenty_parallel_identical_filings_are_one_dossier_with_one_number() -> None:
    scene = renewal()

    def press() -> Dossier:
        return scene.submit()

    outcomes = at_once(*[press] * 20)

    assert set(outcomes) == {Dossier.objects.get()}
    assert CodeCounter.objects.get().last == 1
    assert DossierEvent.objects.count() == 1
