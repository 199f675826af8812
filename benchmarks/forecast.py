"""Counting a year and a half ahead by unit and week; and levelling the invitations."""

from __future__ import annotations

from django.db.models import Sum

from benchmarks.measures import Report, suite, timed
from benchmarks.population import DAY
from benchmarks.rules import make_rules
from citizens.models import Unit
from portal.reporting.enums import CountKind
from portal.reporting.models import ForecastSnapshot, WeekCount
from portal.reporting.selectors.outlook import Part
from portal.reporting.selectors.proposals import proposal
from portal.reporting.selectors.series import dated_rules
from portal.reporting.services.count_weeks import count_weeks
from portal.reporting.services.keep_snapshots import keep_snapshots


@suite("forecast", is_long=True)
def forecast_suite(report: Report, citizens: int) -> None:
    """Counting is one statement a rule, so it should grow with the people and no faster."""
    make_rules(30)
    _empty()
    scale = max(citizens / 1_000_000, 1)
    seconds = timed(lambda: count_weeks(day=DAY))
    due = WeekCount.objects.filter(kind=CountKind.DUE).aggregate(all=Sum("count"))["all"] or 0
    report.add("forecast: facts due, counted", due, "facts")
    report.add("forecast: counting 78 weeks of all rules", seconds, "s", at_most=60 * scale)
    again = timed(lambda: count_weeks(day=DAY))
    report.add("forecast: counting them again", again, "s", at_most=60 * scale)
    report.add(
        "forecast: keeping 52 weeks of all units", timed(lambda: keep_snapshots(day=DAY)), "s"
    )
    unit = Unit.objects.order_by("pk").first()
    parts = [Part(rule.series(CountKind.FILED), rule) for rule in dated_rules(day=DAY)]
    if unit is not None:
        level = timed(lambda: proposal(parts=parts, unit=unit, day=DAY, with_model=True))
        report.add("forecast: levelling a unit's invitations", level * 1000, "ms", at_most=1000)
    _empty()


def _empty() -> None:
    WeekCount.objects.all().delete()
    ForecastSnapshot.objects.all().delete()
