"""Secrets of the trial and the tests. Everybody knows them, so production refuses them."""

from __future__ import annotations

import base64
import hashlib


def _known(purpose: str) -> bytes:
    return hashlib.sha256(f"portal demo {purpose}".encode()).digest()


SECRET_KEY = "demo-only-" + _known("sessions").hex()
FIELD_KEYS = "1:" + base64.b64encode(_known("fields")).decode()
INDEX_KEY = "demo-only-" + _known("index").hex()
SIGNING_KEY = base64.b64encode(_known("seals")).decode()
RECEIPT_SECRET = "demo-only-" + _known("receipts").hex()

KNOWN = frozenset({SECRET_KEY, FIELD_KEYS, INDEX_KEY, SIGNING_KEY, RECEIPT_SECRET})
