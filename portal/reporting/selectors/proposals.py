"""Inviting some holders earlier, so that the weeks are level: a proposal, nothing is sent by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from citizens.models import Unit
from portal.reporting.enums import CountKind
from portal.reporting.forecast.spreading import Cohort, Plan, invitation_weeks, spread
from portal.reporting.forecast.weeks import YEAR, monday
from portal.reporting.models import WeekCount
from portal.reporting.selectors.outlook import Part, outlook
from portal.reporting.selectors.series import DatedRule
from procedures.rules import filing_window

_SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class RuleShare:
    """What the plan means for one rule."""

    rule: DatedRule
    facts: int
    moved: int
    daily_quota: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan for the renewals of a unit, rule by rule."""

    first: date
    plan: Plan
    shares: tuple[RuleShare, ...]

    @property
    def helps(self) -> bool:
        """Whether the highest week becomes lower by at least one dossier."""
        return self.plan.peak_before - self.plan.peak_after >= 1


def proposal(*, parts: Sequence[Part], unit: Unit, day: date, with_model: bool) -> Proposal | None:
    """Return how the renewals among the parts could be invited more evenly; None without any.

    All other work of the unit stands as it is expected. A renewal counts in its week of invitation:
    when people answer is a matter of habit, which moves along.
    """
    rules = [one.rule for one in parts if one.rule and one.rule.is_renewal]
    others = [one for one in parts if not (one.rule and one.rule.is_renewal)]
    first = monday(day)
    cohorts = list(_cohorts(rules, unit, first))
    if not cohorts:
        return None
    rest = outlook(parts=others, unit=unit, day=day, with_model=with_model)
    plan = spread([week.load for week in rest.ahead], cohorts)
    return Proposal(first, plan, tuple(_shares(rules, plan)))


def _cohorts(rules: Iterable[DatedRule], unit: Unit, first: date) -> Iterator[Cohort]:
    rows = WeekCount.objects.filter(
        kind=CountKind.DUE, week__gte=first, unit__in=Unit.objects.within(unit).values("pk")
    )
    totals = rows.values_list("key", "week").annotate(total=Sum("count")).order_by("key", "week")
    known = {rule.key: rule for rule in rules}
    for key, week, count in totals:
        if key in known:
            weeks = _weeks(known[key], week, first)
            if weeks is not None and weeks[1] < YEAR:
                yield Cohort(key, week, count, *weeks)


def _weeks(rule: DatedRule, week: date, first: date) -> tuple[int, int] | None:
    """Return the weeks in which facts due in `week` may be invited, whatever their day in it."""
    definition = rule.definition
    return invitation_weeks(
        due=week,
        lead_days=definition.lead_days[0],
        first=first,
        not_before=filing_window(definition, week + _SUNDAY).earliest_on,
        not_after=filing_window(definition, week).latest_on,
    )


def _shares(rules: Iterable[DatedRule], plan: Plan) -> Iterator[RuleShare]:
    for rule in rules:
        mine = [
            (cohort, shares)
            for cohort, shares in zip(plan.cohorts, plan.shares, strict=True)
            if cohort.rule == rule.key
        ]
        facts = sum(cohort.count for cohort, _shares in mine)
        if facts:
            moved = sum(sum(shares[:-1]) for _cohort, shares in mine)
            yield RuleShare(rule, facts, moved, plan.daily_quota(rule.key))
