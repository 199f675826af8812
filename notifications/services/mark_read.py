"""Note that a person opened a letter in the inbox."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from citizens.models import Party
from notifications.selectors import inbox_of
from notifications.services.note_heard import note_heard
from portal.common import clock


@transaction.atomic
def mark_read(*, party: Party, public_id: UUID) -> bool:
    """Note the first reading of one's own letter; False when it was read or is not one's own.

    It is not said on a further channel then.
    """
    unread = inbox_of(party=party).filter(public_id=public_id, read_at=None)
    read = list(unread.values_list("pk", flat=True))
    if not unread.update(read_at=clock.now()):
        return False
    note_heard(messages=read)
    return True
