"""Certificates of the tests: a server that names itself, and a client that trusts only it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_FIRST = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def tls_pair(*hosts: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return (server, client) for a server that answers to 127.0.0.1 and these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    names: list[x509.GeneralName] = [x509.IPAddress(ip_address("127.0.0.1"))]
    names += [x509.DNSName(host) for host in hosts]
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(_FIRST)
        .not_valid_after(_FIRST + timedelta(days=365 * 50))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    own = built.public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "own.pem"
        file.write_bytes(secret + own)
        server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=own.decode())
