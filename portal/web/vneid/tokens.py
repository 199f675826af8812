"""Checks of what an OpenID provider signs (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725).

allauth's own OpenID Connect looks neither at the signature of an ID token that came over the back
channel nor at a nonce, and takes the algorithm from the token; so all of it is done here.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import jwt

from portal.web.vneid.config import IdentityProvider
from portal.web.vneid.refusals import Refusal, RefusedSignInError

Claims = Mapping[str, Any]
_LEEWAY = 60  # seconds between their clock and ours
_REQUIRED = ("iss", "aud", "exp", "iat", "sub")
_REASONS: tuple[tuple[type[Exception], Refusal], ...] = (
    (jwt.InvalidSignatureError, Refusal.SIGNATURE),
    (jwt.ExpiredSignatureError, Refusal.TIME),
    (jwt.ImmatureSignatureError, Refusal.TIME),
    (jwt.InvalidIssuerError, Refusal.ISSUER),
    (jwt.InvalidAudienceError, Refusal.AUDIENCE),
)


class UnknownKeyError(RefusedSignInError):
    """No published key fits the token: the provider may have changed its keys just now."""

    def __init__(self) -> None:
        """Refuse like any wrong signature."""
        super().__init__(Refusal.SIGNATURE)


def id_token_claims(
    token: str, *, keys: Sequence[Claims], provider: IdentityProvider, nonce: str
) -> Claims:
    """Return what an ID token says once everything about it is right; RefusedSignInError else."""
    claims = _signed_claims(token, keys=keys, provider=provider, required=_REQUIRED)
    audience = claims["aud"]
    party = claims.get("azp")
    several = isinstance(audience, list) and len(audience) > 1
    if party != provider.client_id and (several or party is not None):
        raise RefusedSignInError(Refusal.AUDIENCE)
    told = claims.get("nonce")
    if not nonce or not isinstance(told, str) or not hmac.compare_digest(told, nonce):
        raise RefusedSignInError(Refusal.NONCE)
    return claims


def userinfo_claims(token: str, *, keys: Sequence[Claims], provider: IdentityProvider) -> Claims:
    """Return what a signed answer of the userinfo endpoint says (5.3.2)."""
    return _signed_claims(token, keys=keys, provider=provider, required=("iss", "aud", "sub"))


def _signed_claims(
    token: str, *, keys: Sequence[Claims], provider: IdentityProvider, required: Sequence[str]
) -> Claims:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise RefusedSignInError(Refusal.MALFORMED) from error
    algorithm = header.get("alg")
    if algorithm not in provider.algorithms:
        raise RefusedSignInError(Refusal.ALGORITHM)
    try:
        claims: Claims = jwt.decode(
            token,
            key=_key(header, keys),
            algorithms=[algorithm],
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=_LEEWAY,
            options={"require": list(required)},
        )
    except jwt.PyJWTError as error:
        reason = next((why for kind, why in _REASONS if isinstance(error, kind)), None)
        raise RefusedSignInError(reason or Refusal.MALFORMED) from error
    return claims


def _key(header: Mapping[str, Any], keys: Sequence[Claims]) -> jwt.PyJWK:
    """Return the one published key that may have signed; a key for another use or way never may."""
    algorithm, name = header["alg"], header.get("kid")
    fitting = [
        key
        for key in keys
        if key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (name is None or key.get("kid") == name)
        and key.get("kty") in ("RSA", "EC", "OKP")
    ]
    if len(fitting) != 1:
        raise UnknownKeyError
    return jwt.PyJWK(dict(fitting[0]), algorithm)
