"""Note that somebody went to a person whom no message reached, and what came of it."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from citizens.models import Unit, User
from notifications.models import CallBack, Message
from portal.common import clock

VISIT = "visit"


class VisitOutcome(StrEnum):
    """What whoever went there found; a closed list, so that nobody writes about people."""

    TOLD = "told"
    ABSENT = "absent"
    MOVED = "moved"
    REFUSED = "refused"


@transaction.atomic
def record_visit(*, message: Message, unit: Unit, outcome: VisitOutcome, by: User) -> CallBack:
    """Return the mark, a finished call-back; who was told is not told by another channel too.

    A later mark of the same matter counts instead of it; none is taken away.
    """
    mark = CallBack.objects.create(
        party_id=message.recipient_id,
        unit=unit,
        message=message,
        reason=VISIT,
        note=outcome.value,
        done_at=clock.now(),
        done_by=by,
    )
    if outcome == VisitOutcome.TOLD:
        matter = Message.objects.filter(
            recipient=message.recipient_id, thread_key=message.thread_key
        )
        matter.exclude(thread_key="").filter(next_channel_at__isnull=False).update(
            next_channel_at=None
        )
    return mark
