"""The steps of the work on one dossier: whose desk, since when, until when, and who is next.

They are made from the procedure's own steps: reception first, the way to the competent agency where
another unit's office received it, the steps that the catalogue names, the decision last. Their
limits are the house's own and never move the citizen's clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db.models import Max, QuerySet

from citizens.models import Agency, Official
from citizens.selectors import working_calendar
from dossiers import sla
from dossiers.models import Dossier, DossierEvent, Stage
from dossiers.selectors import definition_of, holder_of
from portal.common import clock
from procedures.definition import Limit
from procedures.enums import TimeUnit

RECEPTION, ON_THE_WAY = "Tiếp nhận hồ sơ", "Chuyển hồ sơ đến cơ quan giải quyết"
APPRAISAL, DECISION = "Thẩm định hồ sơ", "Ký duyệt kết quả"
# What comes in later is passed on with the next morning (domain.md 1.5: pass on the same day).
_PASSED_ON_UNTIL = time(15)


def open_reception(*, dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Note who received the dossier where, and begin its way to the agency that decides."""
    office = dossier.received_at or dossier.competent
    if dossier.stages.exists():
        return
    Stage.objects.create(
        dossier=dossier,
        position=0,
        name_vi=RECEPTION,
        agency=office,
        official=_official_of(event),
        entered_at=dossier.submitted_at,
        due_on=_on_the_day(dossier.submitted_at),
        left_at=now,
    )
    if holder_of(dossier=dossier) != dossier.competent:
        Stage.objects.create(
            dossier=dossier,
            position=1,
            name_vi=ON_THE_WAY,
            agency=office,
            official=_official_of(event),
            limit_days=0,
            entered_at=now,
            due_on=_on_the_day(now),
        )


def open_work(*, dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Make the steps of the work when processing begins, and enter the first of them.

    Processing that goes on after papers or a payment goes on in the step where it was.
    """
    work = dossier.stages.filter(left_at__isnull=True).exclude(name_vi=ON_THE_WAY)
    if work.exists():
        return
    leave_stage(dossier=dossier, now=now)
    last = dossier.stages.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    for position, limit in enumerate(_limits_of(dossier), start=first):
        Stage.objects.create(
            dossier=dossier,
            position=position,
            name_vi=limit.label_vi[:200],
            agency=dossier.competent,
            limit_days=limit.days,
            limit_unit=limit.unit,
        )
    enter(stage=dossier.stages.get(position=first), official=_official_of(event), now=now)


def enter(*, stage: Stage, official: Official | None, now: datetime) -> None:
    """Let the dossier come into a step; its limit runs from now.

    A step of a same-day procedure is not due before the dossier, which came in after the cut-off.
    """
    stage.entered_at, stage.official = now, official
    if stage.limit_days is not None:
        limit = sla.Limit(stage.limit_days, TimeUnit(stage.limit_unit))
        stage.due_on = sla.due_date(clock.civil_time(now), limit, working_calendar())
        dossier = stage.dossier
        if definition_of(dossier=dossier).processing.unit == TimeUnit.SAME_DAY and dossier.due_on:
            stage.due_on = max(stage.due_on, dossier.due_on) if stage.due_on else dossier.due_on
    stage.save(update_fields=["entered_at", "official", "due_on"])


def leave_stage(*, dossier: Dossier, now: datetime) -> None:
    """Let the dossier leave the step that it is in, if it is in one."""
    _current(dossier.pk).update(left_at=now)


def close_work(*, dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Note that the dossier was decided: by whom its last step was done, whatever was passed over.

    Who decides from an earlier step has done the decision; steps in between stay without a date.
    """
    leave_stage(dossier=dossier, now=now)
    decision = dossier.stages.filter(name_vi=DECISION, entered_at__isnull=True).last()
    if decision is not None:
        decision.entered_at, decision.left_at = now, now
        decision.official = _official_of(event)
        decision.save(update_fields=["entered_at", "left_at", "official"])


def move_stage(*, dossier: Dossier, to: Official | None) -> None:
    """Let the step that the dossier is in follow it to another desk."""
    _current(dossier.pk).update(official=to)


def put_off_stage(*, dossier: Dossier, days: int) -> None:
    """Move the limit of the present step by the working days for which the clock stood still."""
    calendar = working_calendar()
    for stage in _current(dossier.pk).filter(due_on__isnull=False):
        stage.due_on = stage.due_on and calendar.add_working_days(stage.due_on, days)
        stage.save(update_fields=["due_on"])


def _current(dossier: int) -> QuerySet[Stage]:
    return Stage.objects.filter(dossier=dossier, entered_at__isnull=False, left_at__isnull=True)


def _limits_of(dossier: Dossier) -> Iterator[Limit]:
    """Yield the steps of the work: what the catalogue names, else an appraisal; the decision last.

    Without steps in the catalogue the whole limit but the last day is the appraisal's.
    """
    processing = definition_of(dossier=dossier).processing
    days, unit = processing.days, processing.unit
    counted = unit in (TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY)
    if processing.internal_steps:
        yield from processing.internal_steps
    elif counted and days is not None:
        yield Limit(APPRAISAL, max(days - 1, 0), unit)
    else:
        yield Limit(APPRAISAL, 0, TimeUnit.WORKING_DAY)
    yield Limit(DECISION, 1 if counted and days != 0 else 0, TimeUnit.WORKING_DAY)


def _on_the_day(at: datetime) -> date:
    """Return the last day for what is to be done on the day itself, or the next one when late."""
    limit = sla.Limit(0, TimeUnit.WORKING_DAY, _PASSED_ON_UNTIL)
    return sla.start_day(clock.civil_time(at), limit, working_calendar())


def _official_of(event: DossierEvent) -> Official | None:
    found: Official | None = getattr(event.official, "official", None)
    return found


def agency_of(event: DossierEvent) -> Agency | None:
    """Return the agency of the official who took a step; None for citizens and the system."""
    official = _official_of(event)
    return None if official is None else official.agency
