"""Writes of the catalogue and of suggestions, one use case a file."""

from __future__ import annotations

from procedures.services.accept_suggestion import accept_suggestion
from procedures.services.close_matter import close_matter
from procedures.services.dismiss_suggestion import dismiss_suggestion
from procedures.services.fulfil_suggestion import fulfil_suggestion
from procedures.services.open_matter import open_matter
from procedures.services.release_version import release_version
from procedures.services.reopen_suggestion import reopen_suggestion
from procedures.services.restore_suggestion import restore_suggestion
from procedures.services.resume_rule import resume_rule
from procedures.services.set_quota import set_quota
from procedures.services.snooze_suggestion import snooze_suggestion
from procedures.services.stop_rule import stop_rule
from procedures.services.widen_version import widen_version

__all__ = [
    "accept_suggestion",
    "close_matter",
    "dismiss_suggestion",
    "fulfil_suggestion",
    "open_matter",
    "release_version",
    "reopen_suggestion",
    "restore_suggestion",
    "resume_rule",
    "set_quota",
    "snooze_suggestion",
    "stop_rule",
    "widen_version",
]
