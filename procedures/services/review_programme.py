"""A second official has heard and read an audio programme and says that both agree."""

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
def review_programme(*, programme: Programme, version: int, by: User, now: datetime) -> Programme:
    """Mark a draft as reviewed; nobody hears it yet.

    DefinitionError names what it lacks; RefusedError where it is no draft or `by` wrote any of it;
    StaleVersionError where somebody changed it since it was read.
    """
    row = locked_programme(programme, version=version)
    if row.state != ProgrammeState.DRAFT:
        raise RefusedError(_("Only a draft can be reviewed."))
    if has_written(programme=row, user=by):
        raise RefusedError(_("Whoever wrote a programme cannot also review it."))
    check_complete(row)
    row.state, row.reviewed_by = ProgrammeState.REVIEWED, by
    row.version += 1
    row.save(update_fields=["state", "reviewed_by", "version"])
    note_step(row, act=ProgrammeAct.REVIEW, by=by, now=now)
    return row
