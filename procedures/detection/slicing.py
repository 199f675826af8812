"""A day's work that is too much for one transaction, cut where it may be: by due date and by fact.

Too much is what comes at once: the first run of a rule, the day on which a yearly campaign opens,
the day of a stage that thousands reach together. Most urgent first, so that each person is told by
the slice with their most urgent matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from procedures.detection.windows import DueWindow

# A transaction that opens this many facts, each told to two people, stays under a second.
SLICE_FACTS = 5_000
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """One slice of the work of a day; `is_first` and `is_last` of those that one call carries out.

    The first also mends and ends what waits; the last reminds of whatever lies beyond the window.
    """

    due: DueWindow
    is_first: bool
    is_last: bool

    @property
    def until(self) -> Q:
        """The condition that a suggestion is due in this part or in one before."""
        due = self.due
        if self.is_last:
            return Q()
        if due.up_to is None:
            return Q(due_on__lte=due.last)
        return Q(due_on__lt=due.last) | Q(due_on=due.last, anchor__lte=due.up_to)

    @property
    def cursor(self) -> date | None:
        """The last due date that is wholly done with this part; None where it is the last part."""
        if self.is_last:
            return None
        return self.due.last if self.due.up_to is None else self.due.last - _A_DAY


def parts_of(windows: Sequence[DueWindow]) -> list[Part]:
    """Return consecutive windows as the parts of one call."""
    last = len(windows) - 1
    return [Part(due, n == 0, n == last) for n, due in enumerate(windows)]


def slices(due: DueWindow, rows: QuerySet[Any, Any], size: int) -> Iterator[DueWindow]:
    """Cut a window so that no part holds many more than `size` of the rows, each with a due date.

    `rows` (facts, or suggestions) have `due_on` and `anchor`. Cut between due dates, and where one
    date has more than `size` of them between anchors.
    """
    counted = rows.order_by("due_on").values("due_on").annotate(found=Count("*"))
    first, held = due.first, 0
    for row in counted:
        day, found = row["due_on"], row["found"]
        if held and held + found > size:
            yield DueWindow(first, day - _A_DAY)
            first, held = day, 0
        if found > size:
            yield from _within_a_day(first, day, rows.filter(due_on=day), found, size)
            first = day + _A_DAY
        else:
            held += found
    if first <= due.last:
        yield DueWindow(first, due.last)


def _within_a_day(
    first: date, day: date, rows: QuerySet[Any, Any], found: int, size: int
) -> Iterator[DueWindow]:
    """Cut a date at every so many anchors; before it, down to `first`, there is nothing."""
    placed = rows.order_by("anchor").annotate(place=Window(RowNumber(), order_by="anchor"))
    ends = placed.filter(place__in=list(range(size, found, size))).values_list("anchor", flat=True)
    bounds = [None, *dict.fromkeys(ends), None]
    for after, up_to in pairwise(bounds):
        yield DueWindow(first if after is None else day, day, after, up_to)
