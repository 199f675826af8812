"""Find text that somebody broke earlier, by decoding it wrongly and storing the result."""

from __future__ import annotations

import re

from citizens.registers.reading.encodings import TCVN3, UTF_8, VISCII, VNI, Encoding
from citizens.registers.reading.problems import UnreadableError, refusal
from citizens.registers.reading.vietnamese import accented_words, score

# What the bytes 0x80–0xBF look like when UTF-8 is read as Windows-1252 (or ISO 8859-1). Quotes,
# dashes and the hard space do not count after a single letter: “NGÃ” is good Vietnamese.
_SIGNS = "\u0080-\u009f¡-ª¬-º¼-¿€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ"
SIGNS = _SIGNS + "«»–—‘’“”…•"
BROKEN = re.compile(f"[ÃĂÄÅ][{_SIGNS}]|Æ[°¡¯]|[áÁ](?:º|»[{SIGNS}])|â€|Ä‘")

LEAST_SHARE, CLEARLY = 0.7, 0.2
_AS_BYTE = {code: bytes([code]) for code in range(256)} | {
    ord(bytes([code]).decode("cp1252")): bytes([code])
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def as_western_bytes(text: str) -> bytes:
    """Return the bytes that read as `text` in Windows-1252; a question mark where none does."""
    return b"".join([_AS_BYTE.get(ord(letter), b"?") for letter in text])


def refuse_broken(text: str) -> None:
    """Refuse a text whose accented words make sense only after a second decoding.

    So looks an extract of cells typed in a font of the time before Unicode (.VnTime, VNI-Times),
    saved as UTF-8, and one that was read as Windows-1252 and saved again.
    """
    now = score(text)
    if not now.total or now.share >= LEAST_SHARE:
        return
    # Only what counted as words: alone, a hard space is a letter in VISCII.
    data = as_western_bytes(" ".join(accented_words(text)))
    for encoding in (UTF_8, TCVN3, VNI, VISCII):
        then = score(encoding.decode(data))
        if then.share >= LEAST_SHARE and then.share >= now.share + CLEARLY:
            raise _broken(encoding)


def _broken(encoding: Encoding) -> UnreadableError:
    if encoding is UTF_8:
        return refusal(
            "mojibake",
            "chữ trong tệp bị vỡ dấu do chuyển mã hai lần; hãy xuất lại từ nguồn",
            "the letters were broken by converting twice; export again from the source",
        )
    return refusal(
        "font_encoded",
        f"tệp là Unicode nhưng chữ gõ theo bảng mã {encoding.name}; hãy chuyển sang Unicode trước",
        f"the file is Unicode but its text was typed in {encoding.name}; convert it first",
    )
