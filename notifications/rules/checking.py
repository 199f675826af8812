"""What a wording may hold (F44): the topic's own placeholders and plain words, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from notifications.rules.wording import CHECK_CODE, placeholder

_IN_PAIRS = re.compile(r"\(\(([^()]*)\)\)")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SHOWN = 30
# What no wording holds, why not, and what to do instead; looked for where no placeholder stands.
_FORBIDDEN = (
    (
        re.compile(
            r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
        ),
        "ký tự điều khiển, không nhìn thấy được: xin xóa",
        "a control character that nobody sees: take it out",
    ),
    (
        re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{|%\(|[$<>`{}]"),
        "không dùng mã khuôn mẫu, thẻ hay ngoặc nhọn; chỗ điền viết là ((tên))",
        "no template code, tags or braces; a placeholder is written ((name))",
    ),
    (
        re.compile(r"\(\(|\)\)"),
        "hai ngoặc tròn liền nhau chỉ đứng quanh tên một chỗ điền",
        "two round brackets stand only around the name of a placeholder",
    ),
    (
        re.compile(r"(?:https?:|://|www\.)\S*|\S*[^\W_]\.[^\W\d_]{2,}\S*|\S+@\S+", re.IGNORECASE),
        "không được có liên kết: người dân tự mở Cổng (sau dấu chấm phải có dấu cách)",
        "no links: people open the portal themselves (a full stop is followed by a space)",
    ),
)


@dataclass(frozen=True, slots=True)
class WordingProblem:
    """One thing wrong in a wording: where, from the 1st character (0: as a whole), and why."""

    at: int
    piece: str
    vi: str
    en: str

    def told(self, language: str) -> str:
        """Return place and reason in one sentence; Vietnamese unless English is asked for."""
        is_english = language.startswith("en")
        why = self.en if is_english else self.vi
        if not self.at:
            return f"{why[:1].upper()}{why[1:]}."
        place = f"Character {self.at}" if is_english else f"Ký tự thứ {self.at}"
        return f"{place}, “{self.piece}”: {why}."


def text_problems(
    subject: str, body: str, *, allowed: Iterable[str], is_sms: bool
) -> list[tuple[str, WordingProblem]]:
    """Return the problems of both fields of a text, each with the field's name."""
    parts = (("subject", subject, False), ("body", body, is_sms))
    return [
        (field, problem)
        for field, text, needs_code in parts
        for problem in wording_problems(text, allowed=allowed, is_sms=needs_code)
    ]


def wording_problems(text: str, *, allowed: Iterable[str], is_sms: bool) -> list[WordingProblem]:
    """Return why a wording must be refused, in its order; `allowed` is the topic's own list.

    An SMS must also carry the check code, by which its reader can tell it from a forged one.
    """
    known = [*allowed, CHECK_CODE]
    found = [
        *_unknown(text, known),
        *_forbidden(text),
        *_lone_brackets(_blanked(_IN_PAIRS, text)),
    ]
    found.sort(key=lambda problem: problem.at)
    if is_sms and placeholder(CHECK_CODE) not in text:
        code = placeholder(CHECK_CODE)
        found.append(
            WordingProblem(0, "", f"tin SMS phải có mã kiểm tra {code}", f"an SMS must show {code}")
        )
    return found


def names_in(text: str) -> list[str]:
    """Return the names of the placeholders in a text, in their order."""
    return _IN_PAIRS.findall(text)


def _unknown(text: str, known: Iterable[str]) -> Iterator[WordingProblem]:
    names = ", ".join(map(placeholder, known))
    for found in _IN_PAIRS.finditer(text):
        if found[1] not in known:
            yield _problem(
                found[0],
                found.start(),
                f"chỗ điền không có trong danh sách của chủ đề ({names})",
                f"no placeholder of this topic; it has {names}",
            )


def _forbidden(text: str) -> Iterator[WordingProblem]:
    rest = _blanked(_IN_PAIRS, text)
    for pattern, vi, en in _FORBIDDEN:
        for found in pattern.finditer(rest):
            yield _problem(text[found.start() : found.end()], found.start(), vi, en)


def _lone_brackets(rest: str) -> Iterator[WordingProblem]:
    for found in re.finditer(r"[\[\]]", _blanked(_OPTIONAL, rest)):
        yield _problem(
            found[0],
            found.start(),
            "ngoặc vuông phải có đôi và không lồng nhau",
            "square brackets come in pairs and are not nested",
        )


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """Return the text with what matches turned into digits, each place kept."""
    return pattern.sub(lambda found: "0" * len(found[0]), text)


def _problem(piece: str, start: int, vi: str, en: str) -> WordingProblem:
    visible = piece if piece.isprintable() else ascii(piece)[1:-1]
    return WordingProblem(start + 1, visible[:_SHOWN], vi, en)
