"""The life of a dossier as a table that an official can read (house.md 3.7).

Statuses are the ten national numbers and the ways between them those of domain.md 1.2. Buttons, the
exhaustive test and the diagram derive from TABLE; the one service that follows it is `advance`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dossiers.enums import Action, Actor, ClockEffect, Status

FIRST = Status.REGISTERED
"""What a dossier is once it was submitted."""


@dataclass(frozen=True)
class Step:
    """Where an action leads, who may take it, what the clock does; `reasoned` demands a note.

    A step that leads where the dossier already is moves it between desks or moves its clock. One
    that is `anywhere` is taken at every office, all others at the competent agency only. One that
    is `signed` may be taken in an office holder's place, by delegation.
    """

    to: Status
    actors: frozenset[Actor]
    clock: ClockEffect = ClockEffect.NONE
    reasoned: bool = False
    anywhere: bool = False
    signed: bool = False


_CITIZEN = frozenset({Actor.CITIZEN})
_DESK = frozenset({Actor.RECEPTIONIST, Actor.CASE_OFFICER})
_OFFICER = frozenset({Actor.CASE_OFFICER})
_DECIDER = frozenset({Actor.CASE_OFFICER, Actor.HEAD_OF_UNIT})
_CASHIER = _DESK | {Actor.SYSTEM}
_AUTOMATIC = frozenset({Actor.AUTOMATIC})

# A clock that never started is started by START and by RESUME alike: papers that complete a dossier
# make it a valid one on the day they are added, not on the day somebody looks at them.
_RECEIVE = Step(Status.RECEIVED, _DESK | _AUTOMATIC, ClockEffect.START, anywhere=True)
_REFUSE = Step(Status.NOT_RECEIVED, _DESK, ClockEffect.STOP, reasoned=True, anywhere=True)
_PROCESS = Step(Status.PROCESSING, _OFFICER | _AUTOMATIC)
_ASK_PAPERS = Step(Status.SUPPLEMENT_REQUESTED, _DESK, ClockEffect.PAUSE, reasoned=True)
_ASK_AT_COUNTER = replace(_ASK_PAPERS, anywhere=True)
_ADD_PAPERS = Step(Status.RECEIVED, _CITIZEN | _DESK, ClockEffect.RESUME, anywhere=True)
_ASK_PAYMENT = Step(Status.PAYMENT_REQUESTED, _DESK, ClockEffect.PAUSE)
_PAID = Step(Status.PROCESSING, _CASHIER, ClockEffect.RESUME, anywhere=True)
# A fee that nobody asked for before the decision is asked with it, and paid before the result.
_PAID_LATE = Step(Status.DONE, _CASHIER, anywhere=True)
_GO_ON = Step(Status.PROCESSING, _OFFICER, ClockEffect.RESUME)
_WITHDRAW = Step(Status.WITHDRAWN, _CITIZEN, ClockEffect.STOP)
_STOP = Step(Status.STOPPED, _DECIDER, ClockEffect.STOP, reasoned=True, signed=True)
_APPROVE = Step(Status.DONE, _DECIDER | _AUTOMATIC, ClockEffect.FINISH, signed=True)
_RETURN = Step(Status.RETURNED, _DESK | {Actor.SYSTEM}, anywhere=True)


def _forward(status: Status) -> Step:
    """Pass the dossier on to the agency that decides; the competence is bound, the desk not."""
    return Step(status, _DESK, anywhere=True)


def _reassign(status: Status) -> Step:
    return Step(status, _DECIDER, reasoned=True)


def _extend(status: Status) -> Step:
    return Step(status, _DECIDER, ClockEffect.EXTEND, reasoned=True)


def _wait(status: Status) -> Step:
    return Step(status, _OFFICER | {Actor.SYSTEM}, ClockEffect.WAIT, reasoned=True)


def _answered(status: Status) -> Step:
    return Step(status, _OFFICER | {Actor.SYSTEM}, ClockEffect.RESUME)


TABLE: Mapping[tuple[Status, Action], Step] = {
    (Status.REGISTERED, Action.RECEIVE): _RECEIVE,
    (Status.REGISTERED, Action.REFUSE_RECEPTION): _REFUSE,
    (Status.REGISTERED, Action.REQUEST_SUPPLEMENT): _ASK_AT_COUNTER,
    (Status.REGISTERED, Action.WITHDRAW): _WITHDRAW,
    (Status.REGISTERED, Action.FORWARD): _forward(Status.REGISTERED),
    (Status.REGISTERED, Action.REASSIGN): _reassign(Status.REGISTERED),
    (Status.RECEIVED, Action.START_PROCESSING): _PROCESS,
    (Status.RECEIVED, Action.REQUEST_SUPPLEMENT): _ASK_PAPERS,
    (Status.RECEIVED, Action.REQUEST_PAYMENT): _ASK_PAYMENT,
    (Status.RECEIVED, Action.WITHDRAW): _WITHDRAW,
    (Status.RECEIVED, Action.STOP): _STOP,
    (Status.RECEIVED, Action.FORWARD): _forward(Status.RECEIVED),
    (Status.RECEIVED, Action.REASSIGN): _reassign(Status.RECEIVED),
    (Status.RECEIVED, Action.EXTEND): _extend(Status.RECEIVED),
    (Status.RECEIVED, Action.WAIT_FOR_SYSTEM): _wait(Status.RECEIVED),
    (Status.RECEIVED, Action.SYSTEM_ANSWERED): _answered(Status.RECEIVED),
    (Status.PROCESSING, Action.REQUEST_SUPPLEMENT): _ASK_PAPERS,
    (Status.PROCESSING, Action.REQUEST_PAYMENT): _ASK_PAYMENT,
    (Status.PROCESSING, Action.WITHDRAW): _WITHDRAW,
    (Status.PROCESSING, Action.STOP): _STOP,
    (Status.PROCESSING, Action.APPROVE): _APPROVE,
    (Status.PROCESSING, Action.REASSIGN): _reassign(Status.PROCESSING),
    (Status.PROCESSING, Action.EXTEND): _extend(Status.PROCESSING),
    (Status.PROCESSING, Action.WAIT_FOR_SYSTEM): _wait(Status.PROCESSING),
    (Status.PROCESSING, Action.SYSTEM_ANSWERED): _answered(Status.PROCESSING),
    (Status.SUPPLEMENT_REQUESTED, Action.SUPPLEMENT): _ADD_PAPERS,
    (Status.SUPPLEMENT_REQUESTED, Action.START_PROCESSING): _GO_ON,
    (Status.SUPPLEMENT_REQUESTED, Action.WITHDRAW): _WITHDRAW,
    (Status.SUPPLEMENT_REQUESTED, Action.STOP): _STOP,
    (Status.SUPPLEMENT_REQUESTED, Action.REASSIGN): _reassign(Status.SUPPLEMENT_REQUESTED),
    (Status.PAYMENT_REQUESTED, Action.CONFIRM_PAYMENT): _PAID,
    (Status.PAYMENT_REQUESTED, Action.WITHDRAW): _WITHDRAW,
    (Status.PAYMENT_REQUESTED, Action.STOP): _STOP,
    (Status.PAYMENT_REQUESTED, Action.REASSIGN): _reassign(Status.PAYMENT_REQUESTED),
    (Status.DONE, Action.RETURN_RESULT): _RETURN,
    (Status.DONE, Action.CONFIRM_PAYMENT): _PAID_LATE,
}


def step_for(status: Status, action: Action) -> Step | None:
    """Return the step that `action` is in `status`, or None where the table has none."""
    return TABLE.get((status, action))


def actions_from(status: Status, actor: Actor | None = None) -> list[Action]:
    """Return the actions possible in `status`, in the table's order; for one actor when given."""
    return [
        action
        for (before, action), step in TABLE.items()
        if before is status and (actor is None or actor in step.actors)
    ]


def is_terminal(status: Status) -> bool:
    """Return whether nothing can follow `status`."""
    return not actions_from(status)
