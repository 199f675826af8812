"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from contextlib import suppress

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from dossiers.documents.scanner import ScannerDownError
from dossiers.exchange.reconciling import reconcile_asked, reconcile_nightly
from dossiers.exchange.sending import exchange
from dossiers.exchange.waits import keep_waits
from dossiers.services.answer_replies import answer_replies as answer_waiting_replies
from dossiers.services.decide_automatically import (
    decide_automatically as decide_what_versions_decide,
)
from dossiers.services.discard_draft import remove_forgotten_drafts
from dossiers.services.file_next_steps import file_next_steps as file_ready_steps
from dossiers.services.make_forms import make_forms as make_due_forms
from dossiers.services.rotate_files import sweep_files as sweep_orphans
from dossiers.services.scan_uploads import scan_uploads as scan_waiting_uploads
from dossiers.services.sweep_uploads import sweep_uploads as sweep_forgotten_uploads
from dossiers.services.warn_before_limits import warn_before_limits as warn_of_limits
from portal.common import clock

log = structlog.get_logger(__name__)


@shared_task(name="dossiers.answer_replies")
def answer_replies() -> None:
    """Answer what people wrote back."""
    if answer_waiting_replies(now=clock.now()):
        ring_for_automatic_decisions()


def ring_for_replies() -> None:
    """Ring at once, after a reply was stored; without a broker the next beat does."""
    with suppress(OperationalError):
        answer_replies.apply_async(retry=False)


@shared_task(name="dossiers.file_next_steps")
def file_next_steps() -> None:
    """File the children of cases whose turn has come."""
    if file_ready_steps(now=clock.now()):
        ring_for_automatic_decisions()


def ring_for_steps() -> None:
    """Ring at once, after a decision; without a broker the next beat does."""
    with suppress(OperationalError):
        file_next_steps.apply_async(retry=False)


@shared_task(name="dossiers.sweep_files")
def sweep_files() -> None:
    """Remove stored files whose row was never written."""
    sweep_orphans(now=clock.now())


@shared_task(name="dossiers.decide_automatically")
def decide_automatically() -> None:
    """Decide what released versions decide by themselves."""
    if decide_what_versions_decide(now=clock.now()).decided_count:
        ring_for_steps()
        ring_for_forms()


def ring_for_automatic_decisions() -> None:
    """Ring at once, after something was filed or paid; without a broker the next beat does."""
    with suppress(OperationalError):
        decide_automatically.apply_async(retry=False)


@shared_task(name="dossiers.remove_drafts")
def remove_drafts() -> None:
    """Remove drafts that nobody touched for 30 days."""
    remove_forgotten_drafts(now=clock.now())


@shared_task(name="dossiers.sweep_uploads")
def sweep_uploads() -> None:
    """Delete files that were sent and filed with nothing for 30 days."""
    log.info("forgotten_uploads_deleted", count=sweep_forgotten_uploads(now=clock.now()))


@shared_task(name="dossiers.scan_uploads")
def scan_uploads() -> None:
    """Ask the virus scanner about what waits; where it is down, the next beat asks again."""
    try:
        scan_waiting_uploads()
    except ScannerDownError as down:
        log.warning("the virus scanner cannot be asked", error=str(down))


def ring_for_scans() -> None:
    """Ring at once, after a file was kept; without a broker the next beat does."""
    with suppress(OperationalError):
        scan_uploads.apply_async(retry=False)


@shared_task(name="dossiers.make_forms")
def make_forms() -> None:
    """Make the papers that steps have called for."""
    make_due_forms(now=clock.now())


def ring_for_forms() -> None:
    """Ring at once, after a step was taken; without a broker the next beat does."""
    with suppress(OperationalError):
        make_forms.apply_async(retry=False)


@shared_task(name="dossiers.warn_before_limits")
def warn_before_limits() -> None:
    """Warn case officers of limits that come near."""
    warn_of_limits(now=clock.now())


@shared_task(name="dossiers.exchange_with_partners")
def exchange_with_partners() -> None:
    """Tell partners what waits, let clocks wait that got no answer, compare the books at night."""
    exchange(now=clock.now())
    keep_waits(now=clock.now())
    reconcile_asked(now=clock.now())
    reconcile_nightly(now=clock.now())


def ring_for_partners() -> None:
    """Ring at once, after an official decided; without a broker the next beat does."""
    with suppress(OperationalError):
        exchange_with_partners.apply_async(retry=False)
