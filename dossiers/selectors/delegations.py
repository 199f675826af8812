"""Delegations of signature as their desk tells them: what was signed, and the days it saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from citizens.selectors import working_calendar
from dossiers.enums import Action, Status
from dossiers.models import Delegation, DossierEvent
from portal.common import clock
from portal.common.calendar import WorkingCalendar

_SIGNED = (Action.APPROVE, Action.STOP)
_COMPARED_DAYS, _FEWEST = 180, 5


@dataclass(frozen=True)
class Saved:
    """What a delegation brought: decisions signed, and working days saved in all approvals.

    `usual` is the holder's own median in working days, None where the due date was compared with.
    """

    signed_count: int
    days: int
    usual: float | None


def days_saved(*, delegation: Delegation) -> Saved:
    """Return how many working days earlier deputies' approvals came than they would have.

    For each approval that the delegation signed, the working days from the last beginning of
    processing to the decision are set against the holder's own median in the same field and agency
    in the 180 days before the delegation began. Where the holder signed fewer than five then, they
    are set against the due date. What came later than that counts as nought.
    """
    calendar = working_calendar()
    steps = DossierEvent.objects.filter(delegation=delegation, action__in=_SIGNED)
    approvals = list(steps.filter(action=Action.APPROVE).select_related("dossier"))
    usual = _usual(delegation, calendar)
    begun = _begun(event.dossier_id for event in approvals)
    saved = 0.0
    for event in approvals:
        decided = clock.civil_date(event.happened_at)
        took = calendar.working_days_between(begun.get(event.dossier_id, decided), decided)
        if usual is not None:
            saved += max(usual - took, 0)
        elif event.dossier.due_on is not None and event.dossier.due_on > decided:
            saved += calendar.working_days_between(decided, event.dossier.due_on)
    return Saved(steps.count(), int(saved), usual)


def _usual(delegation: Delegation, calendar: WorkingCalendar) -> float | None:
    """Return the holder's own median in working days, None when there is too little to tell."""
    until = delegation.valid.lower
    if until is None:
        return None
    own = DossierEvent.objects.filter(
        action=Action.APPROVE,
        official=delegation.holder_id,
        delegation__isnull=True,
        dossier__competent=delegation.agency_id,
        happened_at__lt=_midnight(until),
        happened_at__gte=_midnight(until - timedelta(days=_COMPARED_DAYS)),
    )
    if delegation.domain_vi:
        field = {"dossier__procedure_version__definition__domain_vi": delegation.domain_vi}
        own = own.filter(**field)
    decisions = {key: clock.civil_date(at) for key, at in own.values_list("dossier", "happened_at")}
    begun = _begun(decisions)
    took = [
        calendar.working_days_between(begun[key], decided)
        for key, decided in decisions.items()
        if key in begun
    ]
    return median(took) if len(took) >= _FEWEST else None


def _begun(dossiers: Iterable[int]) -> dict[int, date]:
    """Return the civil date on which each dossier last came into processing."""
    into = DossierEvent.objects.filter(
        dossier__in=list(dossiers), status_after=Status.PROCESSING
    ).exclude(status_before=Status.PROCESSING)
    ordered = into.order_by("pk").values_list("dossier", "happened_at")
    return {key: clock.civil_date(at) for key, at in ordered}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CIVIL_ZONE)
