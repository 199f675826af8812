"""Write the next stage of a service, or of many, down; those before stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from citizens.enums import UnitKind
from citizens.models import Agency, User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.integration.enums import Stage
from portal.reporting.integration.models import LONGEST_NOTE, ServiceStage
from procedures.models import Procedure

MOST_AT_ONCE = 100
_LAST_YEARS = 10  # a plan further away, or a beginning longer ago, is a slip of the key


def owners(*, day: date) -> QuerySet[Agency]:
    """Return the departments that may own a service: the province's agencies on `day`."""
    found: QuerySet[Agency] = Agency.objects.filter(
        valid__contains=day, unit__kind=UnitKind.PROVINCE
    )
    return found.order_by("name_vi", "pk")


@dataclass(frozen=True)
class Step:
    """A stage to be written; `owner` is the code of a department."""

    stage: str
    effective_on: date | None
    owner: str
    note: str = ""


@dataclass(frozen=True)
class Written:
    """For how many services it was written, and for how many a colleague did meanwhile."""

    count: int
    left: int


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
    step = Step(stage, effective_on, owner, note)
    agency, day = checked(step, now=now)
    row = ServiceStage(procedure=procedure, **_facts(step, agency, day, user, now))
    row.save()
    return row


@transaction.atomic
def set_stages(*, seen: Mapping[int, int], step: Step, user: User, now: datetime) -> Written:
    """Write one stage for many services, each by its key with the key of its newest stage shown.

    A service for which a colleague wrote one meanwhile keeps that. RefusedError as `set_stage`,
    and for none or more than `MOST_AT_ONCE`; then nothing is written.
    """
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise RefusedError(_("Please choose from 1 to %(most)d services.") % {"most": MOST_AT_ONCE})
    agency, day = checked(step, now=now)
    held = list(Procedure.objects.filter(pk__in=seen).order_by("pk").select_for_update())
    newest: dict[int, int] = dict(
        ServiceStage.objects.filter(procedure__in=held)
        .order_by()
        .values_list("procedure")
        .annotate(newest=Max("pk"))
    )
    same = [one for one in held if newest.get(one.pk, 0) == seen[one.pk]]
    facts = _facts(step, agency, day, user, now)
    ServiceStage.objects.bulk_create(ServiceStage(procedure=one, **facts) for one in same)
    return Written(len(same), len(seen) - len(same))


def checked(step: Step, *, now: datetime) -> tuple[Agency, date]:
    """Return the department and the day of a step; RefusedError says what no stage can be."""
    today = clock.civil_date(now)
    agency = owners(day=today).filter(code=step.owner).first()
    problems = [*_problems(step.stage, step.effective_on, step.note, today)]
    if agency is None:
        problems.append(_("Please choose the department that answers for the service."))
    if problems or agency is None or step.effective_on is None:
        raise RefusedError(*problems)
    return agency, step.effective_on


def _facts(step: Step, agency: Agency, day: date, user: User, now: datetime) -> dict[str, Any]:
    return {
        "stage": step.stage,
        "effective_on": day,
        "owner": agency,
        "written_by": user,
        "at": now,
        "note": step.note.strip(),
    }


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
