"""What a browser hands over when it wants notices: checked before anything is kept or called."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

DEMO_ENDPOINT = "demo:"
_LONGEST = 1000
# A name, never a number; no port but 443, no user; nothing that two readers could take apart
# differently (F42).
_ENDPOINT = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?(/[!-Z_a-z~\]\[]*)")
_SECRET_BYTES = 16


class SubscriptionError(ValueError):
    """No subscription of a browser that we may use; the text quotes nothing of it."""


@dataclass(frozen=True)
class Subscription:
    """Where a browser's push service takes notices for it, and the keys that only it can open.

    `under` is the portal's public key at that time: the subscription ends with it.
    """

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    under: str = ""

    @classmethod
    def read(cls, text: str) -> Subscription:
        """Return what `PushSubscription.toJSON()` or `value` says; SubscriptionError otherwise."""
        try:
            found = json.loads(text)
            keys = found.get("keys", found)
            own = str(found.get("under", ""))
            made = cls(str(found["endpoint"]), str(keys["p256dh"]), str(keys["auth"]), own)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SubscriptionError("this is no subscription") from None
        return made

    def check(self, *, hosts: Iterable[str]) -> None:
        """Refuse an endpoint elsewhere than at a known push service, and keys that are none."""
        if not is_endpoint(self.endpoint, hosts=hosts):
            raise SubscriptionError("this push service is not known")
        try:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(self.p256dh))
            is_whole = len(_decoded(self.auth)) == _SECRET_BYTES
        except (ValueError, binascii.Error):
            is_whole = False
        if not is_whole:
            raise SubscriptionError("its keys cannot be used")

    @property
    def value(self) -> str:
        """The text under which it is kept: the same for the same subscription."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


def is_endpoint(address: str, *, hosts: Iterable[str]) -> bool:
    """Tell whether this is https at one of the hosts; `*.example` stands for all names below it."""
    found = _ENDPOINT.fullmatch(address) if len(address) <= _LONGEST else None
    return found is not None and any(_is_at(found[1], host) for host in hosts)


def _is_at(name: str, host: str) -> bool:
    return name.endswith(host[1:]) if host.startswith("*.") else name == host


def _decoded(text: str) -> bytes:
    """Return base64 for addresses, with or without its padding."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", text):
        raise ValueError("not base64")
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
