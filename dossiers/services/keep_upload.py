"""Keep a file that somebody sent: judged, sealed, under a random name, and shown when harmless."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Official, Party
from dossiers.documents.intake.receiving import LARGEST, Taken, receive
from dossiers.documents.intake.refusals import IntakeError
from dossiers.documents.store import store
from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models import DigitisingBatch, Document
from dossiers.services.intake_words import sentence_for
from portal.common import clock
from portal.common.errors import RefusedError

__all__ = ["LARGEST", "MOST_A_DAY", "Scan", "keep_upload"]

MOST_A_DAY = 60  # files that one owner sent; what officials keep does not count


@dataclass(frozen=True)
class Scan:
    """Which official keeps the file, and what they say a scanned paper is."""

    official: Official
    batch: DigitisingBatch | None = None
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None


def keep_upload(
    *,
    owner: Party,
    data: bytes,
    given_name: str = "",
    component_code: str = "",
    title_vi: str = "",
    scan: Scan | None = None,
) -> Document:
    """Return the stored document; the same file of the same owner is stored once.

    RefusedError, with what to do, for everything that is no plain photo or PDF (F28 to F30), and
    for one too many on a day. Where a virus scanner is set up the document waits for it: ring
    `dossiers.tasks.ring_for_scans` after the commit.
    """
    try:
        taken = receive(data, given_name)
    except IntakeError as refused:
        raise RefusedError(sentence_for(refused.reason)) from refused
    with transaction.atomic():
        return _kept(owner, taken, component_code, title_vi, scan)


def _kept(
    owner: Party, taken: Taken, component_code: str, title_vi: str, scan: Scan | None
) -> Document:
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    digest = hashlib.sha256(taken.data).hexdigest()
    mine = Document.objects.filter(owner=owner, origin=DocumentOrigin.UPLOAD)
    known = mine.filter(sha256=digest, removed_at=None).first()
    if known is not None:
        return known
    yesterday = clock.now() - timedelta(days=1)
    sent = mine.filter(recorded_at__gt=yesterday, digitised_by=None)
    if scan is None and sent.count() >= MOST_A_DAY:
        raise RefusedError(_("Too many files for one day; please send more tomorrow."))
    return Document.objects.create(
        owner=owner,
        origin=DocumentOrigin.UPLOAD,
        given_name=taken.name,
        media_type=taken.media_type,
        size=len(taken.data),
        sha256=digest,
        stored_name=store(taken.data),
        scan_state=ScanVerdict.PENDING if settings.CLAMD_URL else ScanVerdict.STRUCTURE,
        component_code=component_code,
        title_vi=title_vi,
        **_indexed(scan),
    )


def _indexed(scan: Scan | None) -> dict[str, Any]:
    if scan is None:
        return {}
    return {
        "digitised_by": scan.official,
        "batch": scan.batch,
        "number": scan.number,
        "issuer": scan.issuer,
        "issued_on": scan.issued_on,
    }
