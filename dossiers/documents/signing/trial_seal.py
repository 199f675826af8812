"""The trial's own authority, clock for time-stamps and a seal for each agency; worth nothing.

The authority is made once in a folder, an agency's seal is issued there when it first signs. Every
certificate says in its name that it is a test. Production never comes here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.common import clock

SEAL, STAMPS, ROOT = "seal", "timestamps", "root"
_YEARS = timedelta(days=3650)
_NAMES = {ROOT: "CA THỬ NGHIỆM", STAMPS: "DẤU THỜI GIAN THỬ NGHIỆM"}
_TRIAL, _LONGEST_NAME = "THỬ NGHIỆM – ", 64  # X.520: ub-common-name
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def trial_folder(path: Path) -> Path:
    """Return the folder with `NAME.key.pem` and `NAME.pem` of authority and clock, made if missing.

    Two processes may come at once: one folder wins, whole.
    """
    if not (path / f"{STAMPS}.pem").exists():
        _made_whole(path, _make_authority)
    return path


def trial_seal(path: Path, *, code: str, name: str) -> Path:
    """Return the folder with the seal of one agency, which its certificate names; issued if new."""
    folder = trial_folder(path)
    own = folder / "agencies" / hashlib.sha256(f"{code}\n{name}".encode()).hexdigest()[:24]
    if not (own / f"{SEAL}.pem").exists():
        _made_whole(own, lambda made: _issue(folder, made, code, name))
    return own


def trial_certificates(path: Path) -> list[Path]:
    """Return the certificates of all seals that were issued so far."""
    return sorted(trial_folder(path).glob(f"**/{SEAL}.pem"))


def _made_whole(path: Path, make: Callable[[Path], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=path.parent, prefix=".seal-"))
    make(made)
    try:
        made.rename(path)
    except OSError:  # another process was faster
        shutil.rmtree(made)


def _make_authority(folder: Path) -> None:
    now, root_key, stamps_key = clock.now(), _new_root(), _new_root()
    root_name, stamps_name = _subject(_NAMES[ROOT]), _subject(_NAMES[STAMPS])
    root = _certificate(root_name, root_key, issuer=None, issuer_key=root_key, now=now)
    _write(folder, ROOT, root_key, root)
    stamps = _certificate(
        stamps_name, stamps_key, issuer=root, issuer_key=root_key, now=now, stamping=True
    )
    _write(folder, STAMPS, stamps_key, stamps)


def _issue(authority: Path, folder: Path, code: str, name: str) -> None:
    root = x509.load_pem_x509_certificate((authority / f"{ROOT}.pem").read_bytes())
    root_key = serialization.load_pem_private_key(
        (authority / f"{ROOT}.key.pem").read_bytes(), password=None
    )
    if not isinstance(root_key, rsa.RSAPrivateKey):
        raise TypeError(f"{authority}: the trial's authority has another kind of key")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(_cut(f"{_TRIAL}{name}"), agency=name, code=code)
    issued = _certificate(subject, key, issuer=root, issuer_key=root_key, now=clock.now())
    _write(folder, SEAL, key, issued)


def _cut(name: str) -> str:
    """Return the words of a name that a certificate holds: the library counts bytes in UTF-8."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    words = name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return words.rpartition(" ")[0].rstrip(" –") or words


def _subject(common_name: str, *, agency: str = "", code: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.COMMON_NAME, common_name)]
    parts += [(NameOID.ORGANIZATION_NAME, _cut(agency))] if agency else []
    parts += [(NameOID.ORGANIZATION_IDENTIFIER, code)] if code else []
    return x509.Name([x509.NameAttribute(*part) for part in parts])


def _new_root() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(
    subject: x509.Name,
    key: _Key,
    *,
    issuer: x509.Certificate | None,
    issuer_key: rsa.RSAPrivateKey,
    now: datetime,
    stamping: bool = False,
) -> x509.Certificate:
    is_root = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _YEARS)  # dossiers of a trial may be dated years back
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(_usage(is_root=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if stamping:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, name: str, key: _Key, certificate: x509.Certificate) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    private = os.open(folder / f"{name}.key.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "wb") as out:
        out.write(secret)
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
