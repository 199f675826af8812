"""The adapter point for answers that arrive encrypted (docs/identity.md).

A provider may seal its token answer, its ID token, or its userinfo for us. OIDC_ENVELOPE names a
class with the two methods of `Envelope`. What it hands on is checked exactly like a plain answer:
an envelope hides, it does not prove.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.module_loading import import_string

from portal.web.vneid.config import IdentityProvider
from portal.web.vneid.refusals import Refusal, RefusedSignInError

_PADDINGS = {
    "RSA-OAEP": padding.OAEP(padding.MGF1(SHA1()), SHA1(), None),  # noqa: S303 - RFC 7518, 4.3
    "RSA-OAEP-256": padding.OAEP(padding.MGF1(SHA256()), SHA256(), None),
}
_KEY_BYTES = {"A128GCM": 16, "A256GCM": 32}


class Envelope(Protocol):
    """Opens what a provider sealed for us; RefusedSignInError(SEALED) where it does not open."""

    def __init__(self, provider: IdentityProvider) -> None: ...

    def token_answer(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer of the token endpoint with `access_token` and `id_token`.

        VNeID's answer to partners is {data, key}: `key` an AES key wrapped with our RSA key, `data`
        the answer under it. Which modes are meant is part of the agreement with its operator.
        """
        ...

    def token(self, text: str) -> str:
        """Return the signed token (a compact JWS) inside `text`; also of userinfo."""
        ...


class Plain:
    """Nothing is sealed but by TLS; a sealed token is refused."""

    def __init__(self, provider: IdentityProvider) -> None:
        """Take the provider as every envelope does; nothing of it is needed."""

    def token_answer(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer as it is."""
        return body

    def token(self, text: str) -> str:
        """Return the token as it is."""
        if text.count(".") == 4:
            raise RefusedSignInError(Refusal.SEALED)
        return text


class Jwe(Plain):
    """Tokens come as compact JWE (RFC 7516): RSA-OAEP or RSA-OAEP-256, AES-GCM.

    The private key is OIDC_DECRYPTION_KEY, in PEM. A token that is not sealed is refused.
    """

    def __init__(self, provider: IdentityProvider) -> None:
        """Read the key."""
        key = load_pem_private_key(provider.decryption_key.encode(), password=None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("OIDC_DECRYPTION_KEY must be an RSA key")
        self._key = key

    def token(self, text: str) -> str:
        """Return the signed token inside."""
        try:
            head, wrapped, nonce, body, tag = text.split(".")
            header = json.loads(_bytes(head))
            inner = self._key.decrypt(_bytes(wrapped), _PADDINGS[header["alg"]])
            if len(inner) != _KEY_BYTES[header["enc"]] or "zip" in header or "crit" in header:
                raise RefusedSignInError(Refusal.SEALED)
            plain = AESGCM(inner).decrypt(_bytes(nonce), _bytes(body) + _bytes(tag), head.encode())
            return plain.decode("ascii")
        except (ValueError, KeyError, TypeError, InvalidTag, binascii.Error) as error:
            raise RefusedSignInError(Refusal.SEALED) from error


def envelope_of(provider: IdentityProvider) -> Envelope:
    """Return the opener that the operator chose."""
    made: Envelope = import_string(provider.envelope)(provider)
    return made


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
