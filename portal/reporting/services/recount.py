"""Count every dossier anew, and tell whether the figures that were kept up said the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from dossiers.models import Dossier
from portal.common.sql import Statement, With, chain
from portal.reporting.models import SettledMonth
from portal.reporting.services.count_dossiers import alone, count_dossiers

_AT_ONCE = 2_000
_RIGHT = """
SELECT month, unit_id, COALESCE(field, '') AS field, due_month, outcome, count(*)::int AS count
FROM (
  SELECT date_trunc('month', finished_on)::date AS month, unit_id, field,
    date_trunc('month', due_on)::date AS due_month, outcome
  FROM reporting_counteddossier WHERE finished_on IS NOT NULL
) AS settled
GROUP BY GROUPING SETS (
  (month, unit_id, field, due_month, outcome), (month, unit_id, due_month, outcome)
)
"""
_KEPT = "SELECT month, unit_id, field, due_month, outcome, count FROM reporting_settledmonth"
_DIFFER = """
SELECT count(*) FROM (
  (TABLE right_sums EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE right_sums)
) AS wrong
"""
_ANEW = """
INSERT INTO reporting_settledmonth (month, unit_id, field, due_month, outcome, count)
TABLE right_sums
"""


@dataclass(frozen=True, slots=True)
class Recounted:
    """Dossiers looked at, those that had been counted otherwise, and sums that do not add up."""

    looked_at: int
    otherwise: int
    wrong_sums: int


def recount(progress: Callable[[int], None] = lambda _done: None) -> Recounted:
    """Count all dossiers from their own rows and ledgers; what was counted otherwise is mended.

    So many at a time, so that counting by the feed goes on meanwhile.
    """
    looked_at = otherwise = 0
    for keys in _keys():
        otherwise += count_dossiers(keys)
        looked_at += len(keys)
        progress(looked_at)
    return Recounted(looked_at, otherwise, mend_sums())


def mend_sums() -> int:
    """Return how many sums are not what their rows come to, and put those in their place."""
    right, kept = With("right_sums", Statement(_RIGHT)), With("kept", Statement(_KEPT))
    with transaction.atomic():
        alone()
        wrong = int(chain(right, kept, final=Statement(_DIFFER)).fetch()[0][0])
        if wrong:
            SettledMonth.objects.all().delete()
            chain(right, final=Statement(_ANEW)).execute()
    return wrong


def _keys() -> Iterator[list[int]]:
    """Yield the keys of all dossiers, so many at a time."""
    after = 0
    while True:
        rows = Dossier.objects.filter(pk__gt=after).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:_AT_ONCE])
        if not keys:
            return
        yield keys
        after = keys[-1]
