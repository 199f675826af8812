"""Seals on PDFs (PAdES): which one is set up, how it is put on, and whether one is whole."""

from __future__ import annotations

from dossiers.documents.examiner import Examined
from dossiers.documents.signing.address import SignerAddress, SignerAddressError, read_address
from dossiers.documents.signing.examination import examine
from dossiers.documents.signing.seal_pdf import seal_pdf
from dossiers.documents.signing.seals import Seal, SealUnusableError, current_seal

__all__ = [
    "Examined",
    "Seal",
    "SealUnusableError",
    "SignerAddress",
    "SignerAddressError",
    "current_seal",
    "examine",
    "read_address",
    "seal_pdf",
]
