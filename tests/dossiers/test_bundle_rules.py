"""The life of a step of a case as a table, and what a case makes of its steps."""

from __future__ import annotations

import itertools

import pytest

from dossiers.bundle_rules import (
    CLOSED,
    EXEMPT,
    NEEDS_ANSWERS,
    NEWS,
    NOT_CHOSEN,
    TABLE,
    Child,
    Move,
    Outcome,
    held_up,
    may,
    moved,
    outcome,
    renamed,
    startable,
)
from dossiers.enums import Action
from dossiers.enums import BundleStepState as S

# Every state and every move: None where the move is refused.
EXPECTED = {
    S.WAITING: {Move.START: S.READY, Move.DROP: S.DROPPED, Move.CLOSE: S.DROPPED},
    S.READY: {Move.FILE: S.FILED, Move.DROP: S.DROPPED, Move.CLOSE: S.DROPPED},
    S.FILED: {Move.GRANT: S.DONE, Move.END: S.FAILED},
    S.DONE: {},
    S.FAILED: {Move.RETRY: S.READY, Move.REPLACE: S.REPLACED, Move.DROP: S.DROPPED},
    S.REPLACED: {},
    S.DROPPED: {Move.RESTORE: S.WAITING},
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(S, Move)))
def test_every_move_in_every_state(state: S, move: Move) -> None:
    assert moved(state, move) is EXPECTED[state].get(move)


def test_every_state_is_reached_and_left_but_the_last_ones() -> None:
    reached = {S.WAITING, *TABLE.values()}
    assert reached == set(S)
    assert {state for state, _move in TABLE} == set(S) - {S.DONE, S.REPLACED}


@pytest.mark.parametrize(
    ("action", "move"),
    [
        (Action.APPROVE, Move.GRANT),
        (Action.REFUSE_RECEPTION, Move.END),
        (Action.STOP, Move.END),
        (Action.WITHDRAW, Move.END),
        (Action.RECEIVE, None),
        (Action.RETURN_RESULT, None),
    ],
)
def test_news_of_a_dossier(action: Action, move: Move | None) -> None:
    assert NEWS.get(action) is move


@pytest.mark.parametrize(
    ("reason", "allowed"),
    [("", True), (NOT_CHOSEN, True), (f"{EXEMPT}:small_house", False), (CLOSED, False)],
)
def test_what_may_be_taken_up_again(reason: str, allowed: bool) -> None:
    assert may(Child("A", S.DROPPED, reason=reason), Move.RESTORE) is allowed


def birth(*states: S) -> list[Child]:
    """Registration, then residence, then insurance, and a card for whoever wishes."""
    after = [(), ("A",), ("B",), ("A",)]
    return [
        Child(code, state, needs, code == "D")
        for code, state, needs in zip("ABCD", states, after, strict=True)
    ]


@pytest.mark.parametrize(
    ("states", "ready", "blocked"),
    [
        ((S.FILED, S.WAITING, S.WAITING, S.WAITING), [], {}),
        ((S.DONE, S.WAITING, S.WAITING, S.WAITING), ["B", "D"], {}),
        ((S.DONE, S.DONE, S.WAITING, S.DROPPED), ["C"], {}),
        ((S.FAILED, S.WAITING, S.WAITING, S.DROPPED), [], {"B": ["A"]}),
        ((S.DONE, S.FAILED, S.WAITING, S.WAITING), ["D"], {"C": ["B"]}),
        ((S.DONE, S.DROPPED, S.WAITING, S.DONE), [], {"C": ["B"]}),
        ((S.DONE, S.DROPPED, S.FILED, S.DONE), [], {}),
    ],
)
def test_who_may_start_and_who_is_held_up(
    states: tuple[S, ...], ready: list[str], blocked: dict[str, list[str]]
) -> None:
    children = birth(*states)

    assert startable(children) == ready
    assert {one.code: codes for one in children if (codes := held_up(one, children))} == blocked


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((S.FILED, S.WAITING, S.WAITING, S.DROPPED), Outcome.RUNNING),
        ((S.READY, S.WAITING, S.WAITING, S.DROPPED), Outcome.RUNNING),
        ((S.FAILED, S.WAITING, S.WAITING, S.DROPPED), Outcome.STUCK),
        ((S.DONE, S.FAILED, S.WAITING, S.FILED), Outcome.RUNNING),
        ((S.DONE, S.FAILED, S.WAITING, S.DONE), Outcome.STUCK),
        ((S.DONE, S.DONE, S.DONE, S.DROPPED), Outcome.DONE),
        ((S.DONE, S.DROPPED, S.DROPPED, S.DROPPED), Outcome.DONE),
        ((S.REPLACED, S.DONE, S.DONE, S.DONE), Outcome.DONE),
        ((S.DROPPED, S.DROPPED, S.DROPPED, S.DROPPED), Outcome.ENDED),
    ],
)
def test_how_a_case_stands(states: tuple[S, ...], expected: Outcome) -> None:
    assert outcome(birth(*states)) is expected


def test_a_step_that_waits_for_an_answer_does_not_run() -> None:
    assert outcome([Child("A", S.READY, reason=NEEDS_ANSWERS)]) is Outcome.STUCK


@pytest.mark.parametrize(("new", "after"), [("X", ["X", "B"]), (None, ["B"])])
def test_what_is_waited_for_in_place_of_another(new: str | None, after: list[str]) -> None:
    assert renamed(["A", "B"], "A", new) == after
