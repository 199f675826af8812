"""What the tests of the clock share: the calendar of 2026, limits, and short ways to write days."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dossiers.sla import Limit
from portal.common.calendar import WorkingCalendar
from procedures.enums import TimeUnit

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

_OFF = ["01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "04-27", "04-30", "05-01"]
_OFF += ["08-31", "09-01", "09-02"]
YEAR_2026 = WorkingCalendar(
    days_off=frozenset(date.fromisoformat(f"2026-{day}") for day in _OFF),
    working_days=frozenset({date(2026, 1, 10), date(2026, 8, 22)}),
)

SAME_DAY = Limit(0, TimeUnit.SAME_DAY, cutoff=time(15))
HOUSE = Limit(15, TimeUnit.CALENDAR_DAY)
CAMPAIGN = Limit(None, TimeUnit.CALENDAR_CAMPAIGN)


def working(days: int) -> Limit:
    """Return a limit of so many working days."""
    return Limit(days, TimeUnit.WORKING_DAY)


def at(text: str) -> datetime:
    """Return an instant in Viet Nam from ``YYYY-MM-DD[ HH:MM]``, 09:00 unless told."""
    return datetime.fromisoformat(text if " " in text else f"{text} 09:00").replace(tzinfo=VIET_NAM)


def day(text: str) -> date:
    """Return a civil date."""
    return date.fromisoformat(text)
