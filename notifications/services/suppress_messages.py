"""Take waiting messages out of the queue before they leave, and put them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citizens.models import User
from notifications.enums import ActKind, MessageState, Reason
from notifications.models import Message, OperatorAct
from notifications.services.acting import checked_reason, lock, write_act
from portal.common.errors import RefusedError


@transaction.atomic
def suppress_messages(
    *, messages: QuerySet[Message], scope: Mapping[str, Any], reason: str, by: User
) -> OperatorAct | None:
    """Take those of `messages` out that wait and that no gateway can have; None when none does.

    They stay as they are, to be put back by `requeue_messages`. RefusedError without a reason.
    """
    why = checked_reason(reason)
    waiting = lock(messages, state=MessageState.QUEUED, handed_at=None)
    found: dict[int, str] = dict(waiting.values_list("pk", "state"))
    if not found:
        return None
    Message.objects.filter(pk__in=found).update(
        state=MessageState.SUPPRESSED, reason=Reason.BY_OPERATOR
    )
    return write_act(kind=ActKind.SUPPRESS, reason=why, by=by, scope=scope, found=found)


@transaction.atomic
def requeue_messages(*, act: OperatorAct, reason: str, by: User) -> OperatorAct:
    """Put back what an act took out and nothing has changed since; each is due at its old hour.

    RefusedError without a reason, for an act of another kind, and for one that was undone before.
    """
    why = checked_reason(reason)
    if act.kind != ActKind.SUPPRESS:
        raise RefusedError(_("Only messages that were taken out can be put back."))
    if OperatorAct.objects.filter(undoes=act).exists():
        raise RefusedError(_("These messages were put back already."))
    taken = Message.objects.filter(acts__act=act)
    waiting = lock(taken, state=MessageState.SUPPRESSED, reason=Reason.BY_OPERATOR)
    found: dict[int, str] = dict(waiting.values_list("pk", "state"))
    Message.objects.filter(pk__in=found).update(state=MessageState.QUEUED, reason="")
    return write_act(kind=ActKind.REQUEUE, reason=why, by=by, found=found, undoes=act)
