"""The life of one step of a bundle case, and what a case makes of all its steps together.

Pure: values in, values out. The services lock the case, ask here and write what the answer is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dossiers.enums import Action, BundleStepState


class Move(StrEnum):
    """What can happen to a step; those of the citizen are RETRY, REPLACE, DROP and RESTORE."""

    START = "start"  # nothing it needs is missing any more
    FILE = "file"  # its dossier was filed
    GRANT = "grant"  # its dossier was granted
    END = "end"  # its dossier ended without a result
    RETRY = "retry"
    REPLACE = "replace"
    DROP = "drop"
    RESTORE = "restore"
    CLOSE = "close"  # its procedure is no longer in force


class Outcome(StrEnum):
    """How a case stands: somebody is at work, something is missing, or it is over."""

    RUNNING = "running"
    STUCK = "stuck"  # nothing runs; the citizen decides what becomes of the rest
    DONE = "done"
    ENDED = "ended"  # over, and nothing was granted


_S = BundleStepState
TABLE: Mapping[tuple[BundleStepState, Move], BundleStepState] = {
    (_S.WAITING, Move.START): _S.READY,
    (_S.WAITING, Move.DROP): _S.DROPPED,
    (_S.WAITING, Move.CLOSE): _S.DROPPED,
    (_S.READY, Move.FILE): _S.FILED,
    (_S.READY, Move.DROP): _S.DROPPED,
    (_S.READY, Move.CLOSE): _S.DROPPED,
    (_S.FILED, Move.GRANT): _S.DONE,
    (_S.FILED, Move.END): _S.FAILED,
    (_S.FAILED, Move.RETRY): _S.READY,
    (_S.FAILED, Move.REPLACE): _S.REPLACED,
    (_S.FAILED, Move.DROP): _S.DROPPED,
    (_S.DROPPED, Move.RESTORE): _S.WAITING,
}
NEWS: Mapping[Action, Move] = {
    Action.APPROVE: Move.GRANT,
    Action.REFUSE_RECEPTION: Move.END,
    Action.STOP: Move.END,
    Action.WITHDRAW: Move.END,
}
"""What a step of a dossier's workflow means for the step of the case that it belongs to."""

NOT_CHOSEN, EXEMPT, CLOSED, NEEDS_ANSWERS = "not_chosen", "exempt", "closed", "needs_answers"
NO_GROUND, AWAITS_NUMBER = "no_ground", "awaits_number"
"""Words that `BundleStep.reason` begins with where the portal, not a person, gives it."""
# What was left out because nobody needs it stays out; the rest may be taken up again.
_FINAL_REASONS = (EXEMPT, CLOSED, NO_GROUND)
_OVER = (_S.DONE, _S.REPLACED, _S.DROPPED)


@dataclass(frozen=True, slots=True)
class Child:
    """A step as plain values; `after` are the codes of the steps that must be granted first."""

    code: str
    state: BundleStepState
    after: tuple[str, ...] = ()
    is_optional: bool = False
    reason: str = ""


def moved(state: BundleStepState, move: Move) -> BundleStepState | None:
    """Return the state that a move leads to; None where the table has no such move."""
    return TABLE.get((state, move))


def may(child: Child, move: Move) -> bool:
    """Return whether a move is open to a step; what the law spares is not taken up again."""
    if move is Move.RESTORE and child.reason.partition(":")[0] in _FINAL_REASONS:
        return False
    return moved(child.state, move) is not None


def startable(children: Sequence[Child]) -> list[str]:
    """Return the codes of the waiting steps for which all that they need was granted."""
    granted = {one.code for one in children if one.state is _S.DONE}
    waiting = (one for one in children if one.state is _S.WAITING)
    return [one.code for one in waiting if granted.issuperset(one.after)]


def held_up(child: Child, children: Iterable[Child]) -> list[str]:
    """Return the codes of what a waiting step needs and nobody works on (left out or failed)."""
    if child.state is not _S.WAITING:
        return []
    at_rest = {one.code for one in children if one.state in (_S.FAILED, _S.DROPPED)}
    return [code for code in child.after if code in at_rest]


def renamed(after: Sequence[str], old: str, new: str | None) -> list[str]:
    """Return what a step waits for once `old` is replaced by `new`, or needed no more (None)."""
    swapped = [new if code == old else code for code in after]
    return [code for code in swapped if code is not None]


def outcome(children: Sequence[Child]) -> Outcome:
    """Return how the case stands.

    It is done when something was granted and no step is left on which somebody works or decides.
    """
    if all(one.state in _OVER for one in children):
        is_granted = any(one.state is _S.DONE for one in children)
        return Outcome.DONE if is_granted else Outcome.ENDED
    left = [one for one in children if one.state not in _OVER]
    is_moving = any(one.state is _S.FILED for one in left) or any(
        one.state is _S.READY and one.reason != NEEDS_ANSWERS for one in left
    )
    return Outcome.RUNNING if is_moving else Outcome.STUCK
