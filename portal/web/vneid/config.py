"""Which OpenID provider signs citizens in, as the operator set it (docs/operations.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

# Signed with a private key. HS* and `none` are never taken: who knows our secret, or nothing, could
# sign by them (RFC 8725).
SIGNED_WITH_A_PRIVATE_KEY = frozenset(
    f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)
) | {"EdDSA"}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class IdentityProvider:
    """An OpenID provider and what it tells of a person.

    `person_claim` holds the 12-digit personal number. `level` is `claim=value`: only then has the
    provider checked the number against the person (VNeID: level 2, Nghị định 69/2024/NĐ-CP); empty
    where every account of the provider is of that kind.
    """

    issuer: str
    client_id: str
    client_secret: str
    scope: str = "openid"
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    person_claim: str = "citizenPid"
    level: str = "accountLevel=2"
    envelope: str = "portal.web.vneid.envelopes.Plain"
    decryption_key: str = ""

    def problems(self) -> list[str]:
        """Return what keeps it from being used, each with the variable's name."""
        found = []
        if not is_safe(self.issuer):
            found.append("OIDC_ISSUER must begin with https://")
        if len(self.issuer) > 200:
            found.append("OIDC_ISSUER is longer than 200 characters")
        if not self.client_id or not self.client_secret:
            found.append("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET")
        if not self.algorithms or not SIGNED_WITH_A_PRIVATE_KEY.issuperset(self.algorithms):
            found.append("OIDC_ALGORITHMS may name algorithms with a private key only, as RS256")
        if self.level and "=" not in self.level:
            found.append("OIDC_LEVEL must be claim=value")
        return found


def is_safe(url: str) -> bool:
    """Return whether what is sent to a URL crosses no network in clear."""
    parts = urlsplit(url)
    here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return here or (parts.scheme == "https" and bool(parts.hostname))


def provider_from(read: Callable[[str, str], str]) -> IdentityProvider | None:
    """Return the provider of the environment, read by (variable, default); None for none."""
    issuer = read("OIDC_ISSUER", "")
    if not issuer:
        return None
    plain = IdentityProvider(issuer, read("OIDC_CLIENT_ID", ""), read("OIDC_CLIENT_SECRET", ""))
    algorithms = read("OIDC_ALGORITHMS", ",".join(plain.algorithms)).split(",")
    return replace(
        plain,
        scope=read("OIDC_SCOPE", plain.scope),
        algorithms=tuple(name.strip() for name in algorithms if name.strip()),
        person_claim=read("OIDC_PERSON_CLAIM", plain.person_claim),
        level=read("OIDC_LEVEL", plain.level),
        envelope=read("OIDC_ENVELOPE", plain.envelope),
        decryption_key=read("OIDC_DECRYPTION_KEY", ""),
    )
