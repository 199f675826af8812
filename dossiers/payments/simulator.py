"""The trial's bank: it moves no money and calls back signed, as a real gateway does."""

from __future__ import annotations

import json
from datetime import datetime
from secrets import token_hex

from django.conf import settings

from notifications.rules.signatures import calling_key, signed_headers


def new_transaction() -> str:
    """Return a number such as banks give a transfer."""
    return f"FT{token_hex(6).upper()}"


def signed_call(
    *, address: str, transaction: str, content: str, amount_vnd: int, now: datetime
) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of the call that tells `address` of a transfer."""
    document = {
        "transaction": transaction,
        "amount": amount_vnd,
        "content": content,
        "paid_at": now.isoformat(timespec="seconds"),
    }
    body = json.dumps(document).encode()
    key = calling_key(settings.RECEIPT_SECRET, address=address)
    return body, signed_headers(body, secret=key, timestamp=int(now.timestamp()))
