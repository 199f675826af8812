"""How a suggestion moves, as a table; whatever is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from procedures.enums import SuggestionState


class Move(StrEnum):
    """What a person or a finished dossier does with a suggestion."""

    ACCEPT = "accept"
    SNOOZE = "snooze"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    FULFIL = "fulfil"


_S = SuggestionState
MOVES: Mapping[tuple[SuggestionState, Move], SuggestionState] = {
    (_S.OPEN, Move.ACCEPT): _S.ACCEPTED,
    (_S.SNOOZED, Move.ACCEPT): _S.ACCEPTED,
    (_S.OPEN, Move.SNOOZE): _S.SNOOZED,
    (_S.SNOOZED, Move.SNOOZE): _S.SNOOZED,
    (_S.OPEN, Move.DISMISS): _S.DISMISSED,
    (_S.SNOOZED, Move.DISMISS): _S.DISMISSED,
    (_S.ACCEPTED, Move.REOPEN): _S.OPEN,
    (_S.DISMISSED, Move.REOPEN): _S.OPEN,
    (_S.OPEN, Move.FULFIL): _S.FULFILLED,
    (_S.SNOOZED, Move.FULFIL): _S.FULFILLED,
    (_S.ACCEPTED, Move.FULFIL): _S.FULFILLED,
}


def state_after(state: str, move: Move) -> SuggestionState | None:
    """Return the state that a move leads to, or None where the table does not allow it."""
    return MOVES.get((SuggestionState(state), move))
