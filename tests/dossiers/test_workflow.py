"""The table of a dossier's life, held against the national transitions of domain.md 1.2."""

from __future__ import annotations

import itertools

import pytest

from dossiers import workflow
from dossiers.enums import Action, Actor, ClockEffect, Status
from dossiers.models.dossiers import FINISHED

# 1→{2,3,5,7}; 2→{4,5,6,7,8}; 4→{5,6,7,8,9}; 5→{2,4,7,8}; 6→{4,7,8}; 9→{10}
NATIONAL = {
    1: {2, 3, 5, 7},
    2: {4, 5, 6, 7, 8},
    3: set(),
    4: {5, 6, 7, 8, 9},
    5: {2, 4, 7, 8},
    6: {4, 7, 8},
    7: set(),
    8: set(),
    9: {10},
    10: set(),
}

# Every pair that is a step, written out by hand; whatever is missing here must be refused.
STEPS = {
    (1, "receive"): (2, "start"),
    (1, "refuse_reception"): (3, "stop"),
    (1, "request_supplement"): (5, "pause"),
    (1, "withdraw"): (7, "stop"),
    (1, "forward"): (1, "none"),
    (1, "reassign"): (1, "none"),
    (2, "start_processing"): (4, "none"),
    (2, "request_supplement"): (5, "pause"),
    (2, "request_payment"): (6, "pause"),
    (2, "withdraw"): (7, "stop"),
    (2, "stop"): (8, "stop"),
    (2, "forward"): (2, "none"),
    (2, "reassign"): (2, "none"),
    (2, "extend"): (2, "extend"),
    (2, "wait_for_system"): (2, "wait"),
    (2, "system_answered"): (2, "resume"),
    (4, "request_supplement"): (5, "pause"),
    (4, "request_payment"): (6, "pause"),
    (4, "withdraw"): (7, "stop"),
    (4, "stop"): (8, "stop"),
    (4, "approve"): (9, "finish"),
    (4, "reassign"): (4, "none"),
    (4, "extend"): (4, "extend"),
    (4, "wait_for_system"): (4, "wait"),
    (4, "system_answered"): (4, "resume"),
    (5, "supplement"): (2, "resume"),
    (5, "start_processing"): (4, "resume"),
    (5, "withdraw"): (7, "stop"),
    (5, "stop"): (8, "stop"),
    (5, "reassign"): (5, "none"),
    (6, "confirm_payment"): (4, "resume"),
    (6, "withdraw"): (7, "stop"),
    (6, "stop"): (8, "stop"),
    (6, "reassign"): (6, "none"),
    (9, "return_result"): (10, "none"),
    (9, "confirm_payment"): (9, "none"),
}


@pytest.mark.parametrize(("status", "action"), list(itertools.product(Status, Action)))
def test_every_pair_is_a_step_or_refused(status: Status, action: Action) -> None:
    expected = STEPS.get((status.value, action.value))

    step = workflow.step_for(status, action)

    assert (None if step is None else (step.to.value, step.clock.value)) == expected


@pytest.mark.parametrize("status", list(Status))
def test_the_ways_are_the_national_ones(status: Status) -> None:
    ways = {step.to.value for (before, _), step in workflow.TABLE.items() if before is status}

    assert ways - {status.value} == NATIONAL[status.value]


def test_every_status_is_reached_from_the_first() -> None:
    reached, frontier = {workflow.FIRST}, [workflow.FIRST]
    while frontier:
        status = frontier.pop()
        new = {
            step.to for (before, _), step in workflow.TABLE.items() if before is status
        } - reached
        reached |= new
        frontier += new

    assert reached == set(Status)


def test_every_action_but_submitting_is_a_step_somewhere() -> None:
    assert {action for _, action in workflow.TABLE} == set(Action) - {Action.SUBMIT}


@pytest.mark.parametrize("status", list(Status))
def test_finished_means_no_decision_is_open(status: Status) -> None:
    if workflow.is_terminal(status):
        assert status in FINISHED
    if status in FINISHED:
        after = [Action.RETURN_RESULT, Action.CONFIRM_PAYMENT]
        assert workflow.actions_from(status) in ([], after)


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.PROCESSING, Status.REGISTERED])
def test_what_ends_a_case_against_the_citizen_needs_a_reason(status: Status) -> None:
    against = {Status.NOT_RECEIVED, Status.STOPPED, Status.SUPPLEMENT_REQUESTED}
    steps = [
        step
        for (before, _), step in workflow.TABLE.items()
        if before is status and step.to is not status
    ]

    assert {step.to for step in steps if step.reasoned} == against & {step.to for step in steps}


@pytest.mark.parametrize(
    ("actor", "status", "actions"),
    [
        (Actor.CITIZEN, Status.REGISTERED, [Action.WITHDRAW]),
        (Actor.CITIZEN, Status.SUPPLEMENT_REQUESTED, [Action.SUPPLEMENT, Action.WITHDRAW]),
        (Actor.CITIZEN, Status.DONE, []),
        (
            Actor.RECEPTIONIST,
            Status.REGISTERED,
            [Action.RECEIVE, Action.REFUSE_RECEPTION, Action.REQUEST_SUPPLEMENT, Action.FORWARD],
        ),
        (
            Actor.RECEPTIONIST,
            Status.PROCESSING,
            [Action.REQUEST_SUPPLEMENT, Action.REQUEST_PAYMENT],
        ),
        (
            Actor.HEAD_OF_UNIT,
            Status.PROCESSING,
            [Action.STOP, Action.APPROVE, Action.REASSIGN, Action.EXTEND],
        ),
        (Actor.HEAD_OF_UNIT, Status.REGISTERED, [Action.REASSIGN]),
        (Actor.SYSTEM, Status.PAYMENT_REQUESTED, [Action.CONFIRM_PAYMENT]),
        (
            Actor.SYSTEM,
            Status.PROCESSING,
            [Action.WAIT_FOR_SYSTEM, Action.SYSTEM_ANSWERED],
        ),
        (Actor.SYSTEM, Status.DONE, [Action.RETURN_RESULT, Action.CONFIRM_PAYMENT]),
    ],
)
def test_who_may_do_what(actor: Actor, status: Status, actions: list[Action]) -> None:
    assert workflow.actions_from(status, actor) == actions


def test_no_step_leaves_a_finished_clock_running() -> None:
    ends = {ClockEffect.STOP, ClockEffect.FINISH}

    for (before, _), step in workflow.TABLE.items():
        is_end = step.to in FINISHED and before not in FINISHED
        assert (step.clock in ends) is is_end
