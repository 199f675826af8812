"""What is said in an audio programme, as an editor types it: plain paragraphs.

A blank line parts two paragraphs. ``# `` begins a heading; ``[1:05]`` at the beginning says when a
paragraph is heard; ``Name:`` behind it says who speaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from procedures.definition.reading import Problem

LONGEST = 40_000  # characters of a transcript
LONGEST_PARAGRAPH = 2_000
_LONGEST_SPEAKER = 40
_MARK = re.compile(r"\[(\d{1,3}):([0-5]\d)\]\s*")
_BRACKET = re.compile(r"\[[\d:.\s]*\]")
_SPEAKER = re.compile(rf"([^\W\d_][^:\n.!?]{{0,{_LONGEST_SPEAKER - 1}}}):\s+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph or heading; `at` is the second at which it is heard, None where none is told.

    `line` is where it begins in the text, from 1.
    """

    line: int
    text: str
    speaker: str = ""
    at: int | None = None
    is_heading: bool = False


def read_transcript(text: str) -> list[Paragraph]:
    """Return the paragraphs of a transcript; lines of one are joined."""
    return [_paragraph(line, told) for line, told in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    begun, lines = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            begun = begun or number
            lines.append(line.strip())
        elif lines:
            yield begun, " ".join(lines)
            begun, lines = 0, []


def _paragraph(line: int, told: str) -> Paragraph:
    if told.startswith("# "):
        return Paragraph(line, told[2:].strip(), is_heading=True)
    mark = _MARK.match(told)
    rest = told[mark.end() :] if mark else told
    at = 60 * int(mark[1]) + int(mark[2]) if mark else None
    speaker = _SPEAKER.match(rest)
    return Paragraph(
        line, rest[speaker.end() :] if speaker else rest, speaker[1] if speaker else "", at
    )


def transcript_problems(path: str, text: str, *, seconds: int | None) -> list[Problem]:
    """Return what is wrong with a transcript of a sound of that length (None: not known yet)."""
    found = list(_unseen(path, text))
    if len(text) > LONGEST:
        found.append(
            Problem(
                path,
                f"dài hơn {LONGEST} ký tự: xin chia thành hai chương trình",
                f"is longer than {LONGEST} characters: please make two programmes",
            )
        )
    before = -1
    for one in read_transcript(text):
        found += _of_paragraph(path, one)
        if one.at is None:
            continue
        if one.at <= before:
            found.append(
                Problem(
                    path,
                    "mốc thời gian phải sau mốc trước",
                    "the time mark must be later than the one before",
                    one.line,
                )
            )
        if seconds is not None and one.at >= seconds:
            found.append(
                Problem(
                    path,
                    "mốc thời gian nằm sau khi âm thanh đã hết",
                    "the time mark lies behind the end of the sound",
                    one.line,
                )
            )
        before = one.at
    return found


def _unseen(path: str, text: str) -> Iterator[Problem]:
    """Yield the lines with characters that nobody sees, or that turn the direction of text."""
    for number, line in enumerate(text.split("\n"), 1):
        if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"} for letter in line):
            yield Problem(
                path, "có ký tự không nhìn thấy", "holds a character one cannot see", number
            )


def _of_paragraph(path: str, one: Paragraph) -> Iterator[Problem]:
    if not one.text:
        yield Problem(path, "mốc thời gian không có lời nào", "a time mark without words", one.line)
    if len(one.text) > LONGEST_PARAGRAPH:
        yield Problem(
            path,
            f"đoạn dài hơn {LONGEST_PARAGRAPH} ký tự: xin chia nhỏ",
            f"a paragraph longer than {LONGEST_PARAGRAPH} characters: please part it",
            one.line,
        )
    if _BRACKET.search(one.text):
        yield Problem(
            path,
            "mốc thời gian phải ở đầu đoạn và viết như [1:05]",
            "a time mark stands in front of a paragraph and reads like [1:05]",
            one.line,
        )
