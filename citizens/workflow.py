"""The life of a data-subject request, and of an incident of data, as tables for officials."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from citizens.enums import BreachAct, DataRequestKind, DataRequestState

State = DataRequestState


class RequestAction(StrEnum):
    """What may be done with a request."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    EXTEND = "extend"
    FINISH = "finish"
    CANCEL = "cancel"


class Side(StrEnum):
    """Who takes a step: the person, or the agency that owns the request."""

    PERSON = "person"
    AGENCY = "agency"


class RequestStep(NamedTuple):
    """Where an action leads and whose it is."""

    to: DataRequestState
    by: Side


REQUEST_TABLE: Mapping[tuple[DataRequestState, RequestAction], RequestStep] = MappingProxyType(
    {
        (State.RECEIVED, RequestAction.ACCEPT): RequestStep(State.ANSWERED, Side.AGENCY),
        (State.RECEIVED, RequestAction.REFUSE): RequestStep(State.REFUSED, Side.AGENCY),
        (State.RECEIVED, RequestAction.EXTEND): RequestStep(State.RECEIVED, Side.AGENCY),
        (State.RECEIVED, RequestAction.CANCEL): RequestStep(State.CANCELLED, Side.PERSON),
        (State.ANSWERED, RequestAction.FINISH): RequestStep(State.DONE, Side.AGENCY),
        (State.ANSWERED, RequestAction.EXTEND): RequestStep(State.ANSWERED, Side.AGENCY),
        (State.ANSWERED, RequestAction.CANCEL): RequestStep(State.CANCELLED, Side.PERSON),
    }
)
OPEN_STATES = (State.RECEIVED, State.ANSWERED)

# What the software carries out by itself, at once.
BY_SOFTWARE = frozenset({DataRequestKind.ACCESS, DataRequestKind.COPY})
# Once done, nothing is offered to the person any more, until they allow it again.
STOPS_OFFERS = frozenset(
    {DataRequestKind.RESTRICT, DataRequestKind.OBJECT, DataRequestKind.WITHDRAW}
)


def request_step(state: DataRequestState, action: RequestAction) -> RequestStep | None:
    """Return the step, None where the table has none."""
    return REQUEST_TABLE.get((state, action))


def actions_of(state: DataRequestState, side: Side) -> list[RequestAction]:
    """Return what one side may do with a request in a state, in the table's order."""
    return [
        action
        for (before, action), step in REQUEST_TABLE.items()
        if before == state and step.by == side
    ]


def request_code(public_id: UUID) -> str:
    """Return the number by which people speak of a request: ``YC-8F2A-11C0``."""
    digits = public_id.hex[:8].upper()
    return f"YC-{digits[:4]}-{digits[4:]}"


_ONCE_EACH = (BreachAct.CONTAINED, BreachAct.REPORTED, BreachAct.TOLD)


def breach_acts(done: Collection[str]) -> list[BreachAct]:
    """Return what may be noted about an incident next: closed only when all else was done."""
    if BreachAct.CLOSED in done:
        return []
    left = [act for act in _ONCE_EACH if act not in done]
    return [*left, BreachAct.NOTED, *([] if left else [BreachAct.CLOSED])]


def breach_code(public_id: UUID) -> str:
    """Return the number by which people speak of an incident: ``SC-8F2A-11C0``."""
    digits = public_id.hex[:8].upper()
    return f"SC-{digits[:4]}-{digits[4:]}"
