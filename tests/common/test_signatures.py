"""Signatures: what was signed is checked by any key of the ring, and by nothing else."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_django.fixtures import Settings

from portal.common.crypto import sign, verify
from portal.common.errors import SealError

NEW, OLD = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def _public(key: str) -> str:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))
    return "public:" + base64.b64encode(private.public_key().public_bytes_raw()).decode()


@pytest.mark.parametrize(
    ("ring", "holds"),
    [
        (OLD, True),
        (f"{NEW},{OLD}", True),
        (f"{NEW}, {_public(OLD)}", True),
        (_public(OLD), True),
        (NEW, False),
    ],
    ids=["same key", "older key", "public half", "public half alone", "another key"],
)
def test_a_signature_is_checked_by_the_ring(ring: str, holds: bool, settings: Settings) -> None:
    settings.SIGNING_KEY = OLD
    signature = sign(b"said")

    settings.SIGNING_KEY = ring

    assert verify(b"said", signature) is holds
    assert not verify(b"sad", signature)
    assert not verify(b"said", bytes(64))
    assert not verify(b"said", signature[:-1])


def test_the_first_key_of_the_ring_signs(settings: Settings) -> None:
    settings.SIGNING_KEY = f"{NEW},{OLD}"
    signature = sign(b"said")

    settings.SIGNING_KEY = NEW

    assert len(signature) == 64
    assert verify(b"said", signature)


def test_a_public_half_signs_nothing(settings: Settings) -> None:
    settings.SIGNING_KEY = f"{_public(OLD)},{NEW}"

    with pytest.raises(SealError, match="public half"):
        sign(b"said")
