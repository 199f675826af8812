"""An audio programme in the language of the page: what is heard, how long it is, what is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext

from procedures.definition.transcript import read_transcript
from procedures.models import Programme, Recording
from procedures.selectors import versions_in_force

ENDINGS = {"audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/mp4": "m4a"}
_MB, _KB = 1_000_000, 1_000


@dataclass(frozen=True)
class Said:
    """One paragraph or heading of a transcript; `mark` is "1:05", "" where no time is told."""

    text: str
    speaker: str
    mark: str
    at: int | None
    is_heading: bool


@dataclass(frozen=True)
class Heard:
    """One programme; `language` is that of the transcript shown, "" where it is the page's.

    `told` and `size` are "" while there is no sound. `about` are name and key of procedures in
    force.
    """

    title: str
    summary: str
    told: str
    size: str
    said: list[Said]
    language: str
    about: list[tuple[str, str]]


def heard(programme: Programme, *, day: date) -> Heard:
    """Return what a programme is on the civil date `day`; two queries."""
    is_english = (get_language() or "vi").startswith("en")
    has_words = is_english and bool(programme.transcript_en)
    transcript = programme.transcript_en if has_words else programme.transcript_vi
    recording = programme.recording
    return Heard(
        title=programme.title_en if is_english else programme.title_vi,
        summary=programme.summary_en if is_english else programme.summary_vi,
        told=length_told(recording) if recording else "",
        size=size_told(recording) if recording else "",
        said=_said(transcript),
        language="vi" if is_english and not has_words else "",
        about=_about(programme, day, is_english=is_english),
    )


def length_told(recording: Recording) -> str:
    """Return how long a sound is: "2 minutes 5 seconds"."""
    minutes, seconds = divmod(recording.seconds, 60)
    told = []
    if minutes:
        told.append(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})
    if seconds:
        told.append(ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds})
    return " ".join(told)


def size_told(recording: Recording) -> str:
    """Return how large a sound is, with the decimal sign of the language: "1,2 MB"."""
    if recording.size < _MB:
        return f"{max(round(recording.size / _KB), 1)} KB"
    told = f"{recording.size / _MB:.1f}"
    return f"{told if get_language() == 'en' else told.replace('.', ',')} MB"


def _said(transcript: str) -> list[Said]:
    return [
        Said(
            text=one.text,
            speaker=one.speaker,
            mark="" if one.at is None else f"{one.at // 60}:{one.at % 60:02d}",
            at=one.at,
            is_heading=one.is_heading,
        )
        for one in read_transcript(transcript)
    ]


def _about(programme: Programme, day: date, *, is_english: bool) -> list[tuple[str, str]]:
    procedures = programme.procedures.order_by().values("pk")
    versions = versions_in_force(day=day).filter(procedure__in=procedures)
    return [
        (one.name_en if is_english and one.name_en else one.name_vi, one.procedure.key)
        for one in versions
    ]
