"""An official takes an audio programme off the air."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.enums import ProgrammeAct, ProgrammeState
from procedures.models import Programme
from procedures.services.programmes import locked_programme, note_step


@transaction.atomic
def withdraw_programme(
    *, programme: Programme, version: int, by: User, reason: str, now: datetime
) -> Programme:
    """Withdraw a released programme: nobody hears or reads it from now on; it may be rewritten.

    RefusedError where it is not released or no reason is given; StaleVersionError where somebody
    changed it since it was read.
    """
    row = locked_programme(programme, version=version)
    if row.state != ProgrammeState.RELEASED:
        raise RefusedError(_("Only a released programme can be withdrawn."))
    if not reason.strip():
        raise RefusedError(_("Please say why the programme is withdrawn."))
    row.state = ProgrammeState.WITHDRAWN
    row.version += 1
    row.save(update_fields=["state", "version"])
    note_step(row, act=ProgrammeAct.WITHDRAW, by=by, now=now, reason=reason.strip()[:200])
    return row
