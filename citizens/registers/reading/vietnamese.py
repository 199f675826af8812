"""Recognise well-formed Vietnamese syllables: the evidence by which an encoding is proven.

A syllable is onset + rhyme + tone. The inventory below is the phonology of the standard language as
it is spelt; it says what could be a word, not what is one. Text in a wrong encoding fails it at
almost every accented letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
SHARP_AND_HEAVY = frozenset("\u0301\u0323")
STOPS = ("c", "ch", "k", "p", "t")

# "k" closes a syllable in names of places and peoples only: Đắk Lắk.
_CODAS: Mapping[str, str] = {
    "a": "- i y o u c m n p t ng ch nh k",
    "ă": "c m n p t ng k",
    "â": "u y c m n p t ng",
    "e": "- o c m n p t ng",
    "ê": "- u c m n p t ch nh ng",
    "i": "- a u c m n p t ch nh",
    "iê": "u c m n p t ng",
    "yê": "u m n t ng",
    "o": "- i c m n p t ng",
    "oo": "c ng",
    "ô": "- i c m n p t ng",
    "ơ": "- i m n p t",
    "oa": "- i y o c m n p t ng ch nh",
    "oă": "c m n p t ng",
    "oe": "- o m n t",
    "u": "- a i c m n p t ng",
    "uâ": "y n t ng",
    "uê": "- ch nh n",
    "uơ": "-",
    "uy": "- u a ch nh n p t",
    "uyê": "n t",
    "uô": "i c m n p t ng",
    "ư": "- a u i c m n t ng",
    "ươ": "u i c m n p t ng",
    "y": "- n t m p ch nh",
}
_RHYMES = tuple(
    nucleus + coda.replace("-", "") for nucleus, codas in _CODAS.items() for coda in codas.split()
)
_FRONT = tuple("eêiy")
_ONSETS = "b ch d đ gi h kh l m n nh p ph qu r s t th tr v x"
_ANYWHERE = ("", *_ONSETS.split())
_BEFORE_FRONT = ("k", "gh", "ngh")
_BEFORE_OTHERS = ("c", "g", "ng")


def _syllables() -> Iterator[str]:
    for rhyme in _RHYMES:
        spelt = _BEFORE_FRONT if rhyme.startswith(_FRONT) else _BEFORE_OTHERS
        yield from (onset + rhyme for onset in (*_ANYWHERE, *spelt))
        if rhyme.startswith("i"):  # gì, giếng: the i of the onset and that of the rhyme are one
            yield "g" + rhyme


SYLLABLES = frozenset(_syllables())


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Tell whether `word`, in any case and any normal form, could be a Vietnamese syllable.

    A syllable that ends in a stop carries the sharp or the heavy tone.
    """
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in letters if letter in TONES]
    bare = "".join(letter for letter in letters if letter not in TONES)
    toneless = unicodedata.normalize("NFC", bare)
    if len(tones) > 1 or toneless not in SYLLABLES:
        return False
    return not toneless.endswith(STOPS) or bool(SHARP_AND_HEAVY.intersection(tones))


class Score(NamedTuple):
    """How many of the different words with accents are well-formed syllables."""

    good: int
    total: int

    @property
    def share(self) -> float:
        """Return the share, discounted by one bad word: three good words make 0.75."""
        return self.good / (self.total + 1)


# Whatever is not ASCII counts as part of a word: a wrong encoding puts signs inside of words.
_WORD = re.compile(r"[A-Za-z]*[^\x00-\x7f][A-Za-z\u0080-\U0010ffff]*")
_AROUND = "\u00a0\u200b\ufeff–—‘’“”…«»•·°"
MOST_WORDS = 20_000


def accented_words(text: str) -> Iterator[str]:
    """Yield the accented words of `text`, with the signs around them.

    A lone character is no word: the pound sign of one encoding is the letter Ê of another.
    """
    for found in _WORD.finditer(text):
        bare = found.group().strip(_AROUND)
        if len(bare) > 1 and not bare.isascii():
            yield found.group()


def score(text: str) -> Score:
    """Return how Vietnamese the different accented words among the first 20,000 look.

    A word that comes again proves nothing more: “m²” is a syllable in VISCII, a hundred times over.
    """
    words = {word.strip(_AROUND) for word in islice(accented_words(text), MOST_WORDS)}
    return Score(sum(map(is_syllable, words)), len(words))
