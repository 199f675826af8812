"""A scan as a PDF with room for a seal at the foot of its first page."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image

from dossiers.documents.typesetting import Place, Typeset

_WIDTH, _FOOT = 595.0, 84.0  # points: A4 across, and the strip that is added for the stamp


def as_paper(data: bytes, media_type: str) -> Typeset:
    """Return a photo or PDF that was found harmless as a PDF, its first page longer by a strip."""
    pdf = pikepdf.open(io.BytesIO(data if media_type == "application/pdf" else _of_photo(data)))
    with pdf:
        page = pdf.pages[0]
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        page.mediabox = pikepdf.Array([left, bottom - _FOOT, right, top])
        if "/CropBox" in page:
            page.cropbox = page.mediabox
        out = io.BytesIO()
        pdf.save(out)
    width = min(right - left, _WIDTH)
    place = Place(0, left + 12, bottom - _FOOT + 8, left + width - 12, bottom - 8)
    return Typeset(out.getvalue(), place)


def has_signature(data: bytes) -> bool:
    """Return whether a PDF that was found harmless carries a signature of somebody."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        objects = (one for one in pdf.objects if isinstance(one, pikepdf.Dictionary))
        return any("/ByteRange" in one and "/Contents" in one for one in objects)


def _of_photo(data: bytes) -> bytes:
    """Return one page that a photo fills from edge to edge."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as photo:
        dots = max(photo.width / (_WIDTH / 72), 1.0)
        photo.save(out, "PDF", resolution=dots)
    return out.getvalue()
