"""Take back what was not said yet, because the person acted or the matter is settled."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from citizens.models import Party
from notifications.enums import MessageState, Reason
from notifications.models import Message
from notifications.services.note_heard import note_heard
from portal.common import clock


@transaction.atomic
def withdraw_thread(*, thread_key: str, recipient: Party | None = None) -> int:
    """Withdraw the messages of this matter that no gateway has seen; return how many.

    With a `recipient` only those to that party: others go on hearing of it.

    What a gateway may already have is not taken back, but it is not tried again either, and what
    was said is not said on a further channel.
    """
    to_whom = Q() if recipient is None else Q(recipient=recipient)
    open_messages = Message.objects.of_thread(thread_key).filter(to_whom)
    withdrawn = open_messages.filter(handed_at=None).update(
        state=MessageState.WITHDRAWN, reason=Reason.ACTED, lease_until=None
    )
    open_messages.update(not_after=clock.now())
    told = Message.objects.said_of_thread(thread_key).filter(to_whom)
    said = list(told.values_list("pk", flat=True))
    if said:
        note_heard(messages=said)
        members = Message.objects.filter(pk__in=said, reason=Reason.IN_DIGEST)
        members.update(reason=Reason.ACTED)
    return withdrawn
