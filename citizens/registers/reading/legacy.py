"""The encodings of Vietnamese text before Unicode, as tables: TCVN3 (ABC), VISCII and VNI.

Text comes in as ISO 8859-1, one character a byte, and leaves as Unicode. Sources: TCVN 5712:1993
(VN3 is TCVN3; its supersets VN2 and VN1 add combining tones and accented capitals where VN3 has
nothing), RFC 1456 (VISCII), and the layout of the VNI fonts for Windows.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping

Table = Mapping[int, str]

# A space stands where a byte keeps its ISO 8859-1 meaning.
_TCVN_FROM_0X80 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    " ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN_CONTROLS = dict(
    zip(
        (0x01, 0x02, 0x04, 0x05, 0x06, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17),
        "ÚỤỪỬỮỨỰỲỶỸÝỴ",
        strict=True,
    )
)
_VISCII_FROM_0X80 = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

# A VNI letter is a base letter and, as a second byte, a shape with a tone. The second bytes become
# combining marks, which composition joins to the base.
_SHAPES = {"": "ùøûõï", "\u0302": "áàåãä", "\u0306": "éèúüë"}
_TONES = "\u0301\u0300\u0309\u0303\u0323"
_VNI_LETTERS = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))


def _from_halves(upper: str, controls: Table) -> Table:
    """Return a table of the bytes from 0x80 on and of the control codes used as letters."""
    letters = {0x80 + index: letter for index, letter in enumerate(upper) if letter != " "}
    return {**letters, **controls}


def _vni() -> Table:
    marks = {"â": "\u0302", "ê": "\u0306"}
    for shape, seconds in _SHAPES.items():
        marks |= {second: shape + tone for second, tone in zip(seconds, _TONES, strict=True)}
    both = marks | {letter.upper(): mark for letter, mark in marks.items()}
    both |= _VNI_LETTERS | {key.upper(): value.upper() for key, value in _VNI_LETTERS.items()}
    return {ord(letter): text for letter, text in both.items()}


TCVN3 = _from_halves(_TCVN_FROM_0X80, _TCVN_CONTROLS)
VISCII = _from_halves(_VISCII_FROM_0X80, _VISCII_CONTROLS)
VNI = _vni()


def _converter(table: Table) -> Callable[[str], str]:
    """Return a function that applies a table of single letters, at the speed of a codec."""
    letters = "".join(table.get(code, chr(code)) for code in range(256))
    # The codec takes a string of 256 letters; typeshed knows of mappings only.
    return lambda text: codecs.charmap_decode(text.encode("latin-1"), "strict", letters)[0]  # type: ignore[arg-type]


# A shape with a tone is two marks: it passes the codec as one character for private use.
_PAIRS = {chr(0xE000 + code): marks for code, marks in VNI.items() if len(marks) > 1}
_SINGLES = {code: marks if len(marks) == 1 else chr(0xE000 + code) for code, marks in VNI.items()}

from_tcvn3 = _converter(TCVN3)
from_viscii = _converter(VISCII)
_from_vni_singles = _converter(_SINGLES)


def from_vni(text: str) -> str:
    """Return text with the second bytes of VNI joined to the letters before them."""
    converted = _from_vni_singles(text)
    if not converted.isascii():
        for single, marks in _PAIRS.items():
            converted = converted.replace(single, marks)
    return compose(converted)


def compose(text: str) -> str:
    """Return text with combining marks joined to their letters (NFC)."""
    return unicodedata.normalize("NFC", text)


_TWO_CAPITALS = re.compile("[A-Z]{2}|[A-Z][^\x00-\x7f][A-Z]")
_SMALL = re.compile("[a-z]")


def restore_capitals(cell: str) -> str:
    """Return a TCVN3 cell with the capitals that its font drew.

    TCVN3 has no accented capitals: a capital font (.VnTimeH) draws the small letter's code as one,
    so “NGUYÔN” decodes to “NGUYễN”. A cell without small plain letters and with a word of two plain
    capitals was written so and is raised whole. “Lê Hà” stays; “ánh” for “Ánh” cannot be told.
    """
    if cell.isascii() or _SMALL.search(cell) or not _TWO_CAPITALS.search(cell):
        return cell
    return cell.upper()
