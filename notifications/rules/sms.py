"""What fits into an SMS, and Vietnamese without its marks (3GPP TS 23.038, TS 23.040)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")  # an escape goes before each: they count twice
_ALL = _BASIC | _EXTENDED
_PLACEHOLDERS = re.compile(r"\(\([^()]*\)\)")
_MARKS = re.compile("[\u0300-\u036f]")
_PLAINER = str.maketrans(
    {"đ": "d", "Đ": "D", "–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'"}
)


def is_gsm7(text: str) -> bool:
    """Tell whether every character is in the GSM 7-bit alphabet or its extension table."""
    return _ALL.issuperset(text)


@dataclass(frozen=True)
class Size:
    """How long a text is as an SMS: septets of GSM-7 or UTF-16 units, and the parts they take.

    `room` is what fits into that many parts: 160 or 70 into one, 153 or 67 into each of several.
    """

    units: int
    parts: int
    room: int
    is_gsm7: bool


def size(text: str) -> Size:
    """Return how long a text is as an SMS."""
    plain = is_gsm7(text)
    if plain:
        units, single, linked = sum(1 + (letter in _EXTENDED) for letter in text), 160, 153
    else:
        units, single, linked = len(text.encode("utf-16-le")) // 2, 70, 67
    if units <= single:
        return Size(units, 1, single, plain)
    count = _linked(text) if plain else -(-units // linked)
    return Size(units, count, count * linked, plain)


def _linked(text: str) -> int:
    """Return how many parts of 153 septets a text fills; no letter is torn from its escape."""
    count, room = 1, 153
    for letter in text:
        needed = 1 + (letter in _EXTENDED)
        if needed > room:
            count, room = count + 1, 153
        room -= needed
    return count


def parts(text: str) -> int:
    """Return how many SMS a text takes: 160 or 153 septets a part, else 70 or 67 UTF-16 units."""
    return size(text).parts


def forcing_characters(text: str) -> str:
    """Return the characters that make an SMS need UCS-2, each once, in their order."""
    return "".join(dict.fromkeys(letter for letter in text if letter not in _ALL))


def as_sent(text: str, *, wording: str) -> str:
    """Return a filled text as an SMS sends it: without marks where its wording has none.

    A wording without a word of its own (only placeholders) leaves its values as they are.
    """
    own = _PLACEHOLDERS.sub("", wording).strip()
    return unaccented(text) if own and is_gsm7(own) else text


def unaccented(text: str) -> str:
    """Return Vietnamese without marks (ộ → o, Đ → D); other characters stay as they are."""
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_PLAINER)))
