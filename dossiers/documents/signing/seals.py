"""The seal that PDF_SIGNER names, opened once a process."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys import load_cert_from_pemder, load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dossiers.documents.signing.address import (
    SignerAddress,
    SignerAddressError,
    SignerKind,
    read_address,
)
from dossiers.documents.signing.trial_seal import ROOT, SEAL, STAMPS, trial_folder

_STAMP_SECONDS = 10


def _errors_of_tokens() -> tuple[type[Exception], ...]:
    """Return what a card or HSM raises, where its module is installed."""
    if importlib.util.find_spec("pkcs11") is None:
        return ()
    return (importlib.import_module("pkcs11.exceptions").PKCS11Error,)


# The seal, not the paper, is at fault; what pyHanko raises about time-stamps is an OSError too.
SEAL_ERRORS: tuple[type[Exception], ...] = (OSError, SigningError, *_errors_of_tokens())


class SealUnusableError(Exception):
    """No paper can be sealed now; the text says what an operator has to do."""


@dataclass(frozen=True)
class Seal:
    """Who signs, and who says at what time."""

    signer: Signer
    timestamps: TimeStamper | None
    certificate: x509.Certificate
    is_trial: bool

    @property
    def name(self) -> str:
        """The common name of the certificate."""
        return str(self.certificate.subject.native.get("common_name", "?"))

    def complaint(self, now: datetime) -> str:
        """Return why the certificate is of no use at `now`, or ""."""
        if now < self.certificate.not_valid_before:
            return f"the seal's certificate is valid only from {self.certificate.not_valid_before}"
        if now > self.certificate.not_valid_after:
            return f"the seal's certificate ran out on {self.certificate.not_valid_after:%d/%m/%Y}"
        return ""


def current_seal() -> Seal:
    """Return the seal that is set up; SealUnusableError with the remedy where there is none."""
    return _opened(settings.PDF_SIGNER)


@cache
def _opened(text: str) -> Seal:
    try:
        address = read_address(text)
        return _OPENERS[address.kind](address)
    except SignerAddressError as error:
        raise SealUnusableError(str(error)) from error
    except OSError as error:
        where = error.filename or "a file"
        raise SealUnusableError(f"PDF_SIGNER: {where} cannot be read ({error.strerror})") from error
    except SEAL_ERRORS as error:
        raise SealUnusableError(f"PDF_SIGNER: {_named(error)}") from error


def seal_failed(error: Exception) -> SealUnusableError:
    """Return the error of a seal that failed while signing; the next paper opens it anew."""
    _opened.cache_clear()
    return SealUnusableError(f"the seal failed: {_named(error)}")


def _named(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]


def _trial(address: SignerAddress) -> Seal:
    if settings.PORTAL_MODE == "production":
        raise SealUnusableError("PDF_SIGNER is the trial's seal: production needs a real one")
    folder = trial_folder(Path(address.path))
    root, seal, stamps = (_certificate(folder / f"{name}.pem") for name in (ROOT, SEAL, STAMPS))
    key = load_private_key_from_pemder(str(folder / f"{SEAL}.key.pem"), passphrase=None)
    stamp_key = load_private_key_from_pemder(str(folder / f"{STAMPS}.key.pem"), passphrase=None)
    known = SimpleCertificateStore.from_certs([root])
    signer = SimpleSigner(signing_cert=seal, signing_key=key, cert_registry=known)
    clockwork = DummyTimeStamper(tsa_cert=stamps, tsa_key=stamp_key, certs_to_embed=known)
    return Seal(signer, clockwork, seal, is_trial=True)


def _pkcs12(address: SignerAddress) -> Seal:
    password = _secret(address.options["password_file"]).encode()
    if not Path(address.path).is_file():
        raise SealUnusableError(f"PDF_SIGNER: there is no file {address.path}")
    chain = _chain(address.options)
    signer = SimpleSigner.load_pkcs12(address.path, other_certs=chain, passphrase=password)
    if signer is None or signer.signing_cert is None:
        raise SealUnusableError(f"PDF_SIGNER: {address.path} does not open with this password")
    return _real(signer, address.options)


def _pkcs11(address: SignerAddress) -> Seal:
    if importlib.util.find_spec("pkcs11") is None:
        raise SealUnusableError("PDF_SIGNER: pkcs11: needs `pip install pyHanko[pkcs11]`")
    from pyhanko.sign import pkcs11

    options, chain = address.options, _chain(address.options)
    session = pkcs11.open_pkcs11_session(
        address.path,
        token_criteria=TokenCriteria(label=options["token"]),
        user_pin=_secret(options["pin_file"]),
    )
    signer = pkcs11.PKCS11Signer(
        session,
        cert_label=options["certificate"],
        key_label=options.get("key", options["certificate"]),
        other_certs_to_pull=(),
        ca_chain=chain,
    )
    return _real(signer, options)


def _real(signer: Signer, options: Mapping[str, str]) -> Seal:
    certificate = signer.signing_cert
    if certificate is None:
        raise SealUnusableError("PDF_SIGNER: the key has no certificate with it")
    url = options.get("timestamps")
    stamps = RequestsHTTPTimeStamper(url, https=True, timeout=_STAMP_SECONDS) if url else None
    return Seal(signer, stamps, certificate, is_trial=False)


def _chain(options: Mapping[str, str]) -> list[x509.Certificate]:
    return list(load_certs_from_pemder([options["chain"]])) if options.get("chain") else []


def _certificate(path: Path) -> x509.Certificate:
    return load_cert_from_pemder(str(path))


def _secret(path: str) -> str:
    return Path(path).read_text().strip()


_OPENERS: Mapping[SignerKind, Callable[[SignerAddress], Seal]] = {
    SignerKind.TEST: _trial,
    SignerKind.PKCS12: _pkcs12,
    SignerKind.PKCS11: _pkcs11,
}
