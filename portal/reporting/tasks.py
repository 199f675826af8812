"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from celery import shared_task

from portal.common import clock
from portal.reporting.services.count_week_once import count_week_once


@shared_task(name="reporting.count_this_week")
def count_this_week() -> None:
    """Count the week and keep what is expected, unless that was done this week."""
    count_week_once(day=clock.today())
