"""The process that reads a PDF of a stranger: little time, little memory, nothing to steal.

It must not import Django: it runs without settings. By the standard input come a line with the
certificates of our seals (base64 of their DER, with commas between) and the PDF; one word of
`Examined` goes out.
"""

from __future__ import annotations

import resource
import sys
from base64 import b64decode
from collections.abc import Sequence
from enum import StrEnum
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

_CPU_SECONDS = 8
_MEMORY = 512 * 1024 * 1024


class Examined(StrEnum):
    """What the signature of a file says."""

    WHOLE = "whole"  # ours, and of the file not one byte was changed or added
    BROKEN = "broken"  # there is one, but the file is not what was signed
    FOREIGN = "foreign"  # of somebody else
    NONE = "none"  # no signature, or no PDF that could be read


def examine_signature(data: bytes, ours: Sequence[x509.Certificate]) -> Examined:
    """Return the verdict on the last signature of a file."""
    signatures = PdfFileReader(BytesIO(data)).embedded_signatures
    if not signatures:
        return Examined.NONE
    last = signatures[-1]
    signed_by = None if last.signer_cert is None else last.signer_cert.dump()
    trusted = [certificate for certificate in ours if certificate.dump() == signed_by]
    if not trusted:
        return Examined.FOREIGN
    trust = ValidationContext(trust_roots=trusted, allow_fetching=False)
    status = validate_pdf_signature(last, signer_validation_context=trust)
    is_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Examined.WHOLE if status.intact and status.valid and is_all else Examined.BROKEN


def main() -> None:
    """Examine the PDF on the standard input against the certificates in front of it."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    told = sys.stdin.buffer.readline().strip()
    ours = [x509.Certificate.load(b64decode(one)) for one in told.split(b",") if one]
    try:
        verdict = examine_signature(sys.stdin.buffer.read(), ours)
    except Exception:
        verdict = Examined.NONE
    sys.stdout.write(verdict)
