"""The table of a data-subject request."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest

from citizens.enums import DataRequestState
from citizens.workflow import (
    OPEN_STATES,
    REQUEST_TABLE,
    RequestAction,
    Side,
    actions_of,
    request_code,
    request_step,
)

S, A = DataRequestState, RequestAction


def test_every_state_is_reached_and_what_is_closed_stays_closed() -> None:
    reached = {S.RECEIVED} | {step.to for step in REQUEST_TABLE.values()}
    left = {state for state, _action in REQUEST_TABLE}

    assert reached == set(S)
    assert left == set(OPEN_STATES)


@pytest.mark.parametrize(("state", "action"), list(product(S, A)))
def test_an_extension_changes_no_state_and_everything_else_does(
    state: DataRequestState, action: RequestAction
) -> None:
    step = request_step(state, action)

    if step is not None:
        assert (step.to == state) == (action == A.EXTEND)


def test_each_side_has_its_own_steps() -> None:
    assert actions_of(S.RECEIVED, Side.AGENCY) == [A.ACCEPT, A.REFUSE, A.EXTEND]
    assert actions_of(S.ANSWERED, Side.AGENCY) == [A.FINISH, A.EXTEND]
    assert actions_of(S.ANSWERED, Side.PERSON) == [A.CANCEL]
    assert actions_of(S.REFUSED, Side.PERSON) == []


def test_a_code_is_short_and_always_the_same() -> None:
    public_id = UUID("8f2a11c0-0000-4000-8000-000000000000")

    assert request_code(public_id) == "YC-8F2A-11C0"
