"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from celery import shared_task

from portal.common import clock
from portal.reporting.services.count_weeks import count_weeks, is_counted
from portal.reporting.services.keep_snapshots import keep_snapshots


@shared_task(name="reporting.count_this_week")
def count_this_week() -> None:
    """Count the week and keep what is expected, unless that was done this week."""
    day = clock.today()
    if not is_counted(day=day):
        count_weeks(day=day)
        keep_snapshots(day=day)
