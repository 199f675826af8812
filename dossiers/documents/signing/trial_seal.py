"""The trial's own authority, seal and clock for time-stamps: made once in a folder, worth nothing.

Every certificate says in its name that it is a test. Production never comes here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.common import clock

SEAL, STAMPS, ROOT = "seal", "timestamps", "root"
_YEARS = timedelta(days=3650)
_NAMES = {
    ROOT: "CA THỬ NGHIỆM",
    SEAL: "CHỮ KÝ THỬ NGHIỆM – Cổng dịch vụ công",
    STAMPS: "DẤU THỜI GIAN THỬ NGHIỆM",
}
_Key = rsa.RSAPrivateKey


def trial_folder(path: Path) -> Path:
    """Return the folder with `NAME.key.pem` and `NAME.pem` of all three, made where it is missing.

    Two processes may come at once: one folder wins, whole.
    """
    if not (path / f"{SEAL}.pem").exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=path.parent, prefix=".seal-"))
        _make(made)
        try:
            made.rename(path)
        except OSError:  # another process was faster
            shutil.rmtree(made)
    return path


def _make(folder: Path) -> None:
    now = clock.now()
    root_key = _new_key()
    root = _certificate(ROOT, root_key, issuer=None, issuer_key=root_key, now=now)
    _write(folder, ROOT, root_key, root)
    for name in (SEAL, STAMPS):
        key = _new_key()
        _write(
            folder, name, key, _certificate(name, key, issuer=root, issuer_key=root_key, now=now)
        )


def _new_key() -> _Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(
    name: str, key: _Key, *, issuer: x509.Certificate | None, issuer_key: _Key, now: datetime
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, _NAMES[name]),
        ]
    )
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
    if name == STAMPS:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
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
