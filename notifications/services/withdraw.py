"""Take back what was not said yet, because the person acted or the matter is settled."""

from __future__ import annotations

from django.db import transaction

from notifications.enums import MessageState, Reason
from notifications.models import Message
from portal.common import clock


@transaction.atomic
def withdraw_thread(*, thread_key: str) -> int:
    """Withdraw the messages of this matter that no gateway has seen; return how many.

    What a gateway may already have is not taken back, but it is not tried again either.
    """
    open_messages = Message.objects.of_thread(thread_key)
    withdrawn = open_messages.filter(handed_at=None).update(
        state=MessageState.WITHDRAWN, reason=Reason.ACTED, lease_until=None
    )
    open_messages.update(not_after=clock.now())
    return withdrawn
