"""Audio programmes for tests: their words, their sound, and the officials around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from citizens.enums import Role
from citizens.models import User
from dossiers.documents.intake.receiving import Sound
from portal.common import clock
from procedures.definition.programme import ProgrammeWords
from procedures.models import Programme
from procedures.services.release_programme import release_programme
from procedures.services.review_programme import review_programme
from procedures.services.write_programme import write_programme
from tests.dossiers.sounds import mp3
from tests.factories.citizens import GrantFactory, OfficialFactory

WORDS = ProgrammeWords(
    title_vi="Đổi giấy phép lái xe",
    title_en="Renewing a driving licence",
    summary_vi="Cần làm gì khi giấy phép sắp hết hạn.",
    summary_en="What to do when the licence runs out.",
    transcript_vi="# Mở đầu\n\n[0:00] Người dẫn: Chào ông bà.\n\n[0:05] Xin nghe <b>tiếp</b>.",
    transcript_en="# Beginning\n\n[0:00] Presenter: Good day.\n\n[0:05] Please <b>listen</b> on.",
    from_on=date(2026, 1, 1),
    events=("expiry",),
)


def a_sound(seconds: float = 10) -> Sound:
    """Return a silent sound as it comes from the judge."""
    data = mp3(seconds)
    return Sound(data, "audio/mpeg", "noi.mp3", round(seconds))


def an_official(role: Role = Role.CATALOGUE_EDITOR, **unit: Any) -> User:
    """Return somebody with a role."""
    holder = OfficialFactory()
    GrantFactory(official=holder, role=role, **unit)
    user: User = holder.user
    return user


def a_draft(by: User | None = None, *, sound: Sound | None = None, **said: Any) -> Programme:
    """Return a draft with sound, by `by`."""
    return write_programme(
        words=replace(WORDS, **said),
        by=by or an_official(),
        now=clock.now(),
        sound=sound or a_sound(),
    )


def on_air(*, sound: Sound | None = None, **said: Any) -> Programme:
    """Return a programme that was reviewed and released."""
    draft, approver = a_draft(sound=sound, **said), an_official(Role.APPROVER)
    now = clock.now()
    row = review_programme(programme=draft, version=draft.version, by=approver, now=now)
    return release_programme(programme=row, version=row.version, by=approver, now=now)
