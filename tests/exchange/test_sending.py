"""The outbox to a partner: written with the step, told in order, once, whatever goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from citizens.models import User
from dossiers.enums import Action, ExchangeState
from dossiers.exchange.books import Books, Fault, Weather
from dossiers.exchange.sending import LEASE, back_off, due_rows
from dossiers.models import Dossier, ExchangeLink, ExchangeRow
from portal.common import clock
from portal.common.outbox import claim
from tests.dossiers.scene import FRIDAY, Scene, bring_papers, step
from tests.exchange.partner_scene import MINUTE, PARTNER, code_there, states, tell

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.fault,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]
DONE = ExchangeState.ACKNOWLEDGED


class Only(Weather):
    """Weather that hits the next calls with one fault each, then clears up."""

    def __init__(self, *faults: Fault | None) -> None:
        super().__init__()
        self.faults = list(faults)

    def next(self) -> Fault | None:
        return self.faults.pop(0) if self.faults else None


def decided(scene: Scene, officer: User) -> Dossier:
    """Return a dossier that went all the way to its decision, with nothing told yet."""
    dossier = scene.submit()
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        dossier = step(dossier, action, officer)
    return Dossier.objects.get(pk=dossier.pk)


def test_a_dossier_is_told_in_the_order_that_the_partner_expects(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = scene.submit()
    bring_papers(dossier)
    dossier = step(dossier, Action.RECEIVE, officer)

    assert states(dossier) == [("dossier", "waiting"), ("step", "waiting")]
    assert tell(FRIDAY) == 2

    first, *files = books.calls[:-3]
    assert (first, set(files)) == ("/GetNextValue", {"/UploadFile"})
    assert books.calls[-3:] == ["/NoiHoSo", "/CapNhatTienTrinh", "/CapNhatTrangThai"]
    there = books.dossiers[code_there(dossier)]
    assert there["MaHoSoDiaPhuong"] == dossier.code
    assert there["TrangThai"] == "2"
    assert dossier.due_on is not None
    assert there["NgayHenTra"] == dossier.due_on.isoformat()
    assert states(dossier) == [("dossier", DONE), ("step", DONE)]
    assert all(row.acknowledgement for row in ExchangeRow.objects.all())


def test_the_row_is_written_with_the_step_or_not_at_all(scene: Scene, officer: User) -> None:
    dossier = scene.submit()

    with transaction.atomic():
        step(dossier, Action.RECEIVE, officer)
        assert states(dossier) == [("dossier", "waiting"), ("step", "waiting")]
        transaction.set_rollback(True)

    assert states(dossier) == [("dossier", "waiting")]


def test_nothing_is_noted_where_no_partner_is_set(settings: Settings, scene: Scene) -> None:
    settings.NATIONAL_PORTAL_URL = ""

    scene.submit()

    assert not ExchangeRow.objects.exists()
    assert not ExchangeLink.objects.exists()


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.DROP, Fault.LATE, Fault.SLOW])
@pytest.mark.parametrize("place", range(9))
def test_each_fault_at_each_call_is_made_good(
    scene: Scene, officer: User, books: Books, fault: Fault, place: int
) -> None:
    dossier = decided(scene, officer)
    books.weather = Only(*[None] * place, fault)

    for attempt in range(4):
        tell(FRIDAY + attempt * 5 * MINUTE)

    assert {state for _kind, state in states(dossier)} == {DONE}
    [there] = books.dossiers.values()
    assert (there["MaHoSo"], there["TrangThai"]) == (code_there(dossier), "9")
    assert len(there["TienTrinh"]) == 3, "no step was written down twice"


def test_a_later_step_waits_for_the_earlier_one(scene: Scene, officer: User, books: Books) -> None:
    dossier = decided(scene, officer)
    books.weather = Weather({Fault.BROKEN: 1})

    assert tell(FRIDAY) == 0

    rows = list(ExchangeRow.objects.order_by("pk"))
    assert [row.attempt for row in rows] == [1, 0, 0, 0]
    assert rows[0].due_at == FRIDAY + back_off(1)
    assert not due_rows(PARTNER, FRIDAY).exists()
    assert [row.pk for row in due_rows(PARTNER, FRIDAY + MINUTE)] == [rows[0].pk]
    assert states(dossier)[1:] == [("step", "waiting")] * 3


def test_what_is_refused_is_parked_and_holds_its_own_dossier_only(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = scene.submit()
    tell(FRIDAY)
    books.dossiers.clear()  # it knows nothing of the dossier any more, so it refuses its step
    step(dossier, Action.RECEIVE, officer)

    tell(FRIDAY)

    row = ExchangeRow.objects.get(kind="step")
    assert row.state == ExchangeState.PARKED
    assert "không có hồ sơ này" in row.reason


def test_a_row_whose_holder_died_is_told_by_the_next(scene: Scene, books: Books) -> None:
    scene.submit()
    at = max(FRIDAY, clock.now())
    [held] = claim(due_rows(PARTNER, at), held=ExchangeState.SENDING, until=at + LEASE, limit=1)

    assert tell(at) == 0
    assert tell(at + LEASE + timedelta(seconds=1)) == 1

    held.refresh_from_db()
    assert (held.state, held.attempt) == (DONE, 2)


def test_waiting_grows_to_half_an_hour() -> None:
    assert [back_off(n) / MINUTE for n in (1, 2, 3, 40)] == [1 / 3, 2 / 3, 4 / 3, 30]
