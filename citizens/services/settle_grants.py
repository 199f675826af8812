"""Grants take four eyes: one official gives, another confirms, and either ends them by date.

Nobody settles a grant of their own, and a confirmer never confirms what they gave themselves.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from citizens.models import Grant, User


def confirm_grants(*, grants: QuerySet[Grant], by: User) -> int:
    """Confirm those of `grants` that wait and that somebody else gave to somebody else.

    Returns how many were confirmed; the others stay as they are.
    """
    waiting = grants.filter(confirmed_by__isnull=True).exclude(official=by.pk)
    return waiting.exclude(granted_by=by).update(confirmed_by=by)


@transaction.atomic
def end_grants(*, grants: QuerySet[Grant], by: User, day: date) -> int:
    """Let the civil date `day` be the first on which `grants` no longer hold.

    One that has not begun keeps no day; those of `by` and those that ended are left. Returns how
    many were shortened.
    """
    chosen = grants.exclude(official=by.pk).values("pk")
    standing = Grant.objects.filter(pk__in=chosen).select_for_update()
    return sum(_end(grant, day) for grant in standing)


def _end(grant: Grant, day: date) -> bool:
    first, end = grant.valid.lower, grant.valid.upper
    if end is not None and end <= day:
        return False
    grant.valid = DateRange(first, max(first, day) if first else day)
    grant.save(update_fields=["valid"])
    return True
