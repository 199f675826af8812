"""Which civil dates a rule looks at on a day. Pure: plain values in, plain values out."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from procedures.definition import RuleDefinition
from procedures.definition.period import Period
from procedures.enums import TriggerKind, WindowShape

# Dates that registers write where they mean "unknown" or "never" (F25): no fact is due on them.
SENTINELS = (
    date(1, 1, 1),
    date(1753, 1, 1),
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(1970, 1, 1),
    date(2049, 12, 31),
    date(2079, 6, 6),
    date(2099, 12, 31),
    date(2100, 1, 1),
    date(2999, 12, 31),
    date(9999, 12, 31),
)
# Nobody was born on these: the same list without days on which people of today may have been born.
BIRTH_SENTINELS = tuple(day for day in SENTINELS if day.year not in {1970})


@dataclass(frozen=True, slots=True)
class DueWindow:
    """Facts due on `first` … `last`, both included, are the rule's business on that day.

    Where one date is cut, only those with anchors behind `after` and not behind `up_to`.
    """

    first: date
    last: date
    after: int | None = None
    up_to: int | None = None


def due_window(rule: RuleDefinition, day: date) -> DueWindow:
    """Return the due dates that a rule opens suggestions for on the civil date `day`.

    It ends `open_days_before` ahead. It begins where filing ceases to help: `grace_days` after the
    last day on which a dossier may be filed in time, so that days on which no scan ran are made up.
    """
    first = day + timedelta(days=last_days_before(rule))
    return DueWindow(first, day + timedelta(days=rule.open_days_before))


def last_days_before(rule: RuleDefinition) -> int:
    """Return how many days before the due date a suggestion ends to be useful; negative is after.

    A rule "no later than N days before" (medical licence 60, veterinary certificate 30) ends there,
    the others on the due date; `grace_days` come on top.
    """
    is_early = rule.window.shape == WindowShape.NO_LATER_THAN
    return (rule.window.days or 0) * is_early - rule.grace_days


@dataclass(frozen=True, slots=True)
class Campaign:
    """A yearly campaign of a rule: its year and its period, both ends included."""

    year: int
    first: date
    last: date
    is_due: bool


def campaign_in(rule: RuleDefinition, due: DueWindow) -> Campaign:
    """Return the first campaign whose last day is not before `due`, and whether it lies in it.

    A window holds one at most (`RuleDefinition`).
    """
    period = Period.parse(str(rule.period))
    year = due.first.year - 1
    while period.last_day(year) < due.first:
        year += 1
    last = period.last_day(year)
    return Campaign(year, period.first_day(year), last, last <= due.last)


def opens_at_once_on(rule: RuleDefinition, due: DueWindow) -> date:
    """Return the latest day on which all that is in the window may have opened together.

    Of a campaign that is the day on which it opens; of other rules there is none: `date.min`.
    """
    if rule.kind != TriggerKind.CALENDAR:
        return date.min
    return campaign_in(rule, due).last - timedelta(days=rule.open_days_before)


def birth_window(age: int, due: DueWindow) -> DueWindow:
    """Return the birth dates of those whose birthday number `age` lies in `due`.

    Who was born on 29 February has the birthday on 28 February where that year has no 29th, as
    PostgreSQL counts (and Bộ luật Dân sự 2015, Điều 148, for periods of years).
    """
    return DueWindow(_first_birth(due.first, age), _last_birth(due.last, age))


def _first_birth(birthday: date, age: int) -> date:
    if _is_leap_day(birthday) and not calendar.isleap(birthday.year - age):
        return date(birthday.year - age, 3, 1)
    return birthday.replace(year=birthday.year - age)


def _last_birth(birthday: date, age: int) -> date:
    year = birthday.year - age
    if (birthday.month, birthday.day) < (2, 28) or (birthday.month, birthday.day) > (2, 29):
        return birthday.replace(year=year)
    # On the last day of February every birth up to that month's end has its birthday.
    is_last = birthday.day == 29 or not calendar.isleap(birthday.year)
    return date(year, 2, 29 if is_last and calendar.isleap(year) else 28)


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)
