"""Pictures of papers that people bring in the trial: plainly synthetic, named like the paper."""

from __future__ import annotations

import io
import textwrap

from PIL import Image, ImageDraw, ImageFont

from dossiers.documents.typesetting import FONTS

_A5 = (874, 1240)  # at 150 dots per inch
_FONT = FONTS / "BeVietnamPro_400Regular.ttf"


def scan_of(paper: str, name: str) -> bytes:
    """Return a JPEG that says which paper it stands for, whose, and that it is a sample."""
    page = Image.new("RGB", _A5, "#fbfaf6")
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, _A5[0] - 40, _A5[1] - 40), outline="#0b6b53", width=4)
    lines = ["BẢN QUÉT MẪU", "dữ liệu thử nghiệm", "", *textwrap.wrap(paper, 34), "", name]
    font = ImageFont.truetype(str(_FONT), 38)
    for row, line in enumerate(lines):
        draw.text((90, 140 + row * 64), line, fill="#16211d", font=font)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return out.getvalue()
