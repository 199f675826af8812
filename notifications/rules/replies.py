"""What somebody means who answers by SMS or chat: Vietnamese as people write it on a telephone.

Pure, and careful in one direction: an answer is a yes only when every word of it is understood and
says yes. One word more than that (a condition, a question, a doubt) and a person reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from notifications.enums import ReplyWord
from notifications.rules import reply_words as known
from notifications.rules.sms import unaccented
from notifications.rules.wording import CODE_LETTERS

LONGEST = 160  # characters of an answer that is still read as one; a longer one goes to a person
# Both forms of dossier codes, however their parts are set apart.
_DOSSIER = re.compile(
    r"(?<![0-9A-Za-z.])([0-9A-Za-z]{1,4}(?:\.[0-9A-Za-z]{1,6})+)[-\s]"
    r"(\d{6}[-\s]\d{4,6}|\d{8}[-\s]\d{7})(?!\d)"
)
_LETTERS = f"[{CODE_LETTERS}{CODE_LETTERS.lower()}]"
_SHORT = re.compile(rf"(?<![\w-])({_LETTERS}{{4}})([-. ]?)({_LETTERS}{{4}})(?![\w-])")
_WORDS = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Answer:
    """What was understood; codes are "" where none stands in the text.

    `is_bare_zero` tells a lone `0`, by which the holder of a number says that nothing more should
    come to it.
    """

    word: ReplyWord
    short_code: str = ""
    dossier_code: str = ""
    is_bare_zero: bool = False


def understand(text: str) -> Answer:
    """Return what a text means; UNCLEAR where a person should read it, never a guess at a yes."""
    rest, dossier = _without_dossier_code(unicodedata.normalize("NFC", text))
    rest, code = _without_short_code(rest)
    if dossier:
        return Answer(ReplyWord.STATUS, code, dossier)
    said = _said(rest)
    if len(rest) > LONGEST:
        return Answer(ReplyWord.UNCLEAR, code)
    if not said:
        asks = "?" in rest or bool(code)
        return Answer(ReplyWord.HELP if asks else ReplyWord.UNCLEAR, code)
    word = _meaning(said, is_question="?" in rest)
    is_bare = word == ReplyWord.STOP and not code and not set(said) - known.AROUND_ZERO
    return Answer(word, code, is_bare_zero=is_bare)


def _without_dossier_code(text: str) -> tuple[str, str]:
    found = _DOSSIER.search(text)
    if found is None:
        return text, ""
    number = _SPACES.sub("-", found[2])
    return text[: found.start()] + " " + text[found.end() :], f"{found[1].upper()}-{number}"


def _without_short_code(text: str) -> tuple[str, str]:
    """Return the text without a message's code, and that code; words are no codes."""
    for found in _SHORT.finditer(text):
        code = (found[1] + found[3]).upper()
        letters = sum(letter.isalpha() for letter in code)
        # Four and four with a blank between could be two short words, eight digits a number.
        if letters and (found[2] not in (" ", "") or letters < len(code)):
            return text[: found.start()] + " " + text[found.end() :], code
    return text, ""


def _said(text: str) -> list[str]:
    """Return the words without marks, in one spelling; words that marks tell apart stay apart."""
    for sign, word in known.SIGNS.items():
        text = text.replace(sign, f" {word} ")
    plain: list[str] = []
    for word in _WORDS.findall(text.lower()):
        folded = known.TOLD_BY_MARKS.get(word) or unaccented(word)
        plain += known.SPELLINGS.get(folded, folded).split()
    joined = f" {' '.join(plain)} "
    for typo, meant in known.TYPOS.items():
        joined = joined.replace(f" {typo} ", f" {meant} ")
    return joined.split()


def _meaning(said: list[str], *, is_question: bool) -> ReplyWord:
    phrase = " ".join(said)
    if phrase in known.HELP:
        return ReplyWord.HELP
    if is_question:
        return ReplyWord.UNCLEAR
    by_phrase = (word for word, pattern in known.SAID_ANYWHERE if pattern.search(phrase))
    whole = (word for word, core, beside in known.SAID_WHOLE if _is_made_of(said, core, beside))
    return next(by_phrase, None) or next(whole, None) or _put_off(phrase)


def _put_off(phrase: str) -> ReplyWord:
    return ReplyWord.LATER if known.LATER.search(phrase) else ReplyWord.UNCLEAR


def _is_made_of(said: list[str], core: frozenset[str], beside: frozenset[str]) -> bool:
    """Tell whether the words are phrases of `core`, at least one, and words of `beside`."""
    place, found = 0, False
    while place < len(said):
        length = next(
            (n for n in (4, 3, 2, 1) if " ".join(said[place : place + n]) in core),
            0,
        )
        if length:
            place, found = place + length, True
        elif said[place] in beside:
            place += 1
        else:
            return False
    return found
