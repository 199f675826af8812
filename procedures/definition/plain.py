"""From dataclasses to plain JSON values, and the fingerprint of such a document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any


def plain(value: Any) -> Any:
    """Return `value` with tuples as lists and dates as ISO text, ready for a JSON column."""
    match value:
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case _:
            return value


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of what a document says.

    Order of keys does not count, nor does a key that says nothing (null, empty text or list): a key
    added to the schema later leaves the fingerprints of older documents as they were.
    """
    text = json.dumps(_pruned(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _pruned(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_pruned(item) for item in value]
    return value
