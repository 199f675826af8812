"""Who may call a hook: whoever signs with its address's key now, or knows the secret one (F19).

The signature is HMAC-SHA256 over ``timestamp + "." + body`` in hexadecimal; the timestamp is in
seconds since 1970 and may differ from our clock by five minutes. Each address has a key of its own,
made from RECEIPT_SECRET. A gateway that cannot sign is
given an address with a token of its channel; whoever knows it can say nothing on another channel.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from notifications.rules.signatures import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    calling_key,
    path_token,
    signature,
)
from portal.common import clock
from portal.web.access import public

MOST_BYTES = 64 * 1024
_WINDOW_SECONDS = 300
_PREFIX = "sha256="

P = ParamSpec("P")
Hook = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_signed(request: HttpRequest) -> bool:
    """Return whether whoever knows this address's key signed this very body within five minutes."""
    timestamp = request.headers.get(TIMESTAMP_HEADER, "")
    given = request.headers.get(SIGNATURE_HEADER, "").removeprefix(_PREFIX).lower()
    key = calling_key(settings.RECEIPT_SECRET, address=request.path)
    made = signature(request.body, secret=key, timestamp=timestamp)
    is_ours = hmac.compare_digest(made.encode(), given.encode())
    return is_ours and _is_recent(timestamp)


def knows_token(given: str, *, channel: str) -> bool:
    """Return whether this is the secret of the channel's addresses, compared in constant time."""
    secret = path_token(settings.RECEIPT_SECRET, channel=channel)
    return hmac.compare_digest(secret.encode(), given.encode())


def called_by_gateways(view: Hook[P]) -> Hook[P]:
    """Open an address to machines: no session and no CSRF token, at most 64 KB of body (413)."""
    return _bounded(view, MOST_BYTES)


def called_by_chats(view: Hook[P]) -> Hook[P]:
    """Open an address to machines that send photos along: at most 2 MB of body (413)."""
    return _bounded(view, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _bounded(view: Hook[P], most: int) -> Hook[P]:
    @wraps(view)
    def bounded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return HttpResponse(status=413)
        return view(request, *args, **kwargs)

    return csrf_exempt(never_cache(public(bounded)))


def _is_recent(timestamp: str) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(clock.now().timestamp() - int(timestamp)) <= _WINDOW_SECONDS
