"""Where a partner is reached: NATIONAL_PORTAL_URL.

``dvcqg+https://USER:SECRET@HOST/BASE`` is the national portal; ``demo+http://…`` and
``demo+unix://USER:SECRET@/FOLDER/partner.sock`` are the simulator, which production refuses. Empty:
nothing is exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NATIONAL_PORTAL = "national_portal"
_SCHEMES = ("dvcqg+https", "dvcqg+http", "demo+http", "demo+unix")


@dataclass(frozen=True)
class Address:
    """How a partner is reached; `socket` is a path, for the simulator of a trial."""

    host: str
    port: int
    base: str
    is_secure: bool
    user: str
    secret: str = field(repr=False)
    socket: str = ""
    is_simulated: bool = False


def partners() -> list[str]:
    """Return the partners with which dossiers are exchanged; none where no URL is set."""
    return [NATIONAL_PORTAL] if settings.NATIONAL_PORTAL_URL else []


def address_of(partner: str) -> Address:
    """Return where a partner is reached; ImproperlyConfigured names a fault without the secret."""
    if partner != NATIONAL_PORTAL or not settings.NATIONAL_PORTAL_URL:
        raise ImproperlyConfigured(f"{partner}: no address is set")
    parts = urlsplit(str(settings.NATIONAL_PORTAL_URL))
    if parts.scheme not in _SCHEMES:
        raise ImproperlyConfigured(f"NATIONAL_PORTAL_URL must begin with one of {_SCHEMES}")
    is_local = parts.scheme == "demo+unix"
    if not (parts.username and parts.password) or not (is_local or parts.hostname):
        raise ImproperlyConfigured("NATIONAL_PORTAL_URL needs a user, a secret and a host")
    is_secure = parts.scheme.endswith("https")
    return Address(
        host=parts.hostname or "localhost",
        port=parts.port or (443 if is_secure else 80),
        base="" if is_local else parts.path.rstrip("/"),
        is_secure=is_secure,
        user=unquote(parts.username),
        secret=unquote(parts.password),
        socket=unquote(parts.path) if is_local else "",
        is_simulated=parts.scheme.startswith("demo+"),
    )
