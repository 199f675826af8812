"""Take back what waits to be said to, or about, people who have died (F21)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from citizens.models import Citizen
from notifications.enums import MessageState, Reason
from notifications.models import Message
from notifications.models.messages import UNFINISHED
from portal.common import clock


@transaction.atomic
def withdraw_deceased(*, parties: Sequence[int]) -> int:
    """Withdraw what waits to or about those of `parties` (keys) who have died; return how many.

    For whoever reads the news of deaths, in the transaction in which it reads. Between a death's
    commit and that reading nothing leaves either: the last check before sending looks again, and
    goes on doing so for what is written later. A topic that may speak of the deceased still does.
    What a gateway may already have is not taken back, but not tried again either. A death that was
    told by mistake brings back what the scan had queued, with its suggestion; nothing else.
    """
    dead = list(
        Citizen.objects.filter(pk__in=parties, died_on__isnull=False).values_list("pk", flat=True)
    )
    if not dead:
        return 0
    about = Message.objects.filter(about__in=dead, topic__about_may_be_deceased=False)
    return _take_back(Message.objects.filter(recipient__in=dead), Reason.DECEASED) + _take_back(
        about, Reason.ABOUT_DECEASED
    )


def _take_back(messages: QuerySet[Message], reason: Reason) -> int:
    """Withdraw what has not been handed over; a state at a time, as the partial indexes have it."""
    withdrawn = 0
    for state in UNFINISHED:
        waiting = messages.filter(state=state)
        withdrawn += waiting.filter(handed_at=None).update(
            state=MessageState.WITHDRAWN, reason=reason, lease_until=None, secret_params_enc=None
        )
        waiting.update(not_after=clock.now())
    messages.filter(next_channel_at__isnull=False).update(next_channel_at=None)
    return withdrawn
