"""Audio programmes as lists name them, and where their sound is heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from portal.web.presenters.catalogue import Tile, tiles_of
from portal.web.presenters.language import either
from procedures.answers.heard import ENDINGS, length_told
from procedures.models import Programme
from procedures.selectors import Index


@dataclass(frozen=True)
class ProgrammeLine:
    """One programme on a list."""

    title: str
    summary: str
    told: str
    url: str


def programme_lines(programmes: Iterable[Programme]) -> list[ProgrammeLine]:
    """Return programmes as a list tells them."""
    return [
        ProgrammeLine(
            title=either(one.title_vi, one.title_en),
            summary=either(one.summary_vi, one.summary_en),
            told=length_told(one.recording) if one.recording else "",
            url=reverse("web:programme", args=[one.key]),
        )
        for one in programmes
    ]


def events_of(index: Index, programmes: Iterable[Programme]) -> list[Tile]:
    """Return what in life there are programmes about, in the order of a life."""
    told = {event for one in programmes for event in one.events}
    return [tile for tile in tiles_of(index) if tile.key in told]


def sound_address(programme: Programme) -> str:
    """Return where a programme is heard, "" without sound; another sound has another address."""
    recording = programme.recording
    if recording is None:
        return ""
    ending = ENDINGS[recording.media_type]
    address = reverse("web:programme_sound", args=[programme.key, ending])
    return f"{address}?v={recording.sha256[:12]}"
