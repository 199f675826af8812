"""Correct the working calendar so that what it was before stays known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from citizens.models import CalendarChange, Holiday, User


@transaction.atomic
def correct_calendar(*, row: Holiday, user: User | None, now: datetime) -> Holiday:
    """Save an official's correction of a day, and write down what the day was before.

    The correction stays when the yearly list is loaded again. No due date moves by it: that is the
    next step, with a reason of its own (`dossiers.services.follow_calendar`).
    """
    before = dict(Holiday.objects.filter(pk=row.pk).values_list("day", "is_working"))
    row.is_correction = True
    row.save()
    note_calendar_changes(
        before=before,
        after={row.day: row.is_working},
        decision=row.decision,
        user=user,
        now=now,
    )
    return row


def note_calendar_changes(
    *,
    before: Mapping[date, bool],
    after: Mapping[date, bool],
    decision: str = "",
    user: User | None = None,
    now: datetime,
) -> int:
    """Write a row for each day that is another than before; return how many."""
    differing = [day for day in {**before, **after} if before.get(day) is not after.get(day)]
    CalendarChange.objects.bulk_create(
        CalendarChange(
            day=day,
            was_working=before.get(day),
            is_working=after.get(day),
            decision=decision,
            user=user,
            changed_at=now,
        )
        for day in sorted(differing)
    )
    return len(differing)
