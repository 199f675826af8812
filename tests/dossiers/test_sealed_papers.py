"""Sealed papers before a reader of somebody else: whole or not, PDF/A, every letter, nothing run.

A real authority of production is a PKCS#12 file; one is made here and used as an operator would.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate
from django.test import override_settings

from dossiers.documents.examiner import Examined
from dossiers.documents.signing import (
    SealUnusableError,
    examine,
    known_certificates,
    seal_of,
    seal_pdf,
)
from dossiers.documents.signing.trial_seal import ROOT, SEAL, trial_seal
from dossiers.documents.typesetting import TypesettingError, typeset
from tests.dossiers.papers_shown import AGENCY, AT, KINDS, OFFICE, Office, sample
from tests.peers.poppler import pictures_of, require_poppler, signature_of, text_of

SEALED = tuple(kind for kind in KINDS if kind != "log")
LETTERS = "aàáảãạăằắẳẵặâầấẩẫậđeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
PASSWORD = "mật khẩu"
HOSTILE = (
    '#import "/etc/passwd"',
    '#read("layout.typ")',
    '"); #panic(1) //',
    "*đậm* _nghiêng_ $x^2$ = tiêu đề",
    "<stamp> @ref `mã` \\ #sys.inputs",
    "{{7*7}} <script>alert(1)</script>",
    "\u202eđảo\u202c",
)


def sealed(kind: str = "receipt", **changes: object) -> bytes:
    paper = typeset(kind, sample(kind, **changes), at=AT)
    return seal_pdf(paper, seal=seal_of(OFFICE), agency=AGENCY, now=AT)


@pytest.fixture(scope="module")
def receipt() -> bytes:
    return sealed()


@pytest.mark.parametrize("kind", SEALED)
def test_pdfsig_finds_each_kind_whole(kind: str, tmp_path: Path) -> None:
    require_poppler()
    path = tmp_path / f"{kind}.pdf"
    path.write_bytes(sealed(kind))

    said = signature_of(path)

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "THỬ NGHIỆM" in said  # nobody takes the trial's for a real one


@pytest.mark.parametrize("at", [0.02, 0.2, 0.4, 0.6, 0.95])
def test_one_changed_byte_is_seen_by_pdfsig_and_by_us(
    receipt: bytes, at: float, tmp_path: Path
) -> None:
    require_poppler()
    changed = bytearray(receipt)
    changed[int(len(changed) * at)] ^= 1
    path = tmp_path / "changed.pdf"
    path.write_bytes(changed)

    assert "Signature is Valid." not in signature_of(path)
    verdict = examine(bytes(changed), certificates=known_certificates())
    assert verdict is not Examined.WHOLE


def test_what_was_added_behind_the_signature_is_seen(receipt: bytes) -> None:
    ours = known_certificates()
    with pikepdf.open(BytesIO(receipt)) as pdf:
        saved = BytesIO()
        pdf.save(saved)

    assert examine(receipt, certificates=ours) is Examined.WHOLE
    assert examine(receipt + b"\n% more", certificates=ours) is not Examined.WHOLE
    assert examine(saved.getvalue(), certificates=ours) is not Examined.WHOLE
    assert examine(b"no PDF", certificates=ours) is Examined.NONE
    assert examine(b"%PDF-1.7\n" + b"[" * 1_000_000, certificates=ours) is Examined.NONE


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_claims_pdf_a_and_embeds_its_fonts(kind: str) -> None:
    data = typeset(kind, sample(kind), at=AT).pdf if kind == "log" else sealed(kind)

    with pikepdf.open(BytesIO(data)) as pdf:
        intents = pdf.Root.OutputIntents
        metadata = bytes(pdf.Root.Metadata.read_bytes()).decode()
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert intents[0].S == "/GTS_PDFA1"
        assert "<pdfaid:part>2</pdfaid:part>" in metadata.replace('"', "") or (
            'pdfaid:part="2"' in metadata
        )
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_and_its_words_can_be_read(kind: str, tmp_path: Path) -> None:
    require_poppler()
    path = tmp_path / f"{kind}.pdf"
    path.write_bytes(typeset(kind, sample(kind), at=AT).pdf)

    pages = pictures_of(path, tmp_path)
    words = text_of(path)

    assert pages
    for page in pages:
        dark = sum(value < 128 for value in page.read_bytes())
        assert 200 < dark < 100_000  # neither empty nor black
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert str(sample(kind)["title"]).casefold() in words.casefold()


def test_every_letter_of_the_language_is_read_back(tmp_path: Path) -> None:
    require_poppler()
    both = LETTERS + LETTERS.upper()
    letters = " ".join(both[at : at + 12] for at in range(0, len(both), 12))
    path = tmp_path / "letters.pdf"
    path.write_bytes(typeset("refusal", sample("refusal", reason=letters), at=AT).pdf)

    read = unicodedata.normalize("NFC", text_of(path)).replace(" ", "")

    assert both in read


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_people_are_shown_and_never_run(words: str, tmp_path: Path) -> None:
    require_poppler()
    path = tmp_path / "hostile.pdf"
    path.write_bytes(sealed("refusal", applicant=words, reason=words))

    plain = "".join(char for char in words if char not in '\u202e\u202c \\"')
    assert plain in text_of(path).replace(" ", "").replace("\\", "").replace('"', "") or (
        "\u202e" in words
    )
    assert "root:" not in text_of(path)


def test_a_missing_fact_is_named() -> None:
    facts = sample("receipt")
    del facts["procedure"]

    with pytest.raises(TypesettingError, match="receipt"):
        typeset("receipt", facts, at=AT)


# ------------------------------------------------------------------------ the seal of production
def pkcs12_file(folder: Path, *, password: str, office: Office = OFFICE) -> str:
    """Write an agency's certificate of the trial as an operator's PKCS#12; return its address."""
    folder.mkdir(exist_ok=True)
    trial = folder / "trial"
    issued = trial_seal(trial, code=office.code, name=office.name_vi)
    key = load_pem_private_key((issued / f"{SEAL}.key.pem").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own, root = (
        load_pem_x509_certificate(path.read_bytes())
        for path in (issued / f"{SEAL}.pem", trial / f"{ROOT}.pem")
    )
    packed = pkcs12.serialize_key_and_certificates(
        b"seal", key, own, [root], serialization.BestAvailableEncryption(password.encode())
    )
    (folder / "seal.p12").write_bytes(packed)
    (folder / "password").write_text(f"{PASSWORD}\n")
    return f"pkcs12:{folder}/seal.p12?password_file={folder}/password"


def test_a_pkcs12_file_seals_without_the_words_of_the_trial(tmp_path: Path) -> None:
    require_poppler()
    paper = typeset("stop", sample("stop"), at=AT)
    with override_settings(PDF_SIGNER=pkcs12_file(tmp_path, password=PASSWORD)):
        seal = seal_of(OFFICE)
        data = seal_pdf(paper, seal=seal, agency=AGENCY, now=AT)
    path = tmp_path / "stop.pdf"
    path.write_bytes(data)

    assert not seal.is_trial
    assert "Signature is Valid." in signature_of(path)
    assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" not in text_of(path)
    assert examine(data, certificates=known_certificates()) is Examined.FOREIGN


def test_a_wrong_password_says_so(tmp_path: Path) -> None:
    with (
        override_settings(PDF_SIGNER=pkcs12_file(tmp_path, password="another")),
        pytest.raises(SealUnusableError, match="does not open with this password"),
    ):
        seal_of(OFFICE)


def test_a_certificate_that_ran_out_seals_nothing() -> None:
    paper = typeset("stop", sample("stop"), at=AT)

    with pytest.raises(SealUnusableError, match="ran out"):
        seal_pdf(paper, seal=seal_of(OFFICE), agency=AGENCY, now=AT + timedelta(days=9000))


@pytest.mark.parametrize(
    ("signer", "said"),
    [
        ("", "must begin with pkcs12:, pkcs11: or map:"),
        ("/run/seal.p12", "must begin with pkcs12:"),
        ("pkcs12:seal.p12?password_file=/p", "must name a whole path"),
        ("pkcs12:/seal.p12", "lacks password_file"),
        ("pkcs12:/seal.p12?password_file=/p&pin=1", "does not know pin"),
        ("pkcs12:/seal.p12?password_file=/p&timestamps=http://t", "https://"),
        ("pkcs11:/lib.so?token=T", "lacks certificate, pin_file"),
        ("pkcs12:/nowhere.p12?password_file=/nowhere.txt", "/nowhere.txt cannot be read"),
    ],
)
def test_a_wrong_signer_says_what_to_write(signer: str, said: str) -> None:
    with override_settings(PDF_SIGNER=signer), pytest.raises(SealUnusableError, match=said):
        seal_of(OFFICE)


def test_production_refuses_the_seal_of_a_trial(tmp_path: Path) -> None:
    signer = f"test:{tmp_path}/other"
    with (
        override_settings(PDF_SIGNER=signer, PORTAL_MODE="production"),
        pytest.raises(SealUnusableError, match="production needs real ones"),
    ):
        seal_of(OFFICE)


# ------------------------------------------------------------------------ each agency its own seal
WARD, POLICE = OFFICE, Office("H17.48", "Công an phường Hải Châu")


def test_each_agency_of_a_trial_signs_with_its_own_certificate_that_names_it(
    tmp_path: Path,
) -> None:
    require_poppler()
    for number, office in enumerate((WARD, POLICE)):
        paper = typeset("stop", sample("stop"), at=AT)
        data = seal_pdf(paper, seal=seal_of(office), agency=office.name_vi, now=AT)
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)

        said = signature_of(path)

        assert "Signature is Valid." in said
        assert f"CN=THỬ NGHIỆM – {office.name_vi}" in said
        assert f"O={office.name_vi}" in said
        assert examine(data, certificates=known_certificates()) is Examined.WHOLE
    assert seal_of(WARD).certificate.dump() != seal_of(POLICE).certificate.dump()
    assert seal_of(WARD).certificate.dump() == seal_of(Office("H17.20", AGENCY)).certificate.dump()


