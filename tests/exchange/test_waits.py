"""Nobody is late because a partner does not answer, and no clock stands still without a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from pytest_django import Settings

from citizens.models import User
from dossiers.enums import Action, Actor, ClockEventKind, ExchangeState
from dossiers.exchange.books import Books, Fault, Weather
from dossiers.exchange.waits import PATIENCE, keep_waits
from dossiers.models import ClockEvent, Dossier, DossierEvent, ExchangeLink, ExchangeRow
from dossiers.partners.mapping import OURS
from dossiers.selectors import standing_clock_of
from portal.common import clock
from tests.dossiers.scene import FRIDAY, Scene, step
from tests.exchange.partner_scene import MINUTE, PARTNER, tell
from tests.factories.dossiers import LICENCE

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.allow_hosts(["127.0.0.1"])]
DAY = timedelta(days=1)
BROKEN = Weather({Fault.BROKEN: 1})


@pytest.fixture
def theirs(tmp_path: Path, settings: Settings) -> None:
    """A mapping by which the partner keeps the status of the licences' renewal."""
    document = yaml.safe_load((OURS / f"{PARTNER}.yaml").read_text(encoding="utf-8"))
    document["procedures"][0]["named"] = {LICENCE: {"owner": "partner"}}
    (tmp_path / f"{PARTNER}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    settings.PARTNER_MAPPINGS = str(tmp_path)


def received(scene: Scene, officer: User) -> Dossier:
    return step(scene.submit(), Action.RECEIVE, officer)


def entries(dossier: Dossier) -> list[str]:
    rows = ClockEvent.objects.filter(dossier=dossier).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def days_late(dossier: Dossier, at: datetime) -> int:
    return standing_clock_of(dossier=fresh(dossier), day=clock.civil_date(at)).late.raw


def test_a_partner_that_is_down_for_two_weeks_makes_nobody_late(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = received(scene, officer)
    first = dossier.due_on
    assert first is not None
    books.weather = BROKEN
    tell(FRIDAY)
    assert keep_waits(now=FRIDAY + PATIENCE) == 1

    for day in range(1, 15):
        tell(FRIDAY + day * DAY)
        assert keep_waits(now=FRIDAY + day * DAY) == 0, "once, not again and again"
        assert days_late(dossier, FRIDAY + day * DAY) == 0

    books.weather = Weather()
    back = FRIDAY + 14 * DAY
    assert tell(back + 30 * MINUTE) == 2
    assert keep_waits(now=back + 30 * MINUTE) == 1
    assert entries(dossier) == [
        ClockEventKind.START,
        ClockEventKind.SYNC_WAIT,
        ClockEventKind.RESUME,
    ]
    assert (fresh(dossier).due_on or first) > first
    assert days_late(dossier, back) == 0
    steps = DossierEvent.objects.filter(dossier=dossier, action=Action.WAIT_FOR_SYSTEM)
    assert [(one.actor_role, one.note) for one in steps] == [
        (Actor.SYSTEM, "Cổng Dịch vụ công quốc gia")
    ]
    # The date that moved is told as well, and nothing waits for that.
    assert tell(back + 31 * MINUTE) == 1
    [there] = books.dossiers.values()
    assert there["NgayHenTra"] == str(fresh(dossier).due_on)


def test_a_status_that_is_only_reported_late_holds_nobody_up(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = scene.submit()
    tell(FRIDAY)
    books.weather = BROKEN
    dossier = step(dossier, Action.RECEIVE, officer)
    tell(FRIDAY)

    assert keep_waits(now=FRIDAY + DAY) == 0
    assert entries(dossier) == [ClockEventKind.START]


@pytest.mark.usefixtures("theirs")
def test_a_status_that_the_partner_keeps_is_waited_for(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = scene.submit()
    tell(FRIDAY)
    books.weather = BROKEN
    dossier = step(dossier, Action.RECEIVE, officer)
    tell(FRIDAY)

    assert keep_waits(now=FRIDAY + DAY) == 1
    assert entries(dossier)[-1] == ClockEventKind.SYNC_WAIT


def test_what_the_partner_refused_is_ours_to_repair(scene: Scene, officer: User) -> None:
    dossier = received(scene, officer)
    ExchangeRow.objects.filter(kind="dossier").update(state=ExchangeState.PARKED)
    ExchangeRow.objects.filter(kind="step").update(noted_at=FRIDAY + DAY)

    assert keep_waits(now=FRIDAY + DAY) == 0
    assert entries(dossier) == [ClockEventKind.START]


def test_a_wait_that_an_official_stated_is_left_alone(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = received(scene, officer)
    step(dossier, Action.WAIT_FOR_SYSTEM, officer, note="Cơ sở dữ liệu quốc gia")

    tell(FRIDAY)
    assert keep_waits(now=FRIDAY + DAY) == 0

    assert fresh(dossier).system_wait_since is not None
    assert not ExchangeLink.objects.get().waits


def test_a_pause_for_the_citizen_ends_the_wait_and_it_begins_anew_afterwards(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = received(scene, officer)
    books.weather = BROKEN
    assert keep_waits(now=FRIDAY + DAY) == 1
    dossier = step(
        fresh(dossier), Action.REQUEST_SUPPLEMENT, officer, now=FRIDAY + 3 * DAY, note="Thiếu ảnh"
    )
    assert keep_waits(now=FRIDAY + 3 * DAY) == 0
    step(dossier, Action.SUPPLEMENT, officer, now=FRIDAY + 5 * DAY)

    assert keep_waits(now=FRIDAY + 5 * DAY) == 1

    assert entries(dossier)[-3:] == [
        ClockEventKind.PAUSE,
        ClockEventKind.RESUME,
        ClockEventKind.SYNC_WAIT,
    ]
