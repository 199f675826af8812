"""Move the dates that a changed calendar puts later: by an entry with a reason, and with a word."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.selectors import working_calendar
from dossiers.models import Dossier
from dossiers.selectors import moved_by_calendar, recounted
from dossiers.services.ledger import write_calendar_change
from dossiers.services.tell import tell_applicant
from portal.common import clock
from portal.common.errors import RefusedError

MOST_AT_ONCE = 500
LONGEST_REASON = 300


def follow_calendar(*, reason: str, now: datetime) -> int:
    """Move the dates of at most 500 dossiers that the calendar puts later; return how many.

    Each is one transaction: the entry with the reason, the date on the dossier's row, the message.
    A second run finds what is left. RefusedError without a reason: the citizens will read it.
    """
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise RefusedError(_("Please give the reason; the citizens will read it."))
    day = clock.civil_date(now)
    found = moved_by_calendar(dossiers=Dossier.objects.all(), day=day)
    keys = [one.dossier.pk for one in islice(found, MOST_AT_ONCE)]
    return sum(_moved(key, words, day, now) for key in keys)


@transaction.atomic
def _moved(key: int, reason: str, day: date, now: datetime) -> bool:
    """Move one date, on the locked row and only when it still is to be moved."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=key)
    later = recounted(row, working_calendar())
    if row.finished_at is not None or row.due_on is None or later is None:
        return False
    if later <= row.due_on or row.due_on < day:
        return False
    entry = write_calendar_change(dossier=row, due_on=later, reason=reason, now=now)
    row.version += 1
    row.save(update_fields=["due_on", "clock_started_on", "system_wait_since", "version"])
    tell_applicant(
        dossier=row,
        event=entry,
        topic="date_moved",
        now=now,
        due_on=later.isoformat(),
        reason=reason,
    )
    return True
