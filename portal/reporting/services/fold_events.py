"""Read the news of dossiers and bring the figures up to them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from dossiers.models import DossierEvent, EventFeed
from portal.common.sql import take_oldest
from portal.reporting.models import CountedDossier
from portal.reporting.services.count_dossiers import count_dossiers

# A transaction of so many steps takes well under a second.
_AT_ONCE = 500


def fold_events() -> int:
    """Take all that waits in the feed, so many steps at a time; return how many there were.

    A step leaves the feed in the transaction that counts its dossier: after a kill it is read
    again, and counting twice changes nothing.
    """
    read = 0
    while taken := _fold_some():
        read += taken
    return read


def _fold_some() -> int:
    with transaction.atomic():
        taken = take_oldest(EventFeed.objects.all(), columns=["event"], limit=_AT_ONCE)
        events = DossierEvent.objects.filter(pk__in=[event for (event,) in taken])
        count_dossiers(events.values_list("dossier", flat=True))
    return len(taken)


def count_moved() -> int:
    """Count again the unfinished whose date has moved without a step; return how many changed.

    A working day that becomes a holiday moves dates by the ledger alone.
    """
    moved = CountedDossier.objects.filter(finished_on=None).exclude(
        Q(due_on=F("dossier__due_on")) | Q(due_on=None, dossier__due_on=None)
    )
    return count_dossiers(list(moved.values_list("pk", flat=True)))
