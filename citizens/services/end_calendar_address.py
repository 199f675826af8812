"""Switch a person's secret calendar address off."""

from __future__ import annotations

from citizens.models import CalendarAddress, Citizen


def end_calendar_address(*, citizen: Citizen) -> bool:
    """Let the address open nothing from now on; return whether there was one."""
    count, _rows = CalendarAddress.objects.filter(citizen=citizen).delete()
    return count > 0
