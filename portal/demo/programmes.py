"""Three audio programmes for the trial, through the services and two officials as everywhere."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from citizens.models import User
from dossiers.services.take_sound import take_sound
from portal.common.clock import CIVIL_ZONE
from procedures.definition.programme import ProgrammeWords
from procedures.services.release_programme import release_programme
from procedures.services.review_programme import review_programme
from procedures.services.write_programme import write_programme

SOUNDS = Path(__file__).parent / "sounds"
_EDITOR, _APPROVER = "bientap", "pheduyet"
_BEFORE = timedelta(days=14)


def speak_programmes(day: date) -> int:
    """Write, review and release the programmes that lie beside their sounds; return how many."""
    told = yaml.safe_load((SOUNDS / "programmes.yaml").read_text(encoding="utf-8"))
    editor = User.objects.get(username=_EDITOR)
    approver = User.objects.get(username=_APPROVER)
    began = datetime.combine(day - _BEFORE, time(9), CIVIL_ZONE)
    for number, one in enumerate(told):
        name = f"{one.pop('key')}.mp3"
        said: dict[str, Any] = one | {key: tuple(one[key]) for key in ("events", "procedures")}
        at = began + timedelta(days=number)
        row = write_programme(
            words=ProgrammeWords(**said, from_on=at.date()),
            by=editor,
            now=at,
            sound=take_sound(data=(SOUNDS / name).read_bytes(), given_name=name),
        )
        heard = at + timedelta(hours=2)
        row = review_programme(programme=row, version=row.version, by=approver, now=heard)
        later = heard + timedelta(hours=1)
        release_programme(programme=row, version=row.version, by=approver, now=later)
    return len(told)
