"""What was published of a month, and what has been corrected since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from portal.reporting.models import KeptCount, KeptFigures
from portal.reporting.selectors.settled import Tally
from portal.reporting.selectors.source_rows import Alike


def kept_versions(*, first: date, last: date) -> QuerySet[KeptFigures]:
    """Return the versions of the months of `first` to `last`, newest month and version first."""
    return KeptFigures.objects.filter(month__range=(first, last)).order_by("-month", "-version")


def newest_kept(*, first: date, last: date) -> KeptFigures | None:
    """Return the newest version of the last month of those that was kept."""
    return kept_versions(first=first, last=last).first()


def changes(kept: KeptFigures) -> QuerySet[KeptCount]:
    """Return by what a version differs from the one before it, with units; of the first, all."""
    return kept.counts.select_related("unit").order_by("unit__code", "field", "outcome")


def tallies_of(rows: Iterable[Alike]) -> dict[int, Tally]:
    """Return what the rows come to, by unit (its key)."""
    found: dict[int, Tally] = defaultdict(Tally)
    for row in rows:
        found[row.unit_key] += Tally(**{row.outcome: row.number})
    return dict(found)
