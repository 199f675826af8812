"""A dossier goes on to a later step of its work, on somebody's desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Official, User
from dossiers.enums import Actor, Status
from dossiers.models import Dossier, Stage
from dossiers.selectors import hands_of, may_work
from dossiers.services.stages import enter, leave_stage
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError

_WORKERS = frozenset({Actor.CASE_OFFICER, Actor.HEAD_OF_UNIT})


@transaction.atomic
def hand_on(
    *,
    dossier: Dossier,
    stage: Stage,
    to: Official | None,
    user: User,
    version: int,
    now: datetime,
) -> Dossier:
    """Let the dossier leave its step and enter a later one; return it as it then is.

    `to` is the colleague who does that step and has the dossier then; without one it stays with
    whom it is. StaleVersionError when somebody moved the dossier since; RefusedError when it is
    not being processed, is not the official's to move, or the colleague may not work on it.
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if row.version != version:
        raise StaleVersionError(_("This dossier was changed meanwhile. Please look at it again."))
    day = clock.civil_date(now)
    if not hands_of(dossier=row, user=user, day=day).here & _WORKERS:
        raise RefusedError(_("You may not take this step for this dossier."))
    if row.status != Status.PROCESSING:
        raise RefusedError(_("Only a dossier that is being processed goes on to a further step."))
    later = row.stages.filter(entered_at__isnull=True, pk=stage.pk)
    if not later.exists():
        raise RefusedError(_("The dossier was in this step already."))
    if to is not None and not may_work(official=to, dossier=row, day=day):
        raise RefusedError(
            _("This colleague may not work on the dossier: not of this agency, or family.")
        )
    leave_stage(dossier=row, now=now)
    row.assignee = to or row.assignee
    enter(stage=later.get(), official=row.assignee, now=now)
    row.version += 1
    row.save(update_fields=["assignee", "version"])
    return row
