"""Reads about offices and the calendar: who is competent, and on which days work is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import itemgetter

from django.db.models import BigIntegerField, Case, DateTimeField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from citizens.models import Agency, CalendarChange, Holiday, Party, Register, Unit
from portal.common.calendar import CalendarHistory, DayChange, WorkingCalendar
from portal.common.errors import PortalError
from portal.common.sql import ask_together

# Who takes up what the steward of a register cannot: the commune, then the city.
STAND_INS = ("ubnd_xa", "ubnd_tinh")


class AgencyMissingError(PortalError):
    """No office of that kind serves the unit: agencies are not loaded, or it closed."""


def competent_agency(*, kind: str, unit: Unit, day: date) -> Agency:
    """Return the office of `kind` in `unit` on `day`, else of the nearest unit above it.

    AgencyMissingError when none serves the unit. One query: the tree has three levels.
    """
    found = _nearest(kind, unit, day).first()
    if found is not None:
        return found
    raise AgencyMissingError(f"No office of kind {kind} serves {unit.name_vi} on {day:%d/%m/%Y}.")


def _nearest(kind: str, unit: Unit, day: date) -> QuerySet[Agency]:
    """Return the office of `kind` that serves `unit` on `day`, or nothing."""
    agencies = Agency.objects.filter(kind=kind, valid__contains=day)
    above = Unit.objects.filter(children=unit).values("parent")
    near = [Q(unit=unit), Q(unit=unit.parent_id), Q(unit__in=above)]
    distance = Case(*(When(one, then=number) for number, one in enumerate(near)))
    return agencies.filter(near[0] | near[1] | near[2]).order_by(distance, "code")[:1]


def working_calendar() -> WorkingCalendar:
    """Return the working calendar as officials see and correct it (one query)."""
    return _calendar(_days())


def office_and_calendar(
    *, kind: str, unit: Unit | None, day: date
) -> tuple[Agency | None, WorkingCalendar]:
    """Return `competent_agency`, None where none serves the unit, and `working_calendar`.

    One query for both: a page that says who decides says by when, too.
    """
    offices = Agency.objects.none() if unit is None else _nearest(kind, unit, day)
    days = _days()
    ask_together(offices, days)
    return next(iter(offices), None), _calendar(days)


def _days() -> QuerySet[Holiday, tuple[date, bool]]:
    return Holiday.objects.values_list("day", "is_working")


def _calendar(rows: Iterable[tuple[date, bool | None]]) -> WorkingCalendar:
    days = list(rows)
    working = frozenset(day for day, is_working in days if is_working)
    off = frozenset(day for day, is_working in days if not is_working)
    return WorkingCalendar(days_off=off, working_days=working)


def calendar_history() -> CalendarHistory:
    """Return the working calendar with all its changes, so that it is known for any instant.

    One query: days as they are have no instant, changes come latest first.
    """
    never = Value(None, DateTimeField())
    days = Holiday.objects.order_by().values_list("day", "is_working", never, Value(0))
    changes = CalendarChange.objects.order_by()
    undone = changes.values_list("day", "was_working", "changed_at", "pk")
    rows = list(days.union(undone, all=True))
    changed = [row for row in rows if row[2] is not None]
    changed.sort(key=itemgetter(2, 3), reverse=True)
    return CalendarHistory(
        latest=_calendar((day, is_working) for day, is_working, at, _key in rows if at is None),
        changes=tuple(DayChange(at, day, was) for day, was, at, _key in changed),
    )


def steward_of(*, register: Register, unit: Unit, day: date) -> Agency:
    """Return the office that settles on `day` what is in doubt about somebody of `unit`.

    It is the register's steward; where none serves the unit, the unit's own People's Committee,
    else the city's, so that no case is without an owner. AgencyMissingError when there is no office
    at all.
    """
    for kind in filter(None, (register.steward_kind_id, *STAND_INS)):
        try:
            return competent_agency(kind=kind, unit=unit, day=day)
        except AgencyMissingError:
            continue
    city = Agency.objects.filter(kind=STAND_INS[-1], valid__contains=day).first()
    if city is None:
        raise AgencyMissingError(f"No office answers for {register.code} in {unit.name_vi}.")
    return city


def unit_of(*, party: Party) -> Unit:
    """Return where a person, an organisation or a household is registered, with what is above it.

    Unit.DoesNotExist for a party without a record of its kind.
    """
    unit = Coalesce(
        "citizen__unit", "organisation__unit", "household__unit", output_field=BigIntegerField()
    )
    place = Party.objects.filter(pk=party.pk).annotate(place=unit).values_list("place", flat=True)
    return Unit.objects.select_related("parent__parent").get(pk=place.get())


def line_of(unit: Unit) -> list[int]:
    """Return the keys of the unit and of those above it (three levels at most)."""
    line: list[int] = []
    place: Unit | None = unit
    while place is not None:
        line.append(place.pk)
        place = place.parent
    return line
