"""Count a week and keep what is expected, once; what broke off is done again."""

from __future__ import annotations

from datetime import date

from portal.reporting.forecast.weeks import monday
from portal.reporting.models import CountedWeek
from portal.reporting.services.count_weeks import count_weeks
from portal.reporting.services.keep_snapshots import keep_snapshots


def count_week_once(*, day: date) -> bool:
    """Count the week of `day` and keep its forecasts, unless both were done to the end before.

    Return whether that was to be done. The row that says so is written last: two runs at once
    count the same twice, a run that dies is made good by the next one.
    """
    if CountedWeek.objects.filter(week=monday(day)).exists():
        return False
    count_weeks(day=day)
    keep_snapshots(day=day)
    CountedWeek.objects.get_or_create(week=monday(day))
    return True
