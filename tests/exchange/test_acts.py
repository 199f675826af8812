"""What an official does by hand with the exchange: only what is safe, once, and written down."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from pytest_django import Settings

from citizens.models import User
from dossiers.enums import Action, DifferenceState, ExchangeActKind, ExchangeState
from dossiers.exchange import acts
from dossiers.exchange.acts import (
    act_on_rows,
    ask_comparison,
    decide_difference,
    may_act,
)
from dossiers.exchange.books import Books, Fault, Weather
from dossiers.exchange.looking import clock_waits, partner_standing, told_of
from dossiers.exchange.portal import NationalPortal
from dossiers.exchange.reconciling import LONGEST, reconcile, reconcile_asked
from dossiers.exchange.sending import LEASE, due_rows
from dossiers.exchange.waits import keep_waits
from dossiers.models import Difference, ExchangeAct, ExchangeLink, ExchangeRow, Reconciliation
from dossiers.partners.address import address_of
from dossiers.partners.mapping import Repeats
from portal.common.errors import RefusedError
from portal.common.outbox import claim
from tests.dossiers.scene import FRIDAY, Scene, step
from tests.exchange.partner_scene import MINUTE, PARTNER, code_there, impatient, tell

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.allow_hosts(["127.0.0.1"])]
_K, _S = ExchangeActKind, ExchangeState
LATER = FRIDAY + 30 * MINUTE


def seen(*rows: ExchangeRow) -> dict[UUID, int]:
    return {row.public_id: row.attempt for row in rows}


def do(kind: ExchangeActKind, by: User, *rows: ExchangeRow, reason: str = "Đã gọi hỏi") -> object:
    done = act_on_rows(kind=kind, seen=seen(*rows), reason=reason, by=by, now=LATER)
    return done.count, done.left


@pytest.fixture
def row(scene: Scene) -> ExchangeRow:
    """The row of a dossier that was filed and of which nobody has told yet."""
    scene.submit()
    return ExchangeRow.objects.get()


def test_each_try_is_kept_with_its_times_and_error(row: ExchangeRow, books: Books) -> None:
    books.weather = Weather({Fault.BROKEN: 1})
    tell(FRIDAY)
    books.weather = Weather()
    tell(LATER)

    first, second = row.attempts.all()
    assert (first.number, first.state) == (1, _S.WAITING)
    assert "500" in first.reason
    assert (second.number, second.state, second.reason) == (2, _S.ACKNOWLEDGED, "")
    assert all(one.ended_at and one.ended_at >= one.began_at for one in (first, second))


def test_what_waits_long_is_sent_at_once(row: ExchangeRow, officer: User, books: Books) -> None:
    books.weather = Weather({Fault.BROKEN: 1})
    for minute in range(5):
        tell(FRIDAY + minute * 5 * MINUTE)
    row.refresh_from_db()
    row.due_at = LATER + timedelta(hours=1)
    row.save(update_fields=["due_at"])
    books.weather = Weather()
    assert tell(LATER) == 0

    assert do(_K.RESEND, officer, row) == (1, 0)

    assert tell(LATER) == 1
    act = ExchangeAct.objects.get()
    assert (act.row, act.kind, act.state_before) == (row, _K.RESEND, _S.WAITING)
    assert (act.by, act.reason, act.at) == (officer, "Đã gọi hỏi", LATER)


def test_a_row_in_the_hand_of_a_dispatcher_is_left(row: ExchangeRow, officer: User) -> None:
    before = seen(row)
    claimed = claim(due_rows(PARTNER, FRIDAY), held=_S.SENDING, until=FRIDAY + LEASE, limit=1)
    assert claimed

    held = act_on_rows(kind=_K.RESEND, seen=before, reason="x", by=officer, now=LATER)

    assert (held.count, held.left) == (0, 1)
    row.refresh_from_db()
    assert row.state == _S.SENDING
    assert not ExchangeAct.objects.exists()


def test_a_row_that_was_tried_since_is_left(row: ExchangeRow, officer: User) -> None:
    ExchangeRow.objects.update(state=_S.PARKED, attempt=3)

    assert do(_K.RESEND, officer, row) == (0, 1)  # seen as the first attempt


@pytest.mark.parametrize(
    ("repeats", "is_safe"), [(Repeats.NEVER, False), (Repeats.ASK, True), (Repeats.SAME, True)]
)
def test_what_may_have_arrived_is_sent_again_only_where_that_does_no_harm(
    row: ExchangeRow,
    monkeypatch: pytest.MonkeyPatch,
    repeats: Repeats,
    is_safe: bool,
) -> None:
    ExchangeRow.objects.update(state=_S.UNKNOWN)
    row.refresh_from_db()
    monkeypatch.setattr(acts, "mapping_of", lambda _partner: _Mapping(repeats))

    assert may_act(row, _K.RESEND) is is_safe
    assert may_act(row, _K.NOT_ARRIVED)


class _Mapping:
    def __init__(self, repeats: Repeats) -> None:
        self.repeats = repeats


def test_a_person_says_that_it_arrived(row: ExchangeRow, officer: User) -> None:
    ExchangeRow.objects.update(state=_S.UNKNOWN)
    row.refresh_from_db()
    assert do(_K.ARRIVED, officer, row) == (0, 1)  # it has no number there: it was never sent

    ExchangeLink.objects.update(their_code="G22.99-1")
    assert do(_K.ARRIVED, officer, row) == (1, 0)

    row.refresh_from_db()
    assert (row.state, row.answered_at, row.decided_by) == (_S.ACKNOWLEDGED, LATER, officer)
    assert ExchangeLink.objects.get().known_at == LATER


def test_a_dossier_that_is_not_known_there_cannot_be_left_out(
    row: ExchangeRow, officer: User
) -> None:
    ExchangeRow.objects.update(state=_S.PARKED)
    row.refresh_from_db()
    assert do(_K.DROP, officer, row) == (0, 1)

    ExchangeLink.objects.update(known_at=FRIDAY)
    assert do(_K.DROP, officer, row) == (1, 0)
    row.refresh_from_db()
    assert row.state == _S.DROPPED


@pytest.mark.parametrize("state", [_S.ACKNOWLEDGED, _S.DROPPED, _S.SENDING])
def test_what_is_settled_or_under_way_is_touched_by_nothing(
    row: ExchangeRow, officer: User, state: ExchangeState
) -> None:
    ExchangeRow.objects.update(state=state)
    row.refresh_from_db()

    assert {do(kind, officer, row) for kind in acts.ROW_ACTS} == {(0, 1)}


def test_nothing_without_a_reason_or_a_row(row: ExchangeRow, officer: User) -> None:
    with pytest.raises(RefusedError):
        do(_K.RESEND, officer, row, reason="  ")
    with pytest.raises(RefusedError):
        do(_K.RESEND, officer)


def test_never_two_comparisons_at_once(row: ExchangeRow, books: Books) -> None:
    line = impatient(PARTNER)
    Reconciliation.objects.create(partner=PARTNER, began_at=FRIDAY)

    with pytest.raises(RefusedError):
        reconcile(partner=PARTNER, line=line, now=FRIDAY + LONGEST)

    run = reconcile(partner=PARTNER, line=line, now=FRIDAY + LONGEST + MINUTE)
    left, made = Reconciliation.objects.order_by("pk")
    assert (left.fault != "", made) == (True, run)
    assert run.ended_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_that_begin_together_one_is_refused(books: Books) -> None:
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def wait() -> None:
        hold.wait(5)

    def compare() -> None:
        line = NationalPortal(address_of(PARTNER), before=wait)
        together.wait()
        try:
            outcomes.append(reconcile(partner=PARTNER, line=line, now=FRIDAY).fault)
        except RefusedError:
            outcomes.append("refused")
            hold.set()
        finally:
            connection.close()

    hold = threading.Event()
    threads = [threading.Thread(target=compare) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["", "refused"]
    assert Reconciliation.objects.count() == 1


def test_one_that_took_too_long_writes_no_difference(row: ExchangeRow, books: Books) -> None:
    books.invent("G22.99-MP-8", "2", FRIDAY.date().isoformat())

    def close() -> None:
        Reconciliation.objects.update(ended_at=LATER, fault="closed by the next one")

    line = NationalPortal(address_of(PARTNER), before=close)

    assert reconcile(partner=PARTNER, line=line, now=FRIDAY).fault == "closed by the next one"
    assert not Difference.objects.exists()


def test_a_comparison_is_made_once_when_it_is_asked_for(
    row: ExchangeRow, officer: User, books: Books
) -> None:
    assert reconcile_asked(now=FRIDAY, lines=impatient) == 0
    ask_comparison(partner=PARTNER, reason="Đối soát cuối tháng", by=officer, now=FRIDAY)
    with pytest.raises(RefusedError):
        ask_comparison(partner=PARTNER, reason="x", by=officer, now=FRIDAY)
    assert partner_standing(PARTNER).is_comparing

    assert reconcile_asked(now=FRIDAY + MINUTE, lines=impatient) == 1
    assert reconcile_asked(now=FRIDAY + 2 * MINUTE, lines=impatient) == 0
    assert not partner_standing(PARTNER).is_comparing
    with pytest.raises(RefusedError):
        ask_comparison(partner="nobody", reason="x", by=officer, now=FRIDAY)


def test_a_difference_is_decided_with_a_reason_once(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    tell(FRIDAY)
    books.dossiers[code_there(dossier)]["TrangThai"] = "8"
    reconcile(partner=PARTNER, line=impatient(PARTNER), now=LATER)
    difference = Difference.objects.get()
    decide = partial(decide_difference, difference=difference, by=officer, now=LATER)

    with pytest.raises(RefusedError):
        decide(kind=_K.REPAIR, reason="")
    decide(kind=_K.REPAIR, reason="Cổng ghi sai")
    with pytest.raises(RefusedError):
        decide(kind=_K.DISMISS, reason="x")

    difference.refresh_from_db()
    assert difference.state == DifferenceState.APPLIED
    act = ExchangeAct.objects.get()
    assert (act.difference, act.reason, act.state_before) == (difference, "Cổng ghi sai", "open")
    assert tell(LATER) == 1


def test_the_wait_of_a_clock_is_told_and_nobody_is_named(
    scene: Scene, officer: User, books: Books, settings: Settings
) -> None:
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    keep_waits(now=LATER)
    day = LATER.date()

    (waiting,) = clock_waits(dossier=dossier, partner=PARTNER, day=day).waits
    assert (waiting.since, waiting.until) == (LATER, None)
    assert partner_standing(PARTNER).clocks_waiting == 1

    tell(LATER + MINUTE)
    keep_waits(now=LATER + 2 * MINUTE)
    (ended,) = clock_waits(dossier=dossier, partner=PARTNER, day=day).waits
    assert ended.until == LATER + 2 * MINUTE
    told = dict(told_of(ExchangeRow.objects.order_by("pk")[0]))
    assert told["MaHoSoDiaPhuong"] == dossier.code
    assert scene.citizen.full_name not in str(told)
    assert told["ChuHoSo"] == "•••••"


def test_of_a_step_that_arrived_the_status_is_told_all_the_same(
    scene: Scene, officer: User, books: Books
) -> None:
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    assert tell(FRIDAY) == 2
    answered = partner_standing(PARTNER).last_success
    received = ExchangeRow.objects.order_by("pk")[1]
    ExchangeRow.objects.filter(pk=received.pk).update(
        state=_S.UNKNOWN, acknowledgement="", answered_at=None
    )
    books.dossiers[code_there(dossier)]["TrangThai"] = "1"  # the second call was never made
    received.refresh_from_db()

    assert do(_K.ARRIVED, officer, received) == (1, 0)

    assert ExchangeLink.objects.get().heard_at == LATER
    assert partner_standing(PARTNER).last_success == answered  # a person settled it, not they
    assert tell(LATER) == 1
    assert books.dossiers[code_there(dossier)]["TrangThai"] == "2"
