"""Who does the work of a unit: its case officers, and what they can decide in a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from citizens.enums import Role, UnitKind, ZoneKind
from citizens.models import Official, Unit
from portal.reporting.enums import CountKind
from portal.reporting.forecast.capacity import A_YEAR, Busy, busy_weeks, week_capacity
from portal.reporting.selectors.outlook import Outlook, Part
from portal.reporting.selectors.series import dated_rules, event_series, other_series


@dataclass(frozen=True, slots=True)
class Office:
    """The offices of one unit together: how many case officers, and the measure of its zone."""

    unit: Unit
    officers: int

    @property
    def a_year(self) -> int:
        """How many dossiers one officer decides in a year here."""
        return A_YEAR[self.unit.zone]

    def capacities(self, weeks: Sequence[date]) -> list[float]:
        """Return how many dossiers all of them decide in each week."""
        zone = ZoneKind(self.unit.zone)
        return [week_capacity(officers=self.officers, zone=zone, week=week) for week in weeks]

    def busy(self, seen: Outlook) -> list[Busy]:
        """Return the runs of weeks in which more is to be done than can be decided."""
        if not self.officers or not seen.ahead:
            return []
        loads = [week.load for week in seen.ahead]
        weeks = [week.week for week in seen.ahead]
        return busy_weeks(weeks[0], loads, self.capacities(weeks))


def office_of(*, unit: Unit, day: date) -> Office:
    """Return the unit's case officers who are employed and stand confirmed on `day`.

    Those of agencies in the unit itself: the communes below a province have their own.
    """
    officers = Official.objects.filter(
        agency__unit=unit,
        employed__contains=day,
        grants__role=Role.CASE_OFFICER,
        grants__valid__contains=day,
        grants__confirmed_by__isnull=False,
    )
    return Office(unit, officers.distinct().count())


def work_of(*, unit: Unit, day: date) -> list[Part]:
    """Return all kinds of work that are decided in the unit itself.

    What the law gives to the province's offices is theirs, for all communes together.
    """
    is_central = unit.kind == UnitKind.PROVINCE
    parts = [
        Part(rule.series(CountKind.FILED), rule)
        for rule in dated_rules(day=day)
        if rule.is_central == is_central
    ]
    parts += [Part(one) for one in event_series(day=day) if one.is_central == is_central]
    return [*parts, Part(other_series())]
