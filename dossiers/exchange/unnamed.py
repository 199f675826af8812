"""A partner's own words without what may be of a person: those who run the exchange read them."""

from __future__ import annotations

import re
import unicodedata

from citizens.selectors import party_name
from dossiers.models import Dossier
from portal.common.masking import HIDDEN

_MASK = HIDDEN * 5
_MOST = 2000  # characters that are read at all
_MAIL = re.compile(r"\S+@\S+")
_DIGITS = re.compile(r"\+?\d(?:[ ./-]?\d){4,}")  # a number or a date of somebody
_WORD = re.compile(r"[^\W\d_]+")


def names_of(dossier: Dossier | None) -> tuple[str, ...]:
    """Return who may be named by a partner that answers for the dossier."""
    return (party_name(dossier.owner), dossier.applicant.full_name) if dossier else ()


def without_people(said: str, names: tuple[str, ...] = ()) -> str:
    """Return the words with numbers, addresses of mail and names hidden.

    A name is what `names` holds, however it is spelt, or two capitalised words in a row: rather
    an office is hidden, too, than a person shown.
    """
    text = unicodedata.normalize("NFC", said[:_MOST].replace("\0", ""))
    text = _DIGITS.sub(_MASK, _MAIL.sub(_MASK, text))
    known = {tuple(_folded(part) for part in _WORD.findall(name)) for name in names}
    words = list(_WORD.finditer(text))
    hidden = _capitalised(words, text)
    folded = [_folded(word[0]) for word in words]
    for name in known - {()}:
        for at in range(len(words) - len(name) + 1):
            if tuple(folded[at : at + len(name)]) == name:
                hidden.update(range(at, at + len(name)))
    for at in sorted(hidden, reverse=True):
        begin, end = words[at].span()
        follows = at - 1 in hidden and text[words[at - 1].end() : begin].isspace()
        if follows:
            text = text[: words[at - 1].end()] + text[end:]
        else:
            text = text[:begin] + _MASK + text[end:]
    return text


def _capitalised(words: list[re.Match[str]], text: str) -> set[int]:
    """Return which words stand in a row of two and more that begin with a capital."""
    found: set[int] = set()
    for at in range(1, len(words)):
        before, word = words[at - 1], words[at]
        is_row = text[before.end() : word.start()].isspace()
        if is_row and before[0][0].isupper() and word[0][0].isupper():
            found.update((at - 1, at))
    return found


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return "".join(one for one in plain if not unicodedata.combining(one))
