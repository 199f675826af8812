"""PDF_SIGNER as an operator writes it. Pure.

``pkcs12:/run/secrets/seal.p12?password_file=/run/secrets/seal.password``
``pkcs11:/usr/lib/softhsm/libsofthsm2.so?token=SEAL&certificate=seal&pin_file=/run/secrets/pin``
``map:/etc/portal/seals.json``: ``{"H17.26": "pkcs12:/…", …}``, each agency's own by its code
``test:/folder`` (the trial's authority issues a seal to each agency there; production refuses it)

Both kinds of keys may name ``&timestamps=https://…`` (RFC 3161), ``&chain=/path/chain.pem``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import parse_qsl

_NEEDED = {
    "pkcs12": ("password_file",),
    "pkcs11": ("token", "certificate", "pin_file"),
    "map": (),
    "test": (),
}
_KNOWN = {
    "pkcs12": ("password_file", "chain", "timestamps"),
    "pkcs11": ("token", "certificate", "key", "pin_file", "chain", "timestamps"),
    "map": (),
    "test": (),
}


class SignerKind(StrEnum):
    """Where the private key lies."""

    PKCS12 = "pkcs12"
    PKCS11 = "pkcs11"
    MAP = "map"
    TEST = "test"


class SignerAddressError(ValueError):
    """PDF_SIGNER is not written as it must be; the text says what is wrong and what to write."""


@dataclass(frozen=True)
class SignerAddress:
    """The kind, the file, module or folder, and what else was named."""

    kind: SignerKind
    path: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_address(text: str) -> SignerAddress:
    """Return what PDF_SIGNER says; SignerAddressError with the remedy otherwise."""
    scheme, colon, rest = text.strip().partition(":")
    if not colon or scheme not in _NEEDED:
        raise SignerAddressError(
            "PDF_SIGNER must begin with pkcs12:, pkcs11: or map: (or test: in a trial), for example"
            " pkcs12:/run/secrets/seal.p12?password_file=/run/secrets/seal.password"
        )
    path, _mark, query = rest.partition("?")
    if not path.startswith("/"):
        raise SignerAddressError(f"PDF_SIGNER must name a whole path after {scheme}: (/…)")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(set(options) - set(_KNOWN[scheme])):
        raise SignerAddressError(f"PDF_SIGNER does not know {', '.join(unknown)} for {scheme}:")
    if missing := [name for name in _NEEDED[scheme] if not options.get(name)]:
        raise SignerAddressError(f"PDF_SIGNER lacks {', '.join(missing)} for {scheme}:")
    stamps = options.get("timestamps", "https://")
    if not stamps.startswith("https://"):
        raise SignerAddressError("PDF_SIGNER: timestamps must be an https:// address")
    return SignerAddress(SignerKind(scheme), path, MappingProxyType(options))
