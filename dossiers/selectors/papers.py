"""Reads of files and papers: what may be shown, whose it is, what waits for its check."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models import Document


def unscanned() -> QuerySet[Document]:
    """Return the uploads on which the scanner, where there is one, has not spoken."""
    waiting = [ScanVerdict.PENDING]
    if settings.CLAMD_URL:
        waiting.append(ScanVerdict.STRUCTURE)
    return Document.objects.filter(origin=DocumentOrigin.UPLOAD, scan_state__in=waiting)


def oldest_unscanned_at() -> datetime | None:
    """Return since when the oldest upload waits for the scanner, None where none does."""
    oldest = unscanned().order_by("recorded_at").values_list("recorded_at", flat=True)
    return oldest.first()


def is_usable(document: Document) -> bool:
    """Return whether a file may be downloaded: what we made, or what was found harmless (F31).

    With a scanner set up only its word counts; waiting for it means no.
    """
    if document.origin != DocumentOrigin.UPLOAD:
        return document.scan_state != ScanVerdict.INFECTED
    return document.scan_state in _harmless()


def usable() -> Q:
    """Return `is_usable` as a condition on documents."""
    made_here = ~Q(origin=DocumentOrigin.UPLOAD) & ~Q(scan_state=ScanVerdict.INFECTED)
    return made_here | Q(origin=DocumentOrigin.UPLOAD, scan_state__in=_harmless())


def _harmless() -> tuple[ScanVerdict, ...]:
    if settings.CLAMD_URL:
        return (ScanVerdict.CLEAN,)
    return (ScanVerdict.CLEAN, ScanVerdict.STRUCTURE)
