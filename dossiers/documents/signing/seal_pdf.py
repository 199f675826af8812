"""Put the seal on a paper: a PAdES signature with a stamp that people can read."""

from __future__ import annotations

import textwrap
from datetime import datetime
from io import BytesIO
from itertools import count

from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import TextStampStyle

from dossiers.documents.signing.seals import (
    SEAL_ERRORS,
    Seal,
    SealUnusableError,
    seal_failed,
)
from dossiers.documents.typesetting import FONTS, Typeset
from portal.common import clock

_FIELD = "Seal"
_WIDTH = 54  # letters of a line of the stamp
_SIZE = 10
_FONT = FONTS / "BeVietnamPro_400Regular.ttf"


def seal_pdf(paper: Typeset, *, seal: Seal, agency: str, now: datetime) -> bytes:
    """Return the paper with the signature of `seal`, stamped for `agency`.

    SealUnusableError when the certificate has run out, the token fails or no time-stamp can be had;
    ValueError for a paper without a place for the stamp.
    """
    place = paper.stamp
    if place is None:
        raise ValueError("this paper has no place for a seal")
    box = (int(place.left), int(place.bottom), int(place.right), int(place.top))
    spec = fields.SigFieldSpec(_FIELD, on_page=place.page, box=box)
    writer = IncrementalPdfFileWriter(BytesIO(paper.pdf))
    return _sealed(writer, spec, _stamp(seal, agency, now), seal=seal, now=now)


def seal_beside(pdf: bytes, *, seal: Seal, now: datetime) -> bytes | None:
    """Return a signed PDF with ours appended, unseen, so that the signatures before it stay valid.

    None where those forbid any change (a certification without permissions, ISO 32000-1, 12.8.2.2)
    or the file is built in a way that nothing can be appended to: then it is left as it came.
    SealUnusableError as for `seal_pdf`.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        earlier = reader.embedded_signatures
        if any(one.docmdp_level is MDPPerm.NO_CHANGES for one in earlier):
            return None
        names = {one.field_name for one in earlier}
        name = next(one for n in count(1) if (one := f"{_FIELD}-{n}") not in names)
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        return _sealed(writer, fields.SigFieldSpec(name), None, seal=seal, now=now)
    except PdfError:
        return None


def _sealed(
    writer: IncrementalPdfFileWriter,
    spec: fields.SigFieldSpec,
    stamp: TextStampStyle | None,
    *,
    seal: Seal,
    now: datetime,
) -> bytes:
    if complaint := seal.complaint(now):
        raise SealUnusableError(complaint)
    metadata = PdfSignatureMetadata(
        field_name=spec.sig_field_name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=seal.name,
        location="Đà Nẵng",
    )
    signer = PdfSigner(
        metadata,
        signer=seal.signer,
        timestamper=seal.timestamps,
        stamp_style=stamp,
        new_field_spec=spec,
    )
    sealed = BytesIO()
    try:
        signer.sign_pdf(writer, output=sealed)
    except SEAL_ERRORS as error:
        raise seal_failed(error) from error
    return sealed.getvalue()


def _stamp(seal: Seal, agency: str, now: datetime) -> TextStampStyle:
    at = clock.civil_time(now)
    lines = ["CHỮ KÝ THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"] if seal.is_trial else []
    lines += textwrap.wrap(f"Ký số bởi: {seal.name}", _WIDTH)
    lines += textwrap.wrap(f"Cơ quan: {agency}", _WIDTH)
    lines += [f"Thời gian ký: {at:%H:%M:%S %d/%m/%Y} +07:00"]
    style = TextBoxStyle(font=_StampFont(), font_size=_SIZE, leading=13)
    return TextStampStyle(
        stamp_text="\n".join(lines).replace("%", "%%"),
        text_box_style=style,
        border_width=1,
        background=None,
    )


class _StampFont(FontEngineFactory):
    """The font of the stamp, of which the paper takes the letters it needs.

    pyHanko's own factory never closes the font's file.
    """

    def create_font_engine(
        self, writer: BasePdfFileWriter, obj_stream: object = None
    ) -> GlyphAccumulator:
        """Return what writes with this font into one PDF."""
        if obj_stream is None and writer.stream_xrefs:
            obj_stream = writer.prepare_object_stream()
        handle = BytesIO(_FONT.read_bytes())
        return GlyphAccumulator(writer, handle, font_size=_SIZE, obj_stream=obj_stream)
