"""Ask the virus scanner about what waits; until it has answered nothing may be downloaded (F31)."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.conf import settings

from dossiers.documents.scanner import verdict_on
from dossiers.documents.store import open_stored
from dossiers.enums import ScanVerdict
from dossiers.models import Document
from dossiers.selectors.papers import unscanned
from portal.common.errors import SealError

BATCH = 200
_log = structlog.get_logger(__name__)


@dataclass
class Scanned:
    """What became of the documents that waited."""

    clean: int = 0
    infected: int = 0
    unanswered: int = 0


def scan_uploads() -> Scanned:
    """Scan what waits, oldest first; ScannerDownError where the scanner cannot be asked.

    Without a scanner (no CLAMD_URL) what waits counts as checked by its structure. Each answer is
    written by itself, only where nobody wrote another meanwhile; run it as often as you like.
    """
    if not settings.CLAMD_URL:
        unscanned().update(scan_state=ScanVerdict.STRUCTURE)
        return Scanned()
    done, last = Scanned(), 0
    while batch := list(unscanned().filter(pk__gt=last).order_by("pk")[:BATCH]):
        for document in batch:
            _scan(document, done)
        last = batch[-1].pk
    return done


def _scan(document: Document, done: Scanned) -> None:
    try:
        data = open_stored(document)
    except (FileNotFoundError, SealError):
        _log.error("stored file does not open", document=str(document.public_id))
        done.unanswered += 1
        return
    verdict = verdict_on(data)
    if verdict is ScanVerdict.PENDING:
        done.unanswered += 1
        return
    before = Document.objects.filter(pk=document.pk, scan_state=document.scan_state)
    before.update(scan_state=verdict)
    if verdict is ScanVerdict.INFECTED:
        _log.warning("infected file quarantined", document=str(document.public_id))
        done.infected += 1
    else:
        done.clean += 1
