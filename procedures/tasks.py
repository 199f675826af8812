"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task
from kombu.exceptions import OperationalError

from portal.common import clock
from procedures.services.record_rehearsal import carry_out_waiting
from procedures.services.scan import has_scanned, scan_day
from procedures.services.scan_changes import scan_changes
from procedures.services.scan_resumed import scan_resumed


@shared_task(name="procedures.scan_today")
def scan_today() -> None:
    """Scan today's civil date, unless that was done without an error."""
    if not has_scanned(on_date=clock.today()):
        scan_day(on_date=clock.today())


@shared_task(name="procedures.read_fact_changes")
def read_fact_changes() -> None:
    """Bring suggestions up to date with the facts that changed."""
    scan_changes(now=clock.now())


@shared_task(name="procedures.run_rehearsals")
def run_rehearsals() -> None:
    """Carry out the rehearsals that officials asked for."""
    carry_out_waiting(now=clock.now())


@shared_task(name="procedures.scan_resumed_rules")
def scan_resumed_rules() -> None:
    """Scan the rules to which officials did something."""
    scan_resumed(now=clock.now())


def ring_for_resumed_rules() -> None:
    """Ring at once, after a step on a rule; without a broker the next beat does."""
    with suppress(OperationalError):
        scan_resumed_rules.apply_async(retry=False)


def ring_for_rehearsals() -> None:
    """Ring at once, after a rehearsal was asked for; without a broker the next beat does."""
    with suppress(OperationalError):
        run_rehearsals.apply_async(retry=False)
