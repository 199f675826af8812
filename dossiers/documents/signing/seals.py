"""The seals that PDF_SIGNER names, one for each agency, opened once a process."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

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
from dossiers.documents.signing.trial_seal import (
    ROOT,
    SEAL,
    STAMPS,
    trial_certificates,
    trial_seal,
)

_STAMP_SECONDS = 10
_sessions: dict[tuple[str, str, str], Any] = {}


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


class Office(Protocol):
    """An agency that signs."""

    @property
    def code(self) -> str:
        """What heads its dossier numbers, and what the map of seals calls it by."""

    @property
    def name_vi(self) -> str:
        """What its certificate calls it."""


def seal_of(office: Office) -> Seal:
    """Return the agency's own seal; SealUnusableError with the remedy where it has none."""
    with _explained():
        address = read_address(settings.PDF_SIGNER)
        match address.kind:
            case SignerKind.TEST:
                return _trial(address.path, settings.PORTAL_MODE, office.code, office.name_vi)
            case SignerKind.MAP:
                return _opened(_of_the_map(address.path, office))
            case _:
                return _opened(settings.PDF_SIGNER)


def has_own_seals() -> bool:
    """Return whether each agency must be named; else what is set up serves them all."""
    with _explained():
        return read_address(settings.PDF_SIGNER).kind is SignerKind.MAP


def known_certificates() -> list[x509.Certificate]:
    """Return the certificates of all seals that are set up; one that does not open is left out."""
    with suppress(SealUnusableError), _explained():
        address = read_address(settings.PDF_SIGNER)
        if address.kind is SignerKind.TEST:
            return [_certificate(path) for path in trial_certificates(Path(address.path))]
        is_map = address.kind is SignerKind.MAP
        named = _map(address.path).values() if is_map else [settings.PDF_SIGNER]
        return [seal.certificate for seal in map(_opened_if_it_does, named) if seal]
    return []


def _opened_if_it_does(text: str) -> Seal | None:
    with suppress(SealUnusableError), _explained():
        return _opened(text)
    return None


@contextmanager
def _explained() -> Iterator[None]:
    """Say of whatever goes wrong what an operator has to do."""
    try:
        yield
    except SignerAddressError as error:
        raise SealUnusableError(str(error)) from error
    except OSError as error:
        where = error.filename or "a file"
        raise SealUnusableError(f"PDF_SIGNER: {where} cannot be read ({error.strerror})") from error
    except SEAL_ERRORS as error:
        raise SealUnusableError(f"PDF_SIGNER: {_named(error)}") from error


@cache
def _opened(text: str) -> Seal:
    address = read_address(text)
    opener = _OPENERS.get(address.kind)
    if opener is None:
        raise SignerAddressError("PDF_SIGNER: a seal of the map begins with pkcs12: or pkcs11:")
    return opener(address)


def _of_the_map(path: str, office: Office) -> str:
    found = _map(path).get(office.code)
    if found is None:
        raise SealUnusableError(
            f"PDF_SIGNER: {path} names no seal for {office.code} ({office.name_vi})"
        )
    return found


def _map(path: str) -> dict[str, str]:
    """Return the seals by code of agency; read each time, so that a new one needs no restart."""
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        raise SignerAddressError(
            f'PDF_SIGNER: {path} must hold {{"code of the agency": "pkcs12:/…", …}} as JSON'
        )
    return told


def seal_failed(error: Exception) -> SealUnusableError:
    """Return the error of a seal that failed while signing; the next paper opens it anew."""
    forget_seals()
    return SealUnusableError(f"the seal failed: {_named(error)}")


def forget_seals() -> None:
    """Close what was opened; who is still logged in to a token could not open it anew."""
    _opened.cache_clear()
    while _sessions:
        _key, session = _sessions.popitem()
        with suppress(*SEAL_ERRORS):
            session.close()


def _named(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]


@cache
def _trial(path: str, mode: str, code: str, name: str) -> Seal:
    if mode == "production":
        raise SealUnusableError("PDF_SIGNER is the trial's seal: production needs real ones")
    own, folder = trial_seal(Path(path), code=code, name=name), Path(path)
    seal = _certificate(own / f"{SEAL}.pem")
    root, stamps = (_certificate(folder / f"{name}.pem") for name in (ROOT, STAMPS))
    key = load_private_key_from_pemder(str(own / f"{SEAL}.key.pem"), passphrase=None)
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

    options = address.options
    signer = partial(
        pkcs11.PKCS11Signer,
        _session(address.path, options["token"], options["pin_file"]),
        cert_label=options["certificate"],
        key_label=options.get("key", options["certificate"]),
        other_certs_to_pull=(),
        ca_chain=_chain(options),
    )
    found = signer()
    if found.signing_cert is not None and found.signing_cert.public_key.algorithm == "ec":
        # Every token signs a digest with ECDSA, few make it themselves.
        found = signer(use_raw_mechanism=True)
    return _real(found, options)


def _session(path: str, token: str, pin_file: str) -> Any:
    """Return the open session with a token: one a process, for all seals whose keys lie on it."""
    from pyhanko.sign import pkcs11

    key = (path, token, pin_file)
    if key not in _sessions:
        _sessions[key] = pkcs11.open_pkcs11_session(
            path, token_criteria=TokenCriteria(label=token), user_pin=_secret(pin_file)
        )
    return _sessions[key]


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
    SignerKind.PKCS12: _pkcs12,
    SignerKind.PKCS11: _pkcs11,
}
