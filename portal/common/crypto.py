"""Encrypted columns and keyed indexes: the only place that touches key material.

A sealed value is ``version(1) ‖ key id(1) ‖ nonce(12) ‖ AES-256-GCM ciphertext``. The associated
data binds it to a table, a column and a row identity that the writer knows before the row exists,
so that a value copied to another row or column does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from portal.common.errors import SealError

_FORMAT = 1
_NONCE = 12


@lru_cache(maxsize=4)
def _ring(spec: str) -> tuple[int, Mapping[int, AESGCM]]:
    """Return (newest id, all keys) of a ring ``id:base64[,id:base64…]``, newest first."""
    keys: dict[int, AESGCM] = {}
    for part in spec.split(","):
        number, _, encoded = part.strip().partition(":")
        keys[int(number)] = AESGCM(base64.b64decode(encoded))
    return next(iter(keys)), keys


def _associated(table: str, column: str, identity: bytes) -> bytes:
    return b"\x00".join((table.encode(), column.encode(), identity))


def seal(plain: bytes, *, table: str, column: str, identity: bytes) -> bytes:
    """Encrypt under the newest key; `identity` is what makes the row unique, such as its index."""
    newest, keys = _ring(settings.FIELD_KEYS)
    nonce = os.urandom(_NONCE)
    body = keys[newest].encrypt(nonce, plain, _associated(table, column, identity))
    return bytes((_FORMAT, newest)) + nonce + body


def unseal(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> bytes:
    """Decrypt with whichever key of the ring sealed it; SealError when it was altered or moved."""
    raw = bytes(sealed)
    _newest, keys = _ring(settings.FIELD_KEYS)
    if len(raw) < 2 + _NONCE or raw[0] != _FORMAT or raw[1] not in keys:
        raise SealError(f"{table}.{column}: unknown seal format or key")
    nonce, body = raw[2 : 2 + _NONCE], raw[2 + _NONCE :]
    try:
        return keys[raw[1]].decrypt(nonce, body, _associated(table, column, bytes(identity)))
    except InvalidTag as error:
        reason = "the value was altered or belongs to another row"
        raise SealError(f"{table}.{column}: {reason}") from error


def seal_text(plain: str, *, table: str, column: str, identity: bytes) -> bytes:
    """Like `seal`, for text (UTF-8)."""
    return seal(plain.encode(), table=table, column=column, identity=identity)


def unseal_text(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> str:
    """Like `unseal`, for text (UTF-8)."""
    return unseal(sealed, table=table, column=column, identity=identity).decode()


def seal_json(plain: Any, *, table: str, column: str, identity: bytes) -> bytes:
    """Like `seal`, for a JSON document."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return seal(text.encode(), table=table, column=column, identity=identity)


def unseal_json(sealed: bytes | memoryview, *, table: str, column: str, identity: bytes) -> Any:
    """Like `unseal`, for a JSON document."""
    return json.loads(unseal(sealed, table=table, column=column, identity=identity))


def keyed_index(*parts: str) -> bytes:
    """Return 32 bytes that stand for an identifier in look-ups: HMAC-SHA-256 under INDEX_KEY.

    The same parts always give the same bytes; without the key they cannot be enumerated.
    """
    message = "\x1f".join(parts).encode()
    return hmac.new(settings.INDEX_KEY.encode(), message, hashlib.sha256).digest()
