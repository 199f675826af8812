"""Our books beside a partner's: each difference with what would mend it, and mended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from citizens.models import User
from dossiers.enums import Action, DifferenceState, ExchangeState, Repair
from dossiers.exchange import reconciling
from dossiers.exchange.acts import ask_comparison
from dossiers.exchange.books import Books, Fault, Weather
from dossiers.exchange.looking import partner_standing
from dossiers.exchange.reconciling import (
    AGAIN,
    LONGEST,
    apply_repair,
    dismiss_difference,
    reconcile,
    reconcile_asked,
    reconcile_nightly,
)
from dossiers.models import Difference, Dossier, ExchangeRow, Reconciliation
from portal.common.errors import RefusedError
from tests.dossiers.scene import FRIDAY, Scene, step
from tests.exchange.partner_scene import MINUTE, PARTNER, code_there, impatient, tell

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.allow_hosts(["127.0.0.1"])]
LATER = FRIDAY + 10 * MINUTE


def compare(now: Any = LATER) -> Reconciliation:
    return reconcile(partner=PARTNER, line=impatient(PARTNER), now=now)


def differences() -> list[tuple[str, str]]:
    rows = Difference.objects.filter(state=DifferenceState.OPEN).order_by("pk")
    return [(row.kind, row.repair) for row in rows]


@pytest.fixture
def told(scene: Scene, officer: User) -> Dossier:
    """A dossier that was received, of which the partner knows everything."""
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    assert tell(FRIDAY) == 2
    return dossier


def test_books_that_are_alike_have_no_difference(told: Dossier, books: Books) -> None:
    run = compare()

    assert (run.here_count, run.there_count, run.under_way_count) == (1, 1, 0)
    assert (run.difference_count, run.fault) == (0, "")
    assert differences() == []


def test_what_is_still_to_be_told_is_no_difference(
    scene: Scene, told: Dossier, officer: User, books: Books
) -> None:
    step(told, Action.START_PROCESSING, officer)

    run = compare()

    assert (run.under_way_count, run.difference_count) == (1, 0)


@pytest.mark.parametrize(
    ("change", "repair"),
    [
        ({"TrangThai": "8"}, Repair.TELL_STATUS),
        ({"NgayHenTra": "2030-01-01"}, Repair.TELL_DATES),
        (None, Repair.TELL_AGAIN),
    ],
)
def test_a_difference_is_mended_by_what_is_proposed(
    told: Dossier, officer: User, books: Books, change: dict[str, str] | None, repair: Repair
) -> None:
    code = code_there(told)
    if change is None:
        del books.dossiers[code]
    else:
        books.dossiers[code] |= change
    assert compare().difference_count == 1
    difference = Difference.objects.get()
    assert difference.repair == repair

    apply_repair(difference=difference, by=officer, now=LATER)
    assert tell(LATER) == 1

    assert compare(LATER + MINUTE).difference_count == 0
    there = books.dossiers[code]
    assert (there["TrangThai"], there["NgayHenTra"]) == ("2", str(told.due_on))
    difference.refresh_from_db()
    assert (difference.state, difference.decided_by) == (DifferenceState.APPLIED, officer)


def test_what_was_refused_meanwhile_is_told_with_the_whole(
    told: Dossier, officer: User, books: Books
) -> None:
    books.dossiers.clear()
    moved = step(told, Action.START_PROCESSING, officer)
    tell(LATER)
    assert ExchangeRow.objects.get(state=ExchangeState.PARKED).kind == "step"
    step(moved, Action.APPROVE, officer)  # waits behind what was refused
    assert compare().under_way_count == 0

    apply_repair(difference=Difference.objects.get(), by=officer, now=LATER)
    tell(LATER)

    assert compare(LATER + MINUTE).difference_count == 0
    assert not ExchangeRow.objects.filter(state=ExchangeState.PARKED).exists()


def test_a_second_copy_is_removed_and_a_stranger_looked_into(
    told: Dossier, officer: User, books: Books
) -> None:
    books.dossiers["G22.99-MP-9"] = {**books.dossiers[code_there(told)], "MaHoSo": "G22.99-MP-9"}
    books.invent("G22.99-MP-8", "2", FRIDAY.date().isoformat())
    compare()
    assert differences() == [("only_there", Repair.BY_HAND), ("double", Repair.REMOVE_THERE)]
    stranger, double = Difference.objects.order_by("pk")

    apply_repair(difference=double, by=officer, now=LATER)
    assert tell(LATER) == 1
    with pytest.raises(RefusedError):
        apply_repair(difference=stranger, by=officer, now=LATER)
    dismiss_difference(difference=stranger, by=officer, now=LATER)

    assert set(books.dossiers) == {code_there(told), "G22.99-MP-8"}
    with pytest.raises(RefusedError):
        dismiss_difference(difference=stranger, by=officer, now=LATER)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-04-01", "NgayHenTra=2026-04-01"),
        ("2026-04-01T00:00:00+07:00", "NgayHenTra=2026-04-01T00:00:00+07:00"),
        ("Trần Văn Bình 0912 345 678", f"NgayHenTra={'•' * 5} {'•' * 5}"),
        ("079099001234", f"NgayHenTra={'•' * 5}"),
        ("", "NgayHenTra=–"),
    ],
)
def test_what_is_no_day_is_kept_without_people(
    told: Dossier, books: Books, said: str, kept: str
) -> None:
    books.dossiers[code_there(told)]["NgayHenTra"] = said

    compare()

    assert Difference.objects.get().there == kept


def test_a_status_that_no_mapping_knows_names_nobody(told: Dossier, books: Books) -> None:
    books.dossiers[code_there(told)]["TrangThai"] = "chờ Trần Văn Bình"

    compare()

    assert Difference.objects.get().there == f"chờ {'•' * 5}"


def test_one_matter_is_open_once_and_goes_by_itself(
    told: Dossier, officer: User, books: Books
) -> None:
    code = code_there(told)
    for status in ("8", "9"):
        books.dossiers[code]["TrangThai"] = status
        compare()
    difference = Difference.objects.get()
    assert (difference.there, difference.here) == ("9", "2")

    books.dossiers[code]["TrangThai"] = "2"
    compare()

    difference.refresh_from_db()
    assert difference.state == DifferenceState.GONE


def test_once_a_night_and_again_where_it_could_not_be_made(told: Dossier, books: Books) -> None:
    night = FRIDAY + timedelta(hours=17)  # 02:00 of the next day
    books.weather = Weather({Fault.BROKEN: 1})
    assert reconcile_nightly(now=night, lines=impatient) == 0
    assert "500" in Reconciliation.objects.get().fault

    books.weather = Weather()
    assert reconcile_nightly(now=night + MINUTE, lines=impatient) == 0  # not at each bell
    assert Reconciliation.objects.count() == 1
    assert reconcile_nightly(now=night + AGAIN, lines=impatient) == 1
    assert reconcile_nightly(now=night + AGAIN + MINUTE, lines=impatient) == 0
    midnight = night + timedelta(hours=22, minutes=30)
    assert reconcile_nightly(now=midnight, lines=impatient) == 0


def test_what_a_dead_process_left_keeps_nobody_from_comparing(
    told: Dossier, officer: User, books: Books
) -> None:
    night = FRIDAY + timedelta(hours=17)
    Reconciliation.objects.create(partner=PARTNER, began_at=night)
    soon, later = night + LONGEST, night + LONGEST + MINUTE
    assert reconcile_nightly(now=soon, lines=impatient) == 0  # it may still run
    with pytest.raises(RefusedError):
        ask_comparison(partner=PARTNER, reason="Đối soát", by=officer, now=soon)

    assert reconcile_nightly(now=later, lines=impatient) == 1

    made, left = Reconciliation.objects.order_by("-pk")
    assert (made.fault, left.fault, left.ended_at) == ("", "not ended", later)
    assert not partner_standing(PARTNER).is_comparing


def test_one_that_was_left_open_can_be_asked_for_again(officer: User, books: Books) -> None:
    Reconciliation.objects.create(partner=PARTNER, began_at=FRIDAY)
    later = FRIDAY + LONGEST + MINUTE

    ask_comparison(partner=PARTNER, reason="Đối soát", by=officer, now=later)

    assert reconcile_asked(now=later + MINUTE, lines=impatient) == 1


def test_a_fault_of_our_own_ends_the_comparison(
    told: Dossier, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise TypeError("dates")

    monkeypatch.setattr(reconciling, "_compare", fail)

    run = compare()

    assert (run.fault, run.ended_at is not None) == ("failed here: TypeError", True)
