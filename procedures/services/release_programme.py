"""An approver lets everybody hear an audio programme."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.enums import ProgrammeAct, ProgrammeState
from procedures.models import Programme
from procedures.selectors.programmes import has_written
from procedures.services.programmes import check_complete, locked_programme, note_step


@transaction.atomic
def release_programme(*, programme: Programme, version: int, by: User, now: datetime) -> Programme:
    """Release a reviewed programme: it is heard within its period.

    DefinitionError names what it lacks; RefusedError where it was not reviewed or `by` wrote any of
    it; StaleVersionError where somebody changed it since it was read.
    """
    row = locked_programme(programme, version=version)
    if row.state != ProgrammeState.REVIEWED:
        raise RefusedError(_("Only a reviewed programme can be released."))
    if has_written(programme=row, user=by):
        raise RefusedError(_("Whoever wrote a programme cannot also release it."))
    check_complete(row)
    row.state, row.released_by, row.released_at = ProgrammeState.RELEASED, by, now
    row.version += 1
    row.save(update_fields=["state", "released_by", "released_at", "version"])
    note_step(row, act=ProgrammeAct.RELEASE, by=by, now=now)
    return row
