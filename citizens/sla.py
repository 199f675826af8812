"""The two clocks of a data-subject request: to be answered by, and to be carried out by.

Days are civil dates; the working calendar comes in. Limits: Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP
as domain.md section 7 gives them: an answer within 2 working days; access, copy and correction in
10 days, at most 20; restriction, objection and withdrawal in 15 days, in 20 where processors must
be told; one extension of at most 15 days.

Three readings are ours and unverified: both clocks count from receipt; what comes in on a rest day
counts from the next working day, which is day 0; days without "working" are calendar days, and a
last day that is a rest day moves to the next working day (Bộ luật Dân sự 91/2015/QH13, art. 148.5).

An incident of personal data is reported to the authority within 72 hours: NĐ 13/2023/NĐ-CP art. 23,
and Luật 91/2025/QH15 art. 23 (unverified). That they count from when it was found is our reading of
the law; hours run on rest days too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from citizens.enums import DataRequestKind
from portal.common.calendar import WorkingCalendar

ANSWER_WORKING_DAYS = 2
BREACH_LIMIT = timedelta(hours=72)
_SOON = timedelta(hours=24)
_HOUR = timedelta(hours=1)
_TO_KNOW = (DataRequestKind.ACCESS, DataRequestKind.COPY, DataRequestKind.CORRECT)
_TO_STOP = (DataRequestKind.RESTRICT, DataRequestKind.OBJECT, DataRequestKind.WITHDRAW)

ACT_DAYS: Mapping[DataRequestKind, int] = MappingProxyType(
    dict.fromkeys(_TO_KNOW, 10) | dict.fromkeys(_TO_STOP, 15)
)
# Only what must be stopped concerns those who process data for the agency.
ACT_DAYS_WITH_PROCESSORS: Mapping[DataRequestKind, int] = MappingProxyType(
    dict(ACT_DAYS) | dict.fromkeys(_TO_STOP, 20)
)
# "10 days (up to 20)" leaves 10 for the first three, whatever the general limit says.
LONGEST_EXTENSION: Mapping[DataRequestKind, int] = MappingProxyType(
    dict.fromkeys(_TO_KNOW, 10) | dict.fromkeys(_TO_STOP, 15)
)


def answer_due(received_on: date, calendar: WorkingCalendar) -> date:
    """Return the last day in time for saying yes or no."""
    return calendar.add_working_days(calendar.first_working_day(received_on), ANSWER_WORKING_DAYS)


def act_due(
    kind: DataRequestKind,
    received_on: date,
    calendar: WorkingCalendar,
    *,
    has_processors: bool = False,
) -> date:
    """Return the last day in time for having done what was asked."""
    limits = ACT_DAYS_WITH_PROCESSORS if has_processors else ACT_DAYS
    start = calendar.first_working_day(received_on)
    return calendar.first_working_day(start + timedelta(days=limits[kind]))


def extended(kind: DataRequestKind, act_due_on: date, days: int, calendar: WorkingCalendar) -> date:
    """Return the due date moved by `days` calendar days; ValueError where the law allows fewer."""
    longest = LONGEST_EXTENSION[kind]
    if not 1 <= days <= longest:
        raise ValueError(f"An extension is of 1 to {longest} days.")
    return calendar.first_working_day(act_due_on + timedelta(days=days))


@dataclass(frozen=True)
class BreachClock:
    """How an incident stands against its 72 hours; `hours` are whole ones, left or beyond.

    The clock ends with the report: what was late stays late.
    """

    due_at: datetime
    reported_at: datetime | None
    is_late: bool
    is_soon: bool
    hours: int


def breach_clock(found_at: datetime, reported_at: datetime | None, now: datetime) -> BreachClock:
    """Return the clock of an incident as it stands at `now`."""
    due_at = found_at + BREACH_LIMIT
    left = due_at - (reported_at or now)
    is_late = left < timedelta(0)
    is_soon = reported_at is None and not is_late and left <= _SOON
    return BreachClock(due_at, reported_at, is_late, is_soon, abs(left) // _HOUR)
