"""Decisions of the catalogue over plain values: stages, windows, fees, new expiry dates.

Days are civil dates of Asia/Ho_Chi_Minh. Where a year has no 29 February the day before is meant, the
same answer that PostgreSQL gives for a date plus an interval of years.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from procedures.definition import RuleDefinition
from procedures.enums import WindowShape


def stage_due(lead_days: Sequence[int], days_left: int) -> int | None:
    """Return the most urgent lead stage already reached, or None before the first."""
    return min((lead for lead in lead_days if days_left <= lead), default=None)


def next_remind_on(lead_days: Sequence[int], due_on: date, stage: int | None) -> date | None:
    """Return the day on which the stage after `stage` (None: the first) is reached, or None after the last."""
    later = [lead for lead in lead_days if stage is None or lead < stage]
    return due_on - timedelta(days=max(later)) if later else None


@dataclass(frozen=True, slots=True)
class FilingWindow:
    """First and last civil date on which a dossier may be filed; None where the law sets no limit."""

    earliest_on: date | None
    latest_on: date | None

    def allows(self, day: date) -> bool:
        """Return whether a dossier may be filed on `day`."""
        too_early = self.earliest_on is not None and day < self.earliest_on
        too_late = self.latest_on is not None and day > self.latest_on
        return not (too_early or too_late)


def filing_window(definition: RuleDefinition, due_on: date) -> FilingWindow:
    """Return when a dossier for a paper that ends on `due_on` may be filed (domain.md 3.1)."""
    days = timedelta(days=definition.window.days or 0)
    match definition.window.shape:
        case WindowShape.NO_LATER_THAN:
            return FilingWindow(None, due_on - days)
        case WindowShape.ONLY_WITHIN:
            return FilingWindow(due_on - days, due_on)
        case WindowShape.RECOMMENDED:
            return FilingWindow(None, None)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28 February in other years."""
    return add_months(day, 12 * years)


def milestone_on(birth_date: date, age: int) -> date:
    """Return the birthday on which somebody reaches `age`."""
    return add_years(birth_date, age)
