"""Seals on PDFs (PAdES): which an agency has, how it is put on, and whether one is whole."""

from __future__ import annotations

from dossiers.documents.examiner import Examined
from dossiers.documents.signing.address import SignerAddress, SignerAddressError, read_address
from dossiers.documents.signing.examination import examine
from dossiers.documents.signing.seal_pdf import seal_beside, seal_pdf
from dossiers.documents.signing.seals import (
    Seal,
    SealUnusableError,
    forget_seals,
    has_own_seals,
    known_certificates,
    seal_of,
)
from dossiers.documents.signing.seals_in_use import ENDS_SOON, seals_in_use

__all__ = [
    "ENDS_SOON",
    "Examined",
    "Seal",
    "SealUnusableError",
    "SignerAddress",
    "SignerAddressError",
    "examine",
    "forget_seals",
    "has_own_seals",
    "known_certificates",
    "read_address",
    "seal_beside",
    "seal_of",
    "seal_pdf",
    "seals_in_use",
]
