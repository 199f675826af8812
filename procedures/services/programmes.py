"""What the services of audio programmes share: the locked row and the note of each step."""

from __future__ import annotations

from datetime import datetime

from citizens.models import User
from portal.common.errors import StaleVersionError
from procedures.definition import DefinitionError
from procedures.definition.programme import lacks
from procedures.enums import ProgrammeAct
from procedures.models import Programme, ProgrammeStep
from procedures.selectors.programmes import words_of


def locked_programme(programme: Programme, *, version: int) -> Programme:
    """Return the row under lock; StaleVersionError where it is not the one that was read."""
    row = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if row.version != version:
        raise StaleVersionError
    return row


def check_complete(row: Programme) -> None:
    """Raise DefinitionError with all that a programme lacks before anybody may hear it."""
    found = lacks(words_of(row), seconds=row.recording.seconds if row.recording else None)
    if found:
        raise DefinitionError(found)


def note_step(
    row: Programme, *, act: ProgrammeAct, by: User, now: datetime, reason: str = ""
) -> None:
    """Write down who did what to which words and sound."""
    sound = row.recording.sha256 if row.recording else ""
    ProgrammeStep.objects.create(
        programme=row,
        act=act,
        said_sha256=words_of(row).fingerprint(sound),
        recording=row.recording,
        reason=reason,
        by=by,
        at=now,
    )
