"""Decide the encoding of a text file by its mark, by strict validity, or by what makes sense.

Nothing is guessed: an encoding is taken when its words are well-formed Vietnamese syllables and
clearly better than under every other encoding. Otherwise the file is refused and somebody has to
declare the encoding; a declaration is checked the same way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from citizens.registers.reading import legacy
from citizens.registers.reading.encodings import (
    BY_NAME,
    EIGHT_BIT,
    UTF_8,
    UTF_16,
    UTF_16_BE,
    UTF_16_LE,
    Encoding,
    canonical,
)
from citizens.registers.reading.evidence import Evidence
from citizens.registers.reading.mojibake import CLEARLY, LEAST_SHARE, refuse_broken
from citizens.registers.reading.problems import UnreadableError, refusal
from citizens.registers.reading.vietnamese import Score, score

BOMS: Mapping[bytes, Encoding] = {
    b"\xef\xbb\xbf": UTF_8,
    b"\xff\xfe": UTF_16_LE,
    b"\xfe\xff": UTF_16_BE,
}
LATIN_ENOUGH, MOST_CONTROLS = 0.95, 0.02
# Some control codes are capitals in TCVN 5712 and in VISCII.
_CONTROLS = frozenset(range(0x20)) - {*b"\t\n\r", *legacy.TCVN3, *legacy.VISCII}
FEW_UNDECODABLE, MOST_UNDECODABLE = 0.2, 0.5  # shares of the accented lines
NO_SENSE, WORDS_TO_JUDGE_BY = 0.3, 5


@dataclass(frozen=True, slots=True)
class Proof:
    """An encoding, how it is known, and how many bytes of mark the file begins with."""

    encoding: Encoding
    how: str
    mark: int = 0


def prove(evidence: Evidence, declared: str | None = None) -> Proof:
    """Return the proven encoding; UnreadableError when none is, or another than declared."""
    proof = _prove(evidence, canonical(declared) if declared else None)
    refuse_broken(_text(evidence, proof.encoding))
    return proof


def _prove(evidence: Evidence, declared: str | None) -> Proof:
    if proof := _marked(evidence.start) or _utf_16(evidence.start):
        return _agreed(proof, declared)
    _refuse_binary(evidence.start)
    if declared:
        return _declared(evidence, declared)
    if evidence.is_utf8:
        return Proof(UTF_8, "valid")
    if _undecodable_share(evidence, UTF_8) <= FEW_UNDECODABLE:
        return Proof(UTF_8, "mostly valid")  # other encodings look like UTF-8 by no accident
    return _by_syllables(evidence)


def _marked(start: bytes) -> Proof | None:
    for mark, encoding in BOMS.items():
        if start.startswith(mark):
            return Proof(encoding, "bom", len(mark))
    return None


def _utf_16(start: bytes) -> Proof | None:
    """Prove UTF-16 without a mark: it decodes strictly, to lines of Latin letters."""
    if b"\x00" not in start:
        return None
    for encoding in (UTF_16_LE, UTF_16_BE):
        text = encoding.decode(start[: len(start) & ~1])
        ends = "\n" in text or "\r" in text
        if ends and "\x00" not in text and _latin_share(text) >= LATIN_ENOUGH:
            return Proof(encoding, "valid")
    return None


def _latin_share(text: str) -> float:
    latin = sum(
        letter < "\u0370" or "\u1e00" <= letter <= "\u206f" or letter == "\u20ab" for letter in text
    )
    return latin / len(text)


def _agreed(proof: Proof, declared: str | None) -> Proof:
    if declared is None or declared == proof.encoding.name:
        return proof
    if declared == UTF_16 and proof.encoding in {UTF_16_LE, UTF_16_BE}:
        return proof
    raise _contradicted(declared, proof.encoding)


def _refuse_binary(start: bytes) -> None:
    controls = sum(byte in _CONTROLS for byte in start)
    if controls > max(MOST_CONTROLS * len(start), 8):
        raise refusal("binary", "tệp nhị phân, không phải văn bản", "a binary file, not text")


def _text(evidence: Evidence, encoding: Encoding) -> str:
    wide = encoding in {UTF_16_LE, UTF_16_BE}
    data = evidence.start[: len(evidence.start) & ~1] if wide else evidence.sample
    return unicodedata.normalize("NFC", encoding.decode(data))


def _scores(evidence: Evidence) -> dict[str, Score]:
    """Return the score of every encoding of eight bits, best first."""
    scores = {one.name: score(_text(evidence, one)) for one in (UTF_8, *EIGHT_BIT)}
    return dict(sorted(scores.items(), key=lambda item: -item[1].share))


def _by_syllables(evidence: Evidence) -> Proof:
    (name, best), (_, second), *_ = _scores(evidence).items()
    if best.share < LEAST_SHARE or best.share < second.share + CLEARLY:
        names = ", ".join(BY_NAME)
        raise refusal(
            "unproven_encoding",
            f"không xác định chắc chắn được bảng mã; hãy khai báo --encoding ({names})",
            f"the encoding cannot be proven; declare --encoding ({names})",
        )
    return Proof(BY_NAME[name], f"syllables {best.good / best.total:.2f}")


def _declared(evidence: Evidence, declared: str) -> Proof:
    """Accept a declaration unless the bytes speak clearly for another encoding or against it."""
    if declared not in BY_NAME or BY_NAME[declared] in {UTF_16_LE, UTF_16_BE}:
        raise _contradicted(declared, UTF_8 if evidence.is_utf8 else None)
    encoding = BY_NAME[declared]
    if evidence.is_ascii:
        return Proof(encoding, "declared")
    scores = _scores(evidence)
    own = scores[declared]
    for name, other in scores.items():
        valid = name == UTF_8.name and evidence.is_utf8
        if name != declared and _speaks_against(own, other, valid=valid):
            raise _contradicted(declared, BY_NAME[name])
    is_nonsense = own.total >= WORDS_TO_JUDGE_BY and own.share < NO_SENSE
    if (is_nonsense and encoding is not UTF_8) or _undecodable_share(
        evidence, encoding
    ) > MOST_UNDECODABLE:
        raise _contradicted(declared, None)
    return Proof(encoding, "declared")


def _speaks_against(own: Score, other: Score, *, valid: bool) -> bool:
    """Tell whether another encoding is clearly better; strict UTF-8 needs only to be as good.

    With few words the share proves little, but all of them against none of them is clear.
    """
    if valid and other.share >= own.share:
        return True
    is_proven = other.share >= LEAST_SHARE or (not own.good and other.good == other.total)
    return is_proven and other.share >= own.share + CLEARLY


def _undecodable_share(evidence: Evidence, encoding: Encoding) -> float:
    lines = encoding.decode(evidence.sample).splitlines() or [""]
    return sum("\ufffd" in line for line in lines) / len(lines)


def _contradicted(declared: str, found: Encoding | None) -> UnreadableError:
    vi = f"nội dung tệp không phải bảng mã {declared} như khai báo"
    en = f"the content is not in {declared} as declared"
    if found:
        vi, en = f"{vi}, mà là {found.name}", f"{en} but in {found.name}"
    return refusal("contradicted_encoding", vi, en)
