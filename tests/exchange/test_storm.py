"""After a storm both sides hold the same dossiers, statuses and dates; waiting made none late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Action, DifferenceState, ExchangeState
from dossiers.exchange.books import Books, Fault, Weather
from dossiers.exchange.payloads import dates_of
from dossiers.exchange.reconciling import apply_repair, reconcile
from dossiers.exchange.waits import keep_waits
from dossiers.models import Difference, Dossier, ExchangeLink, ExchangeRow
from dossiers.partners.mapping import mapping_of
from dossiers.selectors import standing_clock_of
from portal.common import clock
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.exchange.partner_scene import MINUTE, PARTNER, impatient, tell
from tests.sizes import of_storms

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.allow_hosts(["127.0.0.1"])]
DAY = timedelta(days=1)
STEPS = (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE)
STORM = {
    Fault.BROKEN: 0.15,
    Fault.DROP: 0.1,
    Fault.LATE: 0.1,
    Fault.WRONG: 0.15,
    Fault.FORGET: 0.15,
    Fault.DOUBLE: 0.15,
    Fault.SLOW: 0.02,
}


def drain(now: datetime) -> datetime:
    """Tell until nothing waits any more; return when that was."""
    for bell in range(60):
        at = now + bell * 31 * MINUTE
        tell(at)
        keep_waits(now=at)
        refused = ExchangeRow.objects.filter(state=ExchangeState.PARKED).values("dossier")
        waiting = ExchangeRow.objects.filter(state=ExchangeState.WAITING)
        if not waiting.exclude(dossier__in=refused).exists():
            return at
    raise AssertionError("the outbox does not empty")


def mend(officer: User, now: datetime) -> int:
    """Compare, let all that is proposed be done, and tell; return how many differences were."""
    run = reconcile(partner=PARTNER, line=impatient(PARTNER), now=now)
    assert (run.fault, run.under_way_count) == ("", 0)
    for one in Difference.objects.filter(state=DifferenceState.OPEN).order_by("pk"):
        apply_repair(difference=one, by=officer, now=now)
    drain(now)
    return run.difference_count


@pytest.mark.parametrize("seed", range(of_storms(2, 12)))
def test_after_the_storm_both_sides_hold_the_same(books: Books, seed: int) -> None:
    # Given matters of several people, each at an office that works at its own pace
    scenes = [renewal() for _person in range(of_storms(3, 5))]
    officers = [one.officer(Role.CASE_OFFICER, Role.RECEPTIONIST) for one in scenes]
    books.weather = Weather(STORM, seed=seed)
    dossiers = [scene.submit() for scene in scenes]

    # When the offices work on while the partner fails in every way
    for day, action in enumerate(STEPS):
        at = FRIDAY + day * 35 * MINUTE
        dossiers = [
            step(Dossier.objects.get(pk=row.pk), action, officer, now=at)
            for row, officer in zip(dossiers, officers, strict=True)
        ]
        for bell in range(6):
            tell(at + bell * 5 * MINUTE)
        keep_waits(now=at + 31 * MINUTE)

    # Then, with fair weather, a few nights mend what went wrong
    books.weather = Weather()
    now = drain(FRIDAY + DAY)
    for night in range(1, 5):
        if not mend(officers[0], now + night * DAY):
            break
    else:
        raise AssertionError("the books stay different")
    assert_alike(books, len(dossiers))
    for row in dossiers:
        dossier = Dossier.objects.get(pk=row.pk)
        assert standing_clock_of(dossier=dossier, day=clock.civil_date(now)).late.raw == 0


@pytest.mark.parametrize("fault", [Fault.WRONG, Fault.FORGET, Fault.DOUBLE])
def test_what_the_partner_answered_well_and_did_wrong_is_found_and_mended(
    books: Books, fault: Fault
) -> None:
    scene: Scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST)
    step(scene.submit(), Action.RECEIVE, officer)
    books.weather = Weather({fault: 1})
    tell(FRIDAY)
    books.weather = Weather()

    assert mend(officer, FRIDAY + 5 * MINUTE) == 1

    assert mend(officer, FRIDAY + 10 * MINUTE) == 0
    assert_alike(books, 1)


def assert_alike(books: Books, count: int) -> None:
    links = ExchangeLink.objects.select_related("dossier").order_by("pk")
    assert {link.their_code for link in links} == set(books.dossiers)
    assert len(books.dossiers) == count
    mapping = mapping_of(PARTNER)
    for link in links:
        dossier, there = link.dossier, books.dossiers[link.their_code]
        day = clock.civil_date(dossier.submitted_at)
        assert there["MaHoSoDiaPhuong"] == dossier.code
        assert there["TrangThai"] == mapping.status_there(dossier.status, day)
        assert {name: there[name] for name in dates_of(dossier)} == dates_of(dossier)
    assert not ExchangeRow.objects.exclude(
        state__in=(ExchangeState.ACKNOWLEDGED, ExchangeState.DROPPED)
    ).exists()


def test_a_partner_away_in_the_middle_makes_nobody_late(books: Books) -> None:
    scene: Scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    books.weather = Weather({Fault.BROKEN: 1})
    for day in range(20):
        with time_machine.travel(FRIDAY + day * DAY, tick=False):
            tell(FRIDAY + day * DAY)
            keep_waits(now=FRIDAY + day * DAY + 11 * MINUTE)

    books.weather = Weather()
    now = drain(FRIDAY + 20 * DAY)
    for action in STEPS[1:]:
        dossier = step(Dossier.objects.get(pk=dossier.pk), action, officer, now=now)
    now = drain(now + MINUTE)

    assert mend(officer, now + MINUTE) == 0
    assert_alike(books, 1)
    late = standing_clock_of(
        dossier=Dossier.objects.get(pk=dossier.pk), day=clock.civil_date(now)
    ).late
    assert late.raw == 0
