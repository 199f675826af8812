"""What every act of an operator shares: a reason, locked rows, one row of proof a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citizens.models import User
from notifications.enums import ActKind, Channel
from notifications.models import ActedMessage, Message, OperatorAct
from portal.common.errors import RefusedError
from portal.common.outbox import append

LONGEST_REASON = 200


def checked_reason(reason: str) -> str:
    """Return the reason without blanks around it; RefusedError where there is none."""
    said = " ".join(reason.replace("\0", "").split())
    if not said:
        raise RefusedError(_("Say why: the reason is kept with what you do."))
    if len(said) > LONGEST_REASON:
        raise RefusedError(
            _("The reason is too long: %(most)d characters at most.") % {"most": LONGEST_REASON}
        )
    return said


def lock(messages: QuerySet[Message], **still: Any) -> QuerySet[Message]:
    """Return the rows that a queryset names and that are `still` so, locked.

    Rows that a dispatcher or another operator holds at this moment are left out, never waited for.
    """
    chosen = Message.objects.filter(pk__in=messages.order_by().values("pk"), **still)
    return chosen.select_for_update(skip_locked=True).order_by("pk")


def write_act(
    *,
    kind: ActKind,
    reason: str,
    by: User,
    channel: Channel | None = None,
    scope: Mapping[str, Any] | None = None,
    found: Mapping[int, str] | None = None,
    undoes: OperatorAct | None = None,
) -> OperatorAct:
    """Write an act down; `found` are the messages it changed, each with its state before."""
    states = found or {}
    act = OperatorAct.objects.create(
        kind=kind,
        channel=channel or "",
        reason=reason,
        by=by,
        scope=dict(scope or {}),
        message_count=len(states),
        undoes=undoes,
    )
    rows = [{"act": act.pk, "message": key, "state_before": state} for key, state in states.items()]
    append(ActedMessage, rows)
    return act
