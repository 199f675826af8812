"""Who is late, by how much, as counted and as corrected, and what the unit says about why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from citizens.models import Agency
from citizens.selectors import calendar_history
from dossiers import sla
from dossiers.enums import ClockEventKind, DelayKind, DisputeState
from dossiers.models import ClockEvent, Dossier
from dossiers.selectors.clocks import clock_of
from portal.common import clock
from portal.common.calendar import CalendarHistory

# What a unit may state; waiting for the citizen is in the ledger and is no lateness.
STATED_KINDS = (DelayKind.INSIDE, DelayKind.OTHER_AGENCY, DelayKind.SYSTEM)


@dataclass(frozen=True)
class Standing:
    """A dossier's clock on a day: late raw and corrected, where the time went, why it was late.

    `causes` are working days by cause as stated last, `unstated` those that nobody explained: all
    of them together are the raw days late.
    """

    dossier: Dossier
    clock: sla.Clock
    late: sla.Lateness
    spent: sla.TimeSpent
    causes: Mapping[DelayKind, int]
    unstated: int


@dataclass(frozen=True)
class AgencyLateness:
    """The late dossiers of an agency together, as counted and as corrected."""

    agency: Agency
    raw_count: int
    raw_days: int
    corrected_count: int
    corrected_days: int
    disputed_count: int


def standing_clock_of(
    *, dossier: Dossier, day: date, history: CalendarHistory | None = None
) -> Standing:
    """Return how the dossier stands on `day`."""
    history = history or calendar_history()
    calendar = history.latest
    replayed = clock_of(dossier=dossier, calendars=history)
    upheld = [one for one in dossier.disputes.all() if one.state == DisputeState.UPHELD]
    late = sla.lateness(
        replayed, day, calendar, excused_days=sum(one.excused_days for one in upheld)
    )
    causes = _in_force(dossier, late.raw)
    spent = sla.time_spent(replayed, day, calendar)
    unstated = late.raw - sum(causes.values())
    return Standing(dossier, replayed, late, spent, causes, unstated)


def late_dossiers(*, dossiers: QuerySet[Dossier], day: date, since: date) -> list[Standing]:
    """Return those of `dossiers` that are late on `day` or ended late after `since`, latest first.

    The database leaves out what cannot be late; the ledger of each of the rest is replayed.
    """
    extended = ClockEvent.objects.filter(dossier=OuterRef("pk"), kind=ClockEventKind.EXTENSION)
    may_be = Q(finished_at=None, due_on__lt=day) | Q(finished_at__date__gt=F("due_on"))
    rows = (
        dossiers.filter(may_be | Exists(extended))
        .filter(Q(finished_at=None) | Q(finished_at__date__gte=since))
        .select_related("procedure_version", "competent", "assignee__user")
        .prefetch_related("clock_events", "disputes", "delay_causes")
        .defer("form_enc")
    )
    history = calendar_history()
    found = [standing_clock_of(dossier=row, day=day, history=history) for row in rows]
    late = [one for one in found if one.late.raw]
    return sorted(late, key=lambda one: (-one.late.raw, one.dossier.code))


def by_agency(rows: Iterable[Standing]) -> list[AgencyLateness]:
    """Return the sums of late dossiers by the agency that decides, most days first."""
    grouped: dict[Agency, list[Standing]] = {}
    for row in rows:
        grouped.setdefault(row.dossier.competent, []).append(row)
    sums = [
        AgencyLateness(
            agency=agency,
            raw_count=len(mine),
            raw_days=sum(one.late.raw for one in mine),
            corrected_count=sum(one.late.corrected > 0 for one in mine),
            corrected_days=sum(one.late.corrected for one in mine),
            disputed_count=sum(bool(open_dispute(one.dossier)) for one in mine),
        )
        for agency, mine in grouped.items()
    ]
    return sorted(sums, key=lambda one: (-one.raw_days, one.agency.name_vi))


def open_dispute(dossier: Dossier) -> bool:
    """Return whether a dispute of the dossier waits for its decision."""
    return any(one.state == DisputeState.OPEN for one in dossier.disputes.all())


def derived_causes(
    *, dossier: Dossier, late_days: int, history: CalendarHistory | None = None
) -> dict[DelayKind, int]:
    """Return what the tables already tell of a lateness, to be confirmed by an official.

    Working days after the due date in which a step lay with another agency are that agency's; the
    rest is the office's own until somebody says otherwise.
    """
    due_on = dossier.due_on
    elsewhere = 0
    if due_on is not None:
        calendar = (history or calendar_history()).latest
        for step in dossier.stages.all():
            if step.agency_id == dossier.competent_id or step.entered_at is None:
                continue
            first = max(due_on, clock.civil_date(step.entered_at))
            last = due_on + timedelta(days=2 * late_days + 30)
            if step.left_at is not None:
                last = clock.civil_date(step.left_at)
            elsewhere += calendar.working_days_between(first, last)
    elsewhere = min(elsewhere, late_days)
    causes = {DelayKind.OTHER_AGENCY: elsewhere, DelayKind.INSIDE: late_days - elsewhere}
    return {kind: days for kind, days in causes.items() if days}


def _in_force(dossier: Dossier, late_days: int) -> dict[DelayKind, int]:
    """Return the causes as stated last; days stated beyond the lateness there is are left out."""
    rows = list(dossier.delay_causes.all())
    if not rows:
        return {}
    last = max(row.happened_at for row in rows)
    stated: Counter[DelayKind] = Counter()
    for row in rows:
        if row.happened_at == last:
            room = late_days - stated.total()
            stated[DelayKind(row.kind)] += min(row.days, room)
    return {kind: days for kind, days in stated.items() if days > 0}
