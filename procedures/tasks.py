"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from celery import shared_task

from portal.common import clock
from procedures.services.scan import has_scanned, scan_day
from procedures.services.scan_changes import scan_changes


@shared_task(name="procedures.scan_today")
def scan_today() -> None:
    """Scan today's civil date, unless that was done without an error."""
    if not has_scanned(on_date=clock.today()):
        scan_day(on_date=clock.today())


@shared_task(name="procedures.read_fact_changes")
def read_fact_changes() -> None:
    """Bring suggestions up to date with the facts that changed."""
    scan_changes(now=clock.now())
