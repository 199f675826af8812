"""Write the next stage of a service down; those before stay."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citizens.enums import UnitKind
from citizens.models import Agency, User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.integration.enums import Stage
from portal.reporting.integration.models import LONGEST_NOTE, ServiceStage
from procedures.models import Procedure

_LAST_YEARS = 10  # a plan further away, or a beginning longer ago, is a slip of the key


def owners(*, day: date) -> QuerySet[Agency]:
    """Return the departments that may own a service: the province's agencies on `day`."""
    found: QuerySet[Agency] = Agency.objects.filter(
        valid__contains=day, unit__kind=UnitKind.PROVINCE
    )
    return found.order_by("name_vi", "pk")


@transaction.atomic
def set_stage(
    *,
    procedure: Procedure,
    stage: str,
    effective_on: date | None,
    owner: str,
    user: User,
    note: str,
    seen: int,
    now: datetime,
) -> ServiceStage:
    """Write a stage; `owner` is the code of a department, `seen` the key of the newest stage shown.

    A plan names a day from today on; pilot and live a day that has come. RefusedError for anything
    else, StaleVersionError where a colleague wrote one meanwhile. Whoever calls asks for the role.
    """
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    newest = ServiceStage.objects.filter(procedure=procedure).first()
    if (newest.pk if newest else 0) != seen:
        raise StaleVersionError(_("A colleague changed this meanwhile. Please look again."))
    today = clock.civil_date(now)
    agency = owners(day=today).filter(code=owner).first()
    problems = [*_problems(stage, effective_on, note, today)]
    if agency is None:
        problems.append(_("Please choose the department that answers for the service."))
    if problems or agency is None or effective_on is None:
        raise RefusedError(*problems)
    return ServiceStage.objects.create(
        procedure=procedure,
        stage=stage,
        effective_on=effective_on,
        owner=agency,
        written_by=user,
        at=now,
        note=note.strip(),
    )


def _problems(stage: str, effective_on: date | None, note: str, today: date) -> list[str]:
    found = []
    if stage not in tuple(Stage):
        found.append(_("Please choose planned, pilot or live."))
    if effective_on is None or abs(effective_on.year - today.year) > _LAST_YEARS:
        found.append(_("Please name a day."))
    elif stage == Stage.PLANNED and effective_on < today:
        found.append(_("A plan names a day from today on."))
    elif stage in (Stage.PILOT, Stage.LIVE) and effective_on > today:
        found.append(_("What has begun has a day that has come; for a later day it is planned."))
    if len(note.strip()) > LONGEST_NOTE:
        found.append(_("The note has at most %(most)d letters.") % {"most": LONGEST_NOTE})
    return found
