"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from celery import shared_task

from portal.common import clock
from portal.reporting.reports.making import make_reports
from portal.reporting.services.count_week_once import count_week_once
from portal.reporting.services.fold_events import count_moved, fold_events
from portal.reporting.services.keep_figures import keep_ended_months


@shared_task(name="reporting.count_this_week")
def count_this_week() -> None:
    """Count the week and keep what is expected, unless that was done this week."""
    count_week_once(day=clock.today())


@shared_task(name="reporting.fold_events")
def read_events() -> None:
    """Bring the figures of settlement up to the steps that dossiers took."""
    fold_events()


@shared_task(name="reporting.count_moved")
def count_moved_dates() -> None:
    """Count again what a changed calendar has moved."""
    count_moved()


@shared_task(name="reporting.keep_figures")
def keep_months() -> None:
    """Keep what is published of months that have ended, and what was corrected in them."""
    keep_ended_months(today=clock.today())


@shared_task(name="reporting.make_reports")
def make_ended_reports() -> None:
    """Make the reports of the week and the month that ended, unless they are there."""
    make_reports(now=clock.now())
