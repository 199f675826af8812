"""The two steps that end a dossier well, by their own names."""

from __future__ import annotations

from datetime import datetime

from citizens.models import User
from dossiers.enums import Action
from dossiers.models import Dossier, Result
from dossiers.services.advance import advance


def decide(*, dossier: Dossier, user: User, version: int, now: datetime, note: str = "") -> Result:
    """Approve a dossier and return its result: stored in the register, the citizen told.

    Errors are those of `advance`.
    """
    decided = advance(
        dossier=dossier, action=Action.APPROVE, user=user, version=version, note=note, now=now
    )
    return decided.result


def return_result(
    *, dossier: Dossier, user: User | None, version: int, now: datetime, note: str = ""
) -> Dossier:
    """Note that the result was handed over; `user` is None when the system delivered it online."""
    return advance(
        dossier=dossier, action=Action.RETURN_RESULT, user=user, version=version, note=note, now=now
    )
