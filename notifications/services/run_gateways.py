"""Take a gateway out of service and put it back; close the gate for everything, and open it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from citizens.models import User
from notifications.enums import ActKind, Channel, Reason
from notifications.models import Gate, GatewayState, Message, OperatorAct
from notifications.services.acting import checked_reason, write_act
from portal.common import clock

_HELD_FOR_A_GATEWAY = (Reason.CHANNEL_PAUSED, Reason.GATEWAY_BROKEN)


@transaction.atomic
def pause_channel(*, channel: Channel, reason: str, by: User) -> OperatorAct | None:
    """Let nothing more leave through a channel; None, changing nothing, when it is paused already.

    What is under way is finished. Messages take their next channel or wait; none is lost.
    RefusedError without a reason.
    """
    why = checked_reason(reason)
    state = _locked(channel)
    if state.is_paused:
        return None
    state.is_paused, state.pause_reason = True, why
    state.paused_by, state.paused_at = by, clock.now()
    state.save(update_fields=["is_paused", "pause_reason", "paused_by", "paused_at"])
    return write_act(kind=ActKind.PAUSE, channel=channel, reason=why, by=by)


@transaction.atomic
def resume_channel(*, channel: Channel, reason: str, by: User) -> OperatorAct | None:
    """Put a paused or broken channel back into service; None when it is in service.

    What waited for a gateway is due at once; each is checked again before it leaves. RefusedError
    without a reason.
    """
    why = checked_reason(reason)
    state, now = _locked(channel), clock.now()
    is_broken = state.broken_until is not None and state.broken_until > now
    if not state.is_paused and not is_broken:
        return None
    state.is_paused, state.pause_reason = False, ""
    state.paused_by, state.paused_at = None, None
    state.broken_until, state.failure_count = None, 0
    state.save(
        update_fields=[
            "is_paused", "pause_reason", "paused_by", "paused_at", "broken_until", "failure_count",
        ]
    )  # fmt: skip
    _waiting_for_a_gateway().update(due_at=now, reason="")
    return write_act(kind=ActKind.RESUME, channel=channel, reason=why, by=by)


@transaction.atomic
def close_gate(*, reason: str, by: User) -> OperatorAct | None:
    """Let nothing leave at all, sign-in codes included; None when the gate is closed already."""
    why = checked_reason(reason)
    gate = _locked_gate()
    if gate.paused:
        return None
    gate.paused, gate.reason = True, why
    gate.save(update_fields=["paused", "reason"])
    return write_act(kind=ActKind.CLOSE_GATE, reason=why, by=by)


@transaction.atomic
def open_gate(*, reason: str, by: User) -> OperatorAct | None:
    """Let messages leave again; None when the gate is open already."""
    why = checked_reason(reason)
    gate = _locked_gate()
    if not gate.paused:
        return None
    gate.paused, gate.reason = False, ""
    gate.save(update_fields=["paused", "reason"])
    return write_act(kind=ActKind.OPEN_GATE, reason=why, by=by)


def _locked(channel: Channel) -> GatewayState:
    GatewayState.objects.get_or_create(channel=channel)
    return GatewayState.objects.select_for_update().get(channel=channel)


def _locked_gate() -> Gate:
    Gate.objects.get_or_create(pk=1)
    return Gate.objects.select_for_update().get(pk=1)


def _waiting_for_a_gateway() -> QuerySet[Message]:
    return Message.objects.held(clock.now()).filter(reason__in=_HELD_FOR_A_GATEWAY)
