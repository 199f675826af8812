"""Photos and scans, made anew: of the bytes that were sent only the picture remains (F29, F30)."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageOps

from dossiers.documents.intake.kinds import JPEG
from dossiers.documents.intake.refusals import IntakeError, Reason

MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000}
LONGEST_SIDE = 3508  # A4 at 300 dots per inch: print is legible, and a phone's photo gets smaller
_QUALITY = 88


def made_anew(data: bytes, media_type: str) -> bytes:
    """Return the picture encoded by us: upright, without EXIF, place, comments or what follows.

    IntakeError where it is damaged or larger than any scan, which is known before it is decoded.
    """
    kind = "JPEG" if media_type == JPEG else "PNG"
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            _refuse_huge(picture, kind)
            picture.draft(None, _page_size(picture))  # a large JPEG is decoded at half or less
            return _encoded(_upright(picture), kind)
    except Image.DecompressionBombError as bomb:
        raise IntakeError(Reason.TOO_MANY_PIXELS) from bomb
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error) as error:
        raise IntakeError(Reason.DAMAGED) from error


def _refuse_huge(picture: Image.Image, kind: str) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS[kind]:
        raise IntakeError(Reason.TOO_MANY_PIXELS)


def _page_size(picture: Image.Image) -> tuple[int, int]:
    """Return the size at which the longest side is that of a page."""
    width, height = picture.size
    longest = max(width, height, LONGEST_SIDE)
    return width * LONGEST_SIDE // longest or 1, height * LONGEST_SIDE // longest or 1


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture turned as its camera says, no larger than a page, in plain colours.

    In place wherever that is possible: each copy of a photo is tens of megabytes.
    """
    picture.load()
    if max(picture.size) > LONGEST_SIDE:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=None)
    ImageOps.exif_transpose(picture, in_place=True)
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    wanted = "L" if picture.mode in {"1", "L", "LA"} else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.info.clear()  # comments, colour profiles and places go with it
    if kind == "JPEG":
        picture.save(out, "JPEG", quality=_QUALITY, exif=b"")
    else:
        picture.save(out, "PNG", compress_level=4)
    return out.getvalue()
