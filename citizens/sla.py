"""The two clocks of a data-subject request: to be answered by, and to be carried out by.

Days are civil dates; the working calendar comes in. Limits: Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP
as domain.md section 7 gives them: an answer within 2 working days; access, copy and correction in
10 days, at most 20; restriction, objection and withdrawal in 15 days, in 20 where processors must
be told; one extension of at most 15 days.

Three readings are ours and unverified: both clocks count from receipt; what comes in on a rest day
counts from the next working day, which is day 0; days without "working" are calendar days, and a
last day that is a rest day moves to the next working day (Bộ luật Dân sự 91/2015/QH13, art. 148.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from citizens.enums import DataRequestKind
from portal.common.calendar import WorkingCalendar

ANSWER_WORKING_DAYS = 2
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
