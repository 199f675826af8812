"""How the portal and its gateways prove to each other who speaks: HMAC-SHA-256 over time and body.

The same in both directions (docs/gateways.md). Pure: secret and time come from the caller.
"""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP_HEADER = "X-Portal-Timestamp"
SIGNATURE_HEADER = "X-Portal-Signature"


def signature(body: bytes, *, secret: str, timestamp: str) -> str:
    """Return the signature in hex of a body at a time, which is written in seconds since 1970."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed_headers(body: bytes, *, secret: str, timestamp: int) -> dict[str, str]:
    """Return the two headers that a signed body travels with."""
    written = str(timestamp)
    return {
        TIMESTAMP_HEADER: written,
        SIGNATURE_HEADER: signature(body, secret=secret, timestamp=written),
    }


def calling_key(secret: str, *, address: str) -> str:
    """Return the key with which calls to one address (its path) are signed.

    Who may sign the receipts of one channel can sign neither another's nor what people answer.
    """
    return hmac.new(secret.encode(), f"key {address}".encode(), hashlib.sha256).hexdigest()


def path_token(secret: str, *, channel: str) -> str:
    """Return what stands in the address of a channel's calls where the gateway cannot sign.

    Who knows one channel's token knows neither the secret nor another channel's.
    """
    return hmac.new(secret.encode(), f"path {channel}".encode(), hashlib.sha256).hexdigest()[:40]
