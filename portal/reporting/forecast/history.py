"""What happened, week by week and unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from portal.reporting.forecast.weeks import WEEK, weeks_between


@dataclass(frozen=True, slots=True)
class History:
    """Counts of one series: for each unit (its key) one number a week, all beginning with `first`.

    Every unit has as many weeks; a week without a row in the tables is a zero.
    """

    first: date
    length: int
    counts: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(
        cls, rows: Iterable[tuple[int, date, int]], *, units: Iterable[int], first: date, last: date
    ) -> Self:
        """Gather rows of (unit, Monday, count) between two Mondays, both included."""
        length = max(weeks_between(first, last) + 1, 0)
        gathered = {unit: [0] * length for unit in units}
        for unit, week, count in rows:
            at = weeks_between(first, week)
            if unit in gathered and 0 <= at < length:
                gathered[unit][at] += count
        return cls(first, length, {unit: tuple(counts) for unit, counts in gathered.items()})

    @property
    def end(self) -> date:
        """The Monday after the last week."""
        return self.first + self.length * WEEK

    @property
    def mean(self) -> float:
        """The mean count of a unit and week; 0 for no history."""
        cells = self.length * len(self.counts)
        return sum(map(sum, self.counts.values())) / cells if cells else 0.0

    def at(self, week: date) -> int:
        """Return the place of a week in the counts; it may lie outside."""
        return weeks_between(self.first, week)

    def until(self, end: int) -> History:
        """Return the first `end` weeks."""
        kept = {unit: counts[:end] for unit, counts in self.counts.items()}
        return History(self.first, min(end, self.length), kept)

    def total(self, at: int) -> int:
        """Return the sum over all units of the week at this place."""
        return sum(counts[at] for counts in self.counts.values())
