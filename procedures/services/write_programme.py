"""An editor writes an audio programme, or changes one that nobody hears now."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.definition import DefinitionError
from procedures.definition.programme import ProgrammeWords, problems
from procedures.enums import ProgrammeAct, ProgrammeState
from procedures.models import Procedure, Programme, Recording, RecordingPiece
from procedures.selectors.programmes import PIECE
from procedures.services.programmes import locked_programme, note_step

_LONGEST_KEY = 60


class Sound(Protocol):
    """A sound that was judged: whole, of a kind that browsers play."""

    @property
    def data(self) -> bytes:
        """Its bytes."""

    @property
    def media_type(self) -> str:
        """What they are."""

    @property
    def name(self) -> str:
        """The name to show."""

    @property
    def seconds(self) -> int:
        """How long it is."""


@transaction.atomic
def write_programme(
    *,
    words: ProgrammeWords,
    by: User,
    now: datetime,
    programme: Programme | None = None,
    version: int = 0,
    sound: Sound | None = None,
) -> Programme:
    """Store a new programme, or what a draft says now; a review of what it said before is void.

    `version` is that of the row which was read, `sound` None leaves the sound as it is. Its address
    comes from the first title and stays. DefinitionError names each place at fault; RefusedError
    while it is heard; StaleVersionError when somebody else changed it since.
    """
    row = (
        Programme(key=_free_key(words.title_vi)) if programme is None else _open(programme, version)
    )
    recording = row.recording
    length = sound.seconds if sound else recording.seconds if recording else None
    found = problems(words, seconds=length)
    if found:
        raise DefinitionError(found)
    for name in ("title_vi", "title_en", "summary_vi", "summary_en", "from_on", "until_on"):
        setattr(row, name, getattr(words, name))
    row.transcript_vi, row.transcript_en = words.transcript_vi, words.transcript_en
    row.events = list(words.events)
    row.state, row.written_by = ProgrammeState.DRAFT, by
    row.reviewed_by = row.released_by = row.released_at = None
    if sound is not None:
        row.recording = _kept(sound, by)
    row.version += 1
    row.save()
    row.procedures.set(Procedure.objects.filter(key__in=words.procedures))
    note_step(row, act=ProgrammeAct.WRITE, by=by, now=now)
    return row


def _open(programme: Programme, version: int) -> Programme:
    row = locked_programme(programme, version=version)
    if row.state == ProgrammeState.RELEASED:
        raise RefusedError(_("This programme is heard now: withdraw it before you change it."))
    return row


def _kept(sound: Sound, by: User) -> Recording:
    recording = Recording.objects.create(
        name=sound.name,
        media_type=sound.media_type,
        size=len(sound.data),
        seconds=sound.seconds,
        sha256=hashlib.sha256(sound.data).hexdigest(),
        kept_by=by,
    )
    RecordingPiece.objects.bulk_create(
        RecordingPiece(recording=recording, number=number, content=sound.data[at : at + PIECE])
        for number, at in enumerate(range(0, len(sound.data), PIECE))
    )
    return recording


def _free_key(title: str) -> str:
    """Return a free address that reads like the title: "doi-giay-phep-lai-xe"."""
    plain = slugify(title.replace("đ", "d").replace("Đ", "D"))[:_LONGEST_KEY].strip("-")
    base = plain or "chuong-trinh"
    taken = set(Programme.objects.filter(key__startswith=base).values_list("key", flat=True))
    number, key = 2, base
    while key in taken:
        number, key = number + 1, f"{base}-{number}"
    return key
