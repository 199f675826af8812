"""The trial's seals: each agency has one, however long its name is."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from dossiers.documents.signing.trial_seal import SEAL, trial_seal

NAME = "Phòng Cảnh sát giao thông Công an thành phố Đà Nẵng và các đơn vị trực thuộc"


def test_a_long_vietnamese_name_is_cut_where_a_certificate_ends(tmp_path: Path) -> None:
    own = trial_seal(tmp_path / "trial", code="H17.01", name=NAME)

    seal = x509.load_pem_x509_certificate((own / f"{SEAL}.pem").read_bytes())
    held = str(seal.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)
    assert NAME.startswith(f"{held} ")  # never in the middle of a word
    assert 50 < len(held.encode()) <= 64
