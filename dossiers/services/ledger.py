"""The two append-only ledgers of a dossier: its steps and its clock."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from citizens.enums import UserKind
from citizens.models import Citizen, Official, User
from citizens.selectors import calendar_history
from dossiers import sla
from dossiers.enums import Action, Actor, ClockEffect, ClockEventKind, Status
from dossiers.models import ClockEvent, Delegation, Dossier, DossierEvent, EventFeed
from dossiers.selectors import clock_of, limit_for
from dossiers.services.note_for_partners import note_dates, note_step
from dossiers.services.stages import put_off_stage
from portal.common import clock


def write_step(
    *,
    dossier: Dossier,
    action: Action,
    before: Status | None,
    actor: Actor,
    user: User | None,
    citizen: Citizen | None = None,
    note: str = "",
    delegation: Delegation | None = None,
    cover_for: Official | None = None,
    now: datetime,
) -> DossierEvent:
    """Write the step that brought the dossier to its present status, and the news of it."""
    is_official = user is not None and user.kind == UserKind.OFFICIAL
    event = DossierEvent.objects.create(
        dossier=dossier,
        action=action,
        status_before=before,
        status_after=dossier.status,
        actor_role=actor,
        official=user if is_official else None,
        citizen=citizen if user is None or is_official else user.citizen,
        note=note,
        delegation=delegation,
        cover_for=cover_for,
        happened_at=now,
    )
    EventFeed.objects.create(event=event)
    note_step(dossier=dossier, event=event)
    return event


def write_clock(
    *, dossier: Dossier, effect: ClockEffect, reason: str, now: datetime, days: int | None = None
) -> None:
    """Write what a step does to the clock, and copy the outcome onto the (locked) dossier's row.

    `days` are the working days of an extension.
    """
    history = calendar_history()
    before = clock_of(dossier=dossier, calendars=history)
    kind = sla.entry_for(effect, before.state)
    if kind is None:
        return
    at = clock.civil_time(now)
    given = days if kind is ClockEventKind.EXTENSION else None
    after = sla.follow(before, sla.Entry(kind, at, given), limit_for(dossier=dossier), history)
    waited = _days(before, after)
    _write_entry(dossier, kind, now, after, waited if given is None else given, reason)
    if kind is ClockEventKind.RESUME and waited:
        put_off_stage(dossier=dossier, days=waited)
    if kind is ClockEventKind.START and after.started_on != at.date():
        late = _("Counted from %(day)s") % {"day": f"{after.started_on:%d/%m/%Y}"}
        _write_entry(dossier, ClockEventKind.CUT_OFF, now, after, None, late)
    _keep(dossier, after, now)


def write_calendar_change(
    *, dossier: Dossier, due_on: date, reason: str, now: datetime
) -> ClockEvent:
    """Write that a changed calendar moves the (locked) dossier's due date to `due_on`."""
    history = calendar_history()
    entry = sla.Entry(ClockEventKind.CALENDAR_CHANGE, clock.civil_time(now), due_on=due_on)
    before = clock_of(dossier=dossier, calendars=history)
    after = sla.follow(before, entry, limit_for(dossier=dossier), history)
    event = _write_entry(dossier, entry.kind, now, after, None, reason)
    note_dates(dossier=dossier, now=now)
    _keep(dossier, after, now)
    return event


def _days(before: sla.Clock, after: sla.Clock) -> int | None:
    """Return the working days that a wait took, when the entry closes one."""
    if before.paused_on is None:
        return None
    return after.paused_days - before.paused_days + after.synced_days - before.synced_days


def _keep(dossier: Dossier, after: sla.Clock, now: datetime) -> None:
    """Copy what the ledger now says onto the dossier's row."""
    dossier.clock_started_on, dossier.due_on = after.started_on, after.due_on
    is_waiting = after.state is sla.ClockState.WAITING
    dossier.system_wait_since = (dossier.system_wait_since or now) if is_waiting else None


def _write_entry(
    dossier: Dossier,
    kind: ClockEventKind,
    now: datetime,
    after: sla.Clock,
    days: int | None,
    reason: str,
) -> ClockEvent:
    return ClockEvent.objects.create(
        dossier=dossier, kind=kind, happened_at=now, days=days, due_on=after.due_on, reason=reason
    )
