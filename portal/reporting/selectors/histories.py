"""What was counted, as the forecast reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from citizens.enums import UnitKind
from citizens.models import Unit
from dossiers.models import Dossier
from portal.common import clock
from portal.reporting.enums import CountKind
from portal.reporting.forecast.features import Exposure, exposure
from portal.reporting.forecast.history import History
from portal.reporting.forecast.training import Habits
from portal.reporting.forecast.weeks import WEEK, monday
from portal.reporting.models import WeekCount
from portal.reporting.selectors.series import DatedRule, Series

# Weeks before and after the due date in which people's filing is put down to it.
EARLIEST, LATEST = 26, 4
_ENOUGH_DOSSIERS = 100
PLACES = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)


def places(*, day: date) -> QuerySet[Unit]:
    """Return the communes, wards and special zones that exist on `day`."""
    return Unit.objects.valid_on(day).filter(kind__in=PLACES)


def history_of(series: Series, *, day: date, units: Sequence[int]) -> History:
    """Return all full weeks before `day` that were counted, zeros from the first one on.

    One series is as long as the longest of its kind, so that a thing that never happened in the
    first weeks is a zero there. Count first: a week that was not counted looks like nothing.
    """
    rows = WeekCount.objects.filter(kind=series.kind, week__lt=monday(day))
    first = rows.aggregate(first=Min("week"))["first"] or monday(day)
    mine = rows.filter(key=series.key).values_list("unit_id", "week", "count")
    return History.of(mine, units=units, first=first, last=monday(day) - WEEK)


def due_of(rule: DatedRule, *, day: date, units: Sequence[int]) -> History | None:
    """Return how many there are, and were, to act on a rule, by the week in which they are due.

    Past weeks and those ahead, that of `day` among them; None where nobody is. Who has filed since
    is still counted: they were to act.
    """
    rows = WeekCount.objects.filter(kind=CountKind.DUE, key=rule.key)
    ends = rows.aggregate(first=Min("week"), last=Max("week"))
    if ends["first"] is None:
        return None
    first, last = min(ends["first"], monday(day)), max(ends["last"], monday(day))
    found = rows.values_list("unit_id", "week", "most")
    return History.of(found, units=units, first=first, last=last)


def expected_by_dates(
    rule: DatedRule, habits: Habits, *, day: date, units: Sequence[int]
) -> Exposure:
    """Return how many dossiers the rule's known dates let expect each week, if everybody acts."""
    due = due_of(rule, day=day, units=units)
    if due is None:
        return Exposure(date.min, {})
    return exposure(due, habits.profile, habits.earliest)


def usual_habits(rule: DatedRule) -> Habits:
    """Return what is assumed where nobody's habits are known: evenly from the first invitation."""
    lead = rule.definition.lead_days[0] if rule.definition.lead_days else 0
    weeks = max(-(-lead // 7), 1)
    return Habits((1 / weeks,) * weeks, weeks - 1)


def habits_of(rule: DatedRule) -> Habits:
    """Return when people file, from the dossiers that the rule suggested.

    With fewer than 100 of them it is `usual_habits`.
    """
    filed_on = TruncDate("submitted_at", tzinfo=clock.CIVIL_ZONE)
    filed = Dossier.objects.filter(suggestion__rule=rule.version.rule_id).annotate(
        ahead=ExpressionWrapper(F("suggestion__due_on") - filed_on, output_field=DurationField())
    )
    counts = [0] * (EARLIEST + LATEST + 1)
    for ahead, found in filed.order_by().values_list("ahead").annotate(found=Count("*")):
        weeks = ahead // timedelta(days=7)
        if -LATEST <= weeks <= EARLIEST:
            counts[EARLIEST - weeks] += found
    total = sum(counts)
    if total < _ENOUGH_DOSSIERS:
        return usual_habits(rule)
    return Habits(tuple(count / total for count in counts), EARLIEST)
