"""Keep what is published of a month; what is corrected later becomes a version of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from portal.common import clock
from portal.reporting.models import KeptCount, KeptFigures
from portal.reporting.selectors.kept import newest_kept
from portal.reporting.selectors.settled import Months, first_month
from portal.reporting.selectors.source_rows import Alike, digest_of, kept_rows, source_rows
from portal.reporting.services.count_dossiers import alone

# How long a month that has ended is looked at each night for corrections.
_WATCHED_MONTHS = 24


def keep_ended_months(*, today: date) -> list[KeptFigures]:
    """Keep each month that has ended and is not kept as it counts now; return what was kept.

    Of the last two years; an older one is kept when somebody asks for it.
    """
    month, since = _before(today.replace(day=1)), first_month() or today
    kept = []
    for _ in range(_WATCHED_MONTHS):
        if month < since:
            break
        kept.append(keep_figures(month=month, today=today))
        month = _before(month)
    return [one for one in reversed(kept) if one]


def keep_figures(*, month: date, today: date) -> KeptFigures | None:
    """Keep the figures of a month (its first day) as they are on `today`.

    None where its newest version says the same. A month that has not ended is kept as it is until
    the day before. Nobody counts meanwhile.
    """
    months = Months.between(month, month, today)
    with transaction.atomic():
        alone()
        rows = source_rows(months=months)
        digest, before = digest_of(rows), newest_kept(first=month, last=month)
        if before and (before.digest, before.until) == (digest, months.until):
            return None
        kept = KeptFigures.objects.create(
            month=month,
            version=before.version + 1 if before else 1,
            until=months.until,
            digest=digest,
            row_count=sum(row.number for row in rows),
            kept_at=clock.now(),
        )
        KeptCount.objects.bulk_create(_differences(kept, rows, before), batch_size=2_000)
    return kept


def _differences(
    kept: KeptFigures, rows: Iterable[Alike], before: KeptFigures | None
) -> list[KeptCount]:
    counts: Counter[tuple[int, str, str]] = Counter()
    for row in rows:
        counts[row.unit_key, row.field, row.outcome] += row.number
    for row in kept_rows(before) if before else ():
        counts[row.unit_key, row.field, row.outcome] -= row.number
    return [
        KeptCount(kept=kept, unit_id=unit, field=field, outcome=outcome, count=count)
        for (unit, field, outcome), count in sorted(counts.items())
        if count
    ]


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
