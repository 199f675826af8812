"""The one place that asks for the time.

Instants are aware datetimes in UTC; civil dates are those of Asia/Ho_Chi_Minh, where the law's days
begin and end. The application's clock decides: SQL is given dates, never asked for them.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

CIVIL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Return the present civil date in Viet Nam, whatever zone the process or visitor is in."""
    return civil_date(now())


def civil_date(instant: datetime) -> date:
    """Return the date in Viet Nam at an aware instant; ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("A naive datetime has no civil date.")
    return instant.astimezone(CIVIL_ZONE).date()


def civil_time(instant: datetime) -> datetime:
    """Return the same instant on a clock in Viet Nam."""
    return instant.astimezone(CIVIL_ZONE)
