"""Old paper results, scanned in batches: each is indexed, sealed, and linked to its person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Agency, Citizen, Official
from dossiers.documents.scan_copy import as_paper, has_signature
from dossiers.documents.signing import (
    SealUnusableError,
    seal_beside,
    seal_of,
    seal_pdf,
)
from dossiers.documents.store import forget, open_stored, store
from dossiers.models import DigitisingBatch, Document
from dossiers.selectors.papers import is_usable
from dossiers.services.keep_upload import Scan, keep_upload
from portal.common import clock
from portal.common.errors import RefusedError

_PDF = "application/pdf"


@dataclass(frozen=True)
class Index:
    """What an old result says: its title, number, who gave it, and when."""

    title_vi: str
    number: str
    issuer: str
    issued_on: date | None


def open_batch(*, official: Official, name: str) -> DigitisingBatch:
    """Begin a batch of the official's own agency; RefusedError without a name."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise RefusedError(_("Please name the batch, in at most 120 letters."))
    return DigitisingBatch.objects.create(agency=official.agency, official=official, name=name)


def add_scan(
    *,
    batch: DigitisingBatch,
    official: Official,
    citizen: Citizen,
    index: Index,
    data: bytes,
    given_name: str,
) -> Document:
    """Keep one scan in the batch and link it to the person, who finds it in their repository.

    RefusedError for a closed batch, a missing title or number, a date to come, and for what
    `keep_upload` refuses. The same file of the same person is kept once.
    """
    if batch.closed_at is not None:
        raise RefusedError(_("This batch is closed."))
    if not index.title_vi.strip() or not index.number.strip():
        raise RefusedError(_("Please write which paper it is, and its number."))
    if index.issued_on is not None and index.issued_on > clock.today():
        raise RefusedError(_("The paper cannot have been issued after today."))
    document = keep_upload(
        owner=citizen.party,
        data=data,
        given_name=given_name,
        title_vi=index.title_vi.strip()[:400],
        scan=Scan(official, batch, index.number.strip()[:60], index.issuer[:250], index.issued_on),
    )
    if document.batch_id is None:
        raise RefusedError(_("This very file is in the person's repository already."))
    return document


def seal_scan(*, document: Document, now: datetime) -> None:
    """Turn a scan into a sealed PDF; nothing where it is one.

    A PDF that somebody has signed already keeps every byte: our seal is appended behind, and left
    out where that signature forbids it. Of everything else the clear scan is replaced: what its
    owner and the offices see is the sealed copy. RefusedError while the scanner has not spoken, and
    where the agency's seal cannot be used now.
    """
    if document.is_signed:
        return
    if not is_usable(document) or document.batch is None:
        raise RefusedError(_("This file is still being checked. Please try again in a minute."))
    try:
        sealed = _sealed(document, document.batch.agency, now)
    except SealUnusableError as unusable:
        raise RefusedError(
            _("The seal cannot be used now; the scan is kept unsealed.")
        ) from unusable
    before, name = document.stored_name, store(sealed)
    with transaction.atomic():
        changed = Document.objects.filter(pk=document.pk, is_signed=False).update(
            stored_name=name,
            sha256=hashlib.sha256(sealed).hexdigest(),
            size=len(sealed),
            media_type=_PDF,
            given_name=f"{document.given_name.rpartition('.')[0]}.pdf",
            is_signed=True,
        )
        stale = before if changed else name
        transaction.on_commit(lambda: forget(stale))


def _sealed(document: Document, agency: Agency, now: datetime) -> bytes:
    data, seal = open_stored(document), seal_of(agency)
    if document.media_type == _PDF and has_signature(data):
        return seal_beside(data, seal=seal, now=now) or data
    paper = as_paper(data, document.media_type)
    return seal_pdf(paper, seal=seal, agency=agency.name_vi, now=now)


def close_batch(*, batch: DigitisingBatch, now: datetime) -> None:
    """Close a batch; RefusedError while it is empty or a scan in it is unsealed."""
    scans = batch.documents.all()
    if not scans.exists():
        raise RefusedError(_("There is nothing in this batch yet."))
    if scans.filter(is_signed=False).exists():
        raise RefusedError(_("Please seal every scan before you close the batch."))
    DigitisingBatch.objects.filter(pk=batch.pk, closed_at=None).update(closed_at=now)
