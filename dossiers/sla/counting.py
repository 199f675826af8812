"""From receipt to due date: which day is day 0, and which day is the last one in time.

Instants are aware and read on a clock in Viet Nam (what `clock.civil_time` returns); days are civil
dates. domain.md 1.5: the start day is day 0; working days skip weekends and holidays and count
make-up Saturdays. A calendar-day limit that ends on a rest day ends on the next working day (Bộ
luật Dân sự 91/2015/QH13, art. 148.5). What comes in on a rest day, or after the cut-off of a
same-day procedure, counts from the next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.common.calendar import WorkingCalendar
from procedures.enums import TimeUnit

# domain.md 1.5, unverified: the usual hours; an office may keep others.
OFFICE_HOURS = (time(7, 30), time(17))


@dataclass(frozen=True)
class Limit:
    """How long a procedure may take; `days` None where the catalogue names no time.

    `cutoff` is the hour after which a same-day dossier counts as received on the next working day;
    `latest_on` a date by which it must be decided whatever the count says (an expiring licence).
    """

    days: int | None
    unit: TimeUnit
    cutoff: time | None = None
    latest_on: date | None = None


def start_day(received_at: datetime, limit: Limit, calendar: WorkingCalendar) -> date:
    """Return day 0: the day of receipt, or the next working day after a rest day or the cut-off."""
    day = received_at.date()
    if not calendar.is_working(day):
        return calendar.next_working_day(day)
    # The minute of the cut-off still counts: a slip that says 15:00 must not mean "after 15:00".
    minute = received_at.time().replace(second=0, microsecond=0)
    if limit.cutoff is not None and minute > limit.cutoff:
        return calendar.next_working_day(day)
    return day


def expected_receipt(
    submitted_at: datetime, calendar: WorkingCalendar, hours: tuple[time, time] = OFFICE_HOURS
) -> datetime:
    """Return when an office will see what is submitted now: at once, or when it opens next."""
    opens, closes = hours
    day, hour = submitted_at.date(), submitted_at.timetz().replace(tzinfo=None)
    if not calendar.is_working(day) or hour > closes:
        day = calendar.next_working_day(day)
    elif hour >= opens:
        return submitted_at
    return datetime.combine(day, opens, submitted_at.tzinfo)


def due_date(received_at: datetime, limit: Limit, calendar: WorkingCalendar) -> date | None:
    """Return the last day in time for what came in at `received_at`; None without a fixed time."""
    if limit.days is None or limit.unit is TimeUnit.CALENDAR_CAMPAIGN:
        return None
    start = start_day(received_at, limit, calendar)
    if limit.unit is TimeUnit.CALENDAR_DAY:
        due = calendar.first_working_day(start + timedelta(days=limit.days))
    else:
        due = calendar.add_working_days(start, limit.days)
    return due if limit.latest_on is None else max(start, min(due, limit.latest_on))
