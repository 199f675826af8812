"""Reads about offices and the calendar: who is competent, and on which days work is done."""

from __future__ import annotations

from datetime import date

from citizens.models import Agency, Holiday, Unit
from portal.common.calendar import WorkingCalendar
from portal.common.errors import PortalError


class AgencyMissingError(PortalError):
    """No office of that kind serves the unit: agencies are not loaded, or it closed."""


def competent_agency(*, kind: str, unit: Unit, day: date) -> Agency:
    """Return the office of `kind` in `unit` on `day`, else of the nearest unit above it.

    AgencyMissingError when none serves the unit. At most three look-ups: the tree has three levels.
    """
    place: Unit | None = unit
    while place is not None:
        found = Agency.objects.filter(kind=kind, unit=place, valid__contains=day).first()
        if found is not None:
            return found
        place = place.parent
    raise AgencyMissingError(f"No office of kind {kind} serves {unit.name_vi} on {day:%d/%m/%Y}.")


def working_calendar() -> WorkingCalendar:
    """Return the working calendar as officials see and correct it (one query)."""
    rows = Holiday.objects.values_list("day", "is_working")
    working = frozenset(day for day, is_working in rows if is_working)
    off = frozenset(day for day, is_working in rows if not is_working)
    return WorkingCalendar(days_off=off, working_days=working)
