"""A seal whose key never leaves its token (PKCS#11), before SoftHSM 2 and pdfsig."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.test import override_settings
from pkcs11 import Attribute, CertificateType, ObjectClass

from dossiers.documents.signing import (
    Examined,
    SealUnusableError,
    examine,
    forget_seals,
    known_certificates,
    seal_of,
    seal_pdf,
)
from dossiers.documents.signing.seals import seal_failed
from dossiers.documents.signing.trial_seal import SEAL, trial_seal
from dossiers.documents.typesetting import typeset
from tests.dossiers.papers_shown import AGENCY, AT, OFFICE, Office, sample
from tests.dossiers.test_sealed_papers import mapped
from tests.peers.poppler import require_poppler, signature_of, text_of
from tests.peers.softhsm import new_token, require_module

TOKEN, PIN = "SEAL", "123456"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The PDF_SIGNER of a token with an agency's key and certificate."""
    module, folder = require_module(), tmp_path_factory.mktemp("token")
    issued = trial_seal(folder / "trial", code=OFFICE.code, name=AGENCY)
    key = load_pem_private_key((issued / f"{SEAL}.key.pem").read_bytes(), None)
    plain = folder / "key.p8"
    plain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    settings = new_token(folder, label=TOKEN, pin=PIN, key=plain)
    plain.unlink()
    certificate = x509.load_pem_x509_certificate((issued / f"{SEAL}.pem").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        store_certificate(module, certificate)
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "other").write_text("654321\n")
    return f"pkcs11:{module}?token={TOKEN}&certificate={TOKEN}&pin_file={folder}/pin"


def store_certificate(module: Path, certificate: x509.Certificate) -> None:
    """Lay the certificate beside its key, as the one who hands out the token does."""
    found = pkcs11.lib(str(module)).get_token(token_label=TOKEN)
    with found.open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: TOKEN,
                Attribute.ID: b"\x01",
                Attribute.SUBJECT: certificate.subject.public_bytes(),
                Attribute.ISSUER: certificate.issuer.public_bytes(),
                Attribute.VALUE: certificate.public_bytes(serialization.Encoding.DER),
            }
        )


def test_a_token_seals_what_pdfsig_finds_valid(token: str, tmp_path: Path) -> None:
    require_poppler()
    paper = typeset("stop", sample("stop"), at=AT)
    with override_settings(PDF_SIGNER=token, PORTAL_MODE="production"):
        seal = seal_of(OFFICE)
        data = seal_pdf(paper, seal=seal, agency=AGENCY, now=AT)
        assert examine(data, certificates=known_certificates()) is Examined.WHOLE
    path = tmp_path / "stop.pdf"
    path.write_bytes(data)

    said = signature_of(path)

    assert not seal.is_trial
    assert said.count("Signature is Valid.") == 1
    assert f"CN=THỬ NGHIỆM – {AGENCY}" in said
    assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" not in text_of(path)


def test_two_agencies_may_have_their_keys_on_one_token_and_a_failure_opens_it_anew(
    token: str, tmp_path: Path
) -> None:
    seals = {code: f"{token}&key={TOKEN}" if code == "B" else token for code in ("A", "B")}
    with override_settings(PDF_SIGNER=mapped(tmp_path, seals)):
        first, second = (seal_of(Office(code, AGENCY)) for code in ("A", "B"))
        seal_failed(OSError("the token was pulled"))
        again = seal_of(Office("A", AGENCY))

    assert first.certificate.dump() == second.certificate.dump() == again.certificate.dump()
    assert again is not first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("/pin", "/other", "PinIncorrect"),
        ("token=SEAL", "token=NONE", "PDF_SIGNER: "),
        ("libsofthsm2.so", "nothing.so", "PDF_SIGNER: "),
    ],
)
def test_a_token_that_does_not_open_says_why(token: str, old: str, new: str, said: str) -> None:
    forget_seals()
    with (
        override_settings(PDF_SIGNER=token.replace(old, new)),
        pytest.raises(SealUnusableError, match=said),
    ):
        seal_of(OFFICE)
