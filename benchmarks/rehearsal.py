"""Rehearse rules over the coming year on the whole population."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from time import perf_counter

from benchmarks.measures import Report, suite
from benchmarks.population import DAY
from benchmarks.rules import make_rules
from portal.common.clock import CIVIL_ZONE
from procedures.models import RuleVersion
from procedures.selectors import rules_in_force
from procedures.services.rehearse import Rehearsal, rehearse

YEAR = timedelta(days=365)


@suite("rehearsal", is_long=True)
def rehearsal_suite(report: Report, citizens: int) -> None:
    """Rehearse each rule over a year; the slowest counts."""
    make_rules(30)
    slowest, matters = 0.0, 0
    for version in rules_in_force(day=DAY):
        started = perf_counter()
        matters += _year(version).matters
        slowest = max(slowest, perf_counter() - started)
    share = max(citizens / 1_000_000, 1)
    report.add("rehearsal of a year: the slowest rule", slowest, "s", at_most=60 * share)
    report.add("rehearsal of a year: matters of all rules", matters, "matters")


def _year(version: RuleVersion) -> Rehearsal:
    now = datetime.combine(DAY, time(9), CIVIL_ZONE)
    return rehearse(version=version, first=DAY, last=DAY + YEAR, now=now)
