"""Stored documents of tests: rows with their sealed files, as the services leave them."""

from __future__ import annotations

import hashlib
from typing import Any

from citizens.models import Party
from dossiers.documents.store import store
from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models import Document
from tests.factories.citizens import PartyFactory

SCAN = b"%PDF-1.7 a synthetic scan"


def a_document(owner: Party | None = None, data: bytes = SCAN, **changes: Any) -> Document:
    """Return a document of `data`, sealed on disk; by default a PDF found harmless."""
    values: dict[str, Any] = {
        "owner": owner or PartyFactory(),
        "origin": DocumentOrigin.UPLOAD,
        "given_name": "giay-kham.pdf",
        "media_type": "application/pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "scan_state": ScanVerdict.STRUCTURE,
    }
    return Document.objects.create(**values | changes, stored_name=store(data))
