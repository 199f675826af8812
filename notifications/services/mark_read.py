"""Note that a person opened a letter in the inbox."""

from __future__ import annotations

from uuid import UUID

from citizens.models import Party
from notifications.selectors import inbox_of
from portal.common import clock


def mark_read(*, party: Party, public_id: UUID) -> bool:
    """Note the first reading of one's own letter; False when it was read or is not one's own."""
    unread = inbox_of(party=party).filter(public_id=public_id, read_at=None)
    return bool(unread.update(read_at=clock.now()))
