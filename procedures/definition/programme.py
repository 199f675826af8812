"""What an audio programme says of itself, and what it lacks before anybody may hear it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from procedures.definition.reading import Problem
from procedures.definition.transcript import read_transcript, transcript_problems

LONGEST_TITLE, LONGEST_SUMMARY = 120, 400
_LONGEST = {
    "title_vi": LONGEST_TITLE,
    "title_en": LONGEST_TITLE,
    "summary_vi": LONGEST_SUMMARY,
    "summary_en": LONGEST_SUMMARY,
}


@dataclass(frozen=True)
class ProgrammeWords:
    """The words of a programme, what it is about (keys) and from when until when it is heard.

    `until_on` is its last day, None for no end. The English transcript may be missing.
    """

    title_vi: str
    title_en: str
    summary_vi: str
    summary_en: str
    transcript_vi: str
    from_on: date
    transcript_en: str = ""
    until_on: date | None = None
    events: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()

    def fingerprint(self, sound: str) -> str:
        """Return the digest of all that is heard and read; `sound` is the digest of the sound."""
        told = json.dumps([asdict(self), sound], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()


def problems(words: ProgrammeWords, *, seconds: int | None) -> list[Problem]:
    """Return what is wrong with a draft whose sound is that long (None: there is none yet)."""
    found = list(_line_problems(words))
    for path in ("transcript_vi", "transcript_en"):
        found += transcript_problems(path, getattr(words, path), seconds=seconds)
    if words.until_on is not None and words.until_on < words.from_on:
        found.append(
            Problem(
                "until_on",
                "ngày cuối phải từ ngày đầu trở đi",
                "the last day is before the first",
            )
        )
    return found


def _line_problems(words: ProgrammeWords) -> Iterator[Problem]:
    for path, longest in _LONGEST.items():
        said = getattr(words, path)
        if not said:
            yield Problem(path, "còn thiếu", "is missing")
        elif len(said) > longest:
            yield Problem(path, f"dài hơn {longest} ký tự", f"is longer than {longest} characters")
        elif not said.isprintable():
            yield Problem(path, "có ký tự không nhìn thấy", "holds a character one cannot see")


def lacks(words: ProgrammeWords, *, seconds: int | None) -> list[Problem]:
    """Return what a programme still lacks or has wrong before it may be heard."""
    found = problems(words, seconds=seconds)
    if seconds is None:
        found.append(Problem("sound", "chưa có âm thanh", "there is no sound yet"))
    if not any(not one.is_heading for one in read_transcript(words.transcript_vi)):
        found.append(
            Problem(
                "transcript_vi",
                "chưa có lời ghi: người không nghe được cũng phải đọc được",
                "there is no transcript: whoever cannot hear must be able to read it",
            )
        )
    return found
