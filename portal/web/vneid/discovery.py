"""Where a provider answers and which keys it signs with, asked at most every ten minutes.

Kept in the process: who may sign in must not hang on a cache that others can write to.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter

from portal.web.vneid.config import IdentityProvider, is_safe
from portal.web.vneid.refusals import Refusal, RefusedSignInError

_KEEP = 600.0  # seconds
_ASK_ANEW = 30.0  # the least time between two questions for keys that nobody knows yet
_kept: dict[str, tuple[float, Mapping[str, Any]]] = {}


def endpoint(provider: IdentityProvider, name: str) -> str:
    """Return an address that the provider publishes, as `token_endpoint`."""
    found = published(provider).get(name)
    if not isinstance(found, str) or not is_safe(found):
        raise RefusedSignInError(Refusal.UNREACHABLE)
    return found


def published(provider: IdentityProvider) -> Mapping[str, Any]:
    """Return what the provider says of itself; it must call itself by the issuer we know."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _asked(address, _KEEP)
    if found.get("issuer") != provider.issuer:
        raise RefusedSignInError(Refusal.ISSUER)
    return found


def signing_keys(provider: IdentityProvider, *, anew: bool = False) -> Sequence[Mapping[str, Any]]:
    """Return the published keys; `anew` asks again where the last answer is older than a moment."""
    found = _asked(endpoint(provider, "jwks_uri"), _ASK_ANEW if anew else _KEEP).get("keys")
    if not isinstance(found, list):
        raise RefusedSignInError(Refusal.UNREACHABLE)
    return [key for key in found if isinstance(key, dict)]


def forget() -> None:
    """Ask again the next time."""
    _kept.clear()


def _asked(address: str, oldest: float) -> Mapping[str, Any]:
    now = time.monotonic()
    at, answer = _kept.get(address, (0.0, None))
    if answer is not None and now - at < oldest:
        return answer
    try:
        with get_adapter().get_requests_session() as session:
            response = session.get(address)
            response.raise_for_status()
            answer = response.json()
    except requests.RequestException as error:
        raise RefusedSignInError(Refusal.UNREACHABLE) from error
    if not isinstance(answer, dict):
        raise RefusedSignInError(Refusal.UNREACHABLE)
    _kept[address] = (now, answer)
    return answer
