"""Give a person a secret calendar address, in place of the one before."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from citizens.models import CalendarAddress, Citizen

_BYTES = 32


def renew_calendar_address(*, citizen: Citizen, now: datetime) -> str:
    """Return a new token, which nobody can be told again; an older one opens nothing any more."""
    token = secrets.token_urlsafe(_BYTES)
    made = {"token_sha256": sha256(token.encode()).digest(), "made_at": now, "read_on": None}
    CalendarAddress.objects.update_or_create(citizen=citizen, defaults=made)
    return token
