"""Whose turn it is: priority first, and for every mixture nobody starves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dossiers.turns import Turn, Waiting, expected_wait, next_turn
from portal.common.clock import CIVIL_ZONE

NINE = datetime(2026, 11, 20, 9, tzinfo=CIVIL_ZONE)
ARRIVALS = st.lists(st.booleans(), max_size=30)


def at(
    minute: int, *, is_preferred: bool = False, behind: int = 0, opens_at: datetime | None = None
) -> Waiting:
    """Return a ticket drawn so many minutes after nine."""
    since = NINE + timedelta(minutes=minute)
    return Waiting(minute, since, is_preferred, behind=behind, opens_at=opens_at)


def whose(turn: Turn | None) -> Waiting:
    """Return who is called; somebody must be."""
    assert turn is not None
    return turn.ticket


def called(waiting: list[Waiting], in_a_row: int) -> Waiting:
    """Call one, as the service does: take it out, and note whom it passed."""
    turn = next_turn(waiting, in_a_row=in_a_row, now=NINE)
    assert turn is not None
    waiting.remove(turn.ticket)
    if turn.passed:
        waiting.remove(turn.passed)
        waiting.append(replace(turn.passed, passed=turn.passed.passed + 1))
    return turn.ticket


def test_priority_goes_first_and_ordinary_ones_between() -> None:
    waiting = [at(minute, is_preferred=minute >= 4) for minute in range(12)]

    order = [called(waiting, 3).key for _ in range(12)]

    assert order == [4, 5, 6, 0, 7, 8, 9, 1, 10, 11, 2, 3]


def test_nobody_waits_when_nobody_is_there() -> None:
    assert next_turn([], in_a_row=3, now=NINE) is None


def test_an_appointment_waits_for_its_time_unless_nobody_else_is_there() -> None:
    booked = at(0, is_preferred=True, opens_at=NINE + timedelta(minutes=30))
    other = at(5)

    early = next_turn([booked, other], in_a_row=3, now=NINE)
    in_time = next_turn([booked, other], in_a_row=3, now=NINE + timedelta(minutes=30))
    alone = next_turn([booked], in_a_row=3, now=NINE)

    assert whose(early) is other
    assert whose(in_time) is booked
    assert whose(alone) is booked


def test_who_missed_a_call_comes_behind_others_unless_nobody_else_is_there() -> None:
    missed, other = at(0, behind=3), at(5)

    turn = next_turn([missed, other], in_a_row=3, now=NINE)
    alone = next_turn([missed], in_a_row=3, now=NINE)

    assert whose(turn) is other
    assert whose(alone) is missed


@given(before=ARRIVALS, later=ARRIVALS, in_a_row=st.integers(1, 9), is_preferred=st.booleans())
def test_nobody_starves(
    before: list[bool], later: list[bool], in_a_row: int, is_preferred: bool
) -> None:
    """However many with priority come afterwards, one at every call."""
    waiting = [at(minute, is_preferred=one) for minute, one in enumerate(before)]
    mine = at(len(before), is_preferred=is_preferred)
    waiting.append(mine)
    alike = sum(one is is_preferred for one in before)
    most = (alike + 1) * (2 if is_preferred else in_a_row + 1)
    arriving = iter([*later, *[True] * 400])

    calls = 0
    while any(one.key == mine.key for one in waiting):
        assert calls < most
        calls += 1
        called(waiting, in_a_row)
        waiting.append(at(1000 + calls, is_preferred=next(arriving)))

    assert calls <= most


@given(people=st.lists(st.booleans(), min_size=1, max_size=40), in_a_row=st.integers(1, 9))
def test_never_more_in_a_row_while_an_ordinary_one_waits(people: list[bool], in_a_row: int) -> None:
    waiting = [at(minute, is_preferred=one) for minute, one in enumerate(people)]
    run = 0

    while waiting:
        is_passing = any(not one.is_preferred for one in waiting)
        one = called(waiting, in_a_row)
        run = run + 1 if one.is_preferred and is_passing else 0
        assert run <= in_a_row


def test_the_wait_is_told_in_steps_of_five_minutes() -> None:
    ten = timedelta(minutes=10)

    assert expected_wait(ahead=0, serving=ten, counters=2) == 0
    assert expected_wait(ahead=3, serving=ten, counters=2) == 15
    assert expected_wait(ahead=4, serving=ten, counters=3) == 15
    assert expected_wait(ahead=1, serving=ten, counters=0) == 10