def mapped(folder: Path, seals: object) -> str:
    (folder / "seals.json").write_text(json.dumps(seals), encoding="utf-8")
    return f"map:{folder}/seals.json"


def test_a_map_gives_each_agency_the_seal_of_its_code(tmp_path: Path) -> None:
    seals = {
        office.code: pkcs12_file(tmp_path / office.code, password=PASSWORD, office=office)
        for office in (WARD, POLICE)
    }
    paper = typeset("stop", sample("stop"), at=AT)
    with override_settings(PDF_SIGNER=mapped(tmp_path, seals), PORTAL_MODE="production"):
        names = {office.code: seal_of(office).name for office in (WARD, POLICE)}
        data = seal_pdf(paper, seal=seal_of(POLICE), agency=POLICE.name_vi, now=AT)
        assert examine(data, certificates=known_certificates()) is Examined.WHOLE
        with pytest.raises(
            SealUnusableError, match=r"seals.json names no seal for H17.99 \(Sở X\)"
        ):
            seal_of(Office("H17.99", "Sở X"))

    assert names == {one.code: f"THỬ NGHIỆM – {one.name_vi}" for one in (WARD, POLICE)}


@pytest.mark.parametrize(
    ("seals", "said"),
    [
        ([], "must hold"),
        ({"H17.20": 7}, "must hold"),
        ({"H17.20": "test:/srv"}, "a seal of the map begins with pkcs12: or pkcs11:"),
        ({"H17.20": "map:/srv/seals.json"}, "a seal of the map begins with pkcs12: or pkcs11:"),
        ({"H17.20": "seal.p12"}, "must begin with pkcs12:"),
    ],
)
def test_a_wrong_map_says_what_to_write(seals: object, said: str, tmp_path: Path) -> None:
    with (
        override_settings(PDF_SIGNER=mapped(tmp_path, seals)),
        pytest.raises(SealUnusableError, match=said),
    ):
        seal_of(WARD)
