"""What a dispatcher claimed, in the order in which it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.enums import Priority
from notifications.models import Message


@dataclass(frozen=True)
class Claim:
    """Claimed rows, and until when (time.monotonic()) their sends may begin."""

    rows: Sequence[Message]
    deadline: float

    def slices(self, size: int) -> list[Sequence[Message]]:
        """Return the rows in slices of about `size`; what one person is to hear stays together."""
        cut: list[list[Message]] = []
        for row in self.rows:
            is_full = not cut or len(cut[-1]) >= size
            if is_full and not (cut and cut[-1][-1].recipient_id == row.recipient_id is not None):
                cut.append([])
            cut[-1].append(row)
        return list(cut)


def in_order(rows: list[Message]) -> list[Message]:
    """Return the most urgent first, then the oldest; reminders to one person stand together."""
    first: dict[int | None, datetime] = {}
    for row in rows:
        if row.priority == Priority.REMINDER:
            first[row.recipient_id] = min(row.due_at, first.get(row.recipient_id, row.due_at))

    def place(row: Message) -> tuple[int, datetime, int]:
        is_reminder = row.priority == Priority.REMINDER
        due_at = first[row.recipient_id] if is_reminder else row.due_at
        return row.priority, due_at, row.recipient_id or 0

    return sorted(rows, key=place)
