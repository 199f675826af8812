"""Inviting some people earlier, within the law, so that the load of the weeks is level.

Each cohort (so many facts with the same usual week of invitation) is poured anew over the weeks in
which it may be invited, lowest week first, until nothing moves. A pouring never lifts the highest
week above what it was; repeated, the weeks become as level as the windows allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from portal.reporting.forecast.weeks import WEEK, monday

# A reminder that comes half a year early is forgotten; the law alone would set no limit.
MOST_EARLY_DAYS = 180
_ROUNDS = 200
_SCANS_A_WEEK = 7  # the nightly scan invites on every civil date


@dataclass(frozen=True, slots=True)
class Cohort:
    """`count` facts of a rule that are usually invited in the week number `usual`.

    `earliest` is the first week in which they may be; all three count from the same first week.
    """

    rule: str
    due: date
    count: int
    earliest: int
    usual: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How many of each cohort to invite in each week, and what that does to the load."""

    cohorts: tuple[Cohort, ...]
    shares: tuple[tuple[int, ...], ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def peak_before(self) -> float:
        """The highest week as things are."""
        return max(self.before, default=0.0)

    @property
    def peak_after(self) -> float:
        """The highest week if the plan is followed; never above `peak_before`."""
        return max(self.after, default=0.0)

    @property
    def moved(self) -> int:
        """How many facts are invited earlier than usual."""
        return sum(
            sum(shares[: cohort.usual - cohort.earliest])
            for cohort, shares in zip(self.cohorts, self.shares, strict=True)
        )

    def invited(self, rule: str, weeks: int) -> list[int]:
        """Return how many facts of a rule the plan invites in each week."""
        found = [0] * weeks
        for cohort, shares in zip(self.cohorts, self.shares, strict=True):
            for step, share in enumerate(shares if cohort.rule == rule else ()):
                found[cohort.earliest + step] += share
        return found

    def daily_quota(self, rule: str) -> int:
        """Return the rule's quota a civil date with which no week exceeds the plan's highest."""
        return ceil(max(self.invited(rule, len(self.after)), default=0) / _SCANS_A_WEEK)


def invitation_weeks(
    *, due: date, lead_days: int, first: date, not_before: date | None, not_after: date | None
) -> tuple[int, int] | None:
    """Return the earliest and the usual week of inviting for a fact due on `due`, from `first` on.

    Usually it is invited `lead_days` before it is due. The law's own window (None: no limit) and
    `MOST_EARLY_DAYS` bound how early: a week counts only if its Monday lies inside. None where the
    usual week has passed: those are invited already.
    """
    usual_day = due - timedelta(days=lead_days)
    if not_after is not None:
        usual_day = min(usual_day, not_after)
    if not_before is not None:
        usual_day = max(usual_day, not_before)
    bound = due - timedelta(days=max(MOST_EARLY_DAYS, lead_days))
    begin = max(bound, not_before or bound, first)
    earliest_week = monday(begin + timedelta(days=6))
    usual = (monday(usual_day) - first) // WEEK
    earliest = (earliest_week - first) // WEEK
    return None if usual < 0 else (min(earliest, usual), usual)


def spread(base: Sequence[float], cohorts: Sequence[Cohort]) -> Plan:
    """Return the most level plan: `base` is the load of each week that nothing moves.

    The load counts a fact in the week of its invitation.
    """
    load = list(base)
    shares = [[0] * (one.usual - one.earliest) + [one.count] for one in cohorts]
    for one in cohorts:
        load[one.usual] += one.count
    before = tuple(load)
    for _ in range(_ROUNDS):
        poured = [_poured(load, one, held) for one, held in zip(cohorts, shares, strict=True)]
        if not any(poured):
            break
    return Plan(tuple(cohorts), tuple(map(tuple, shares)), before, tuple(load))


def _poured(load: list[float], cohort: Cohort, shares: list[int]) -> bool:
    """Pour a cohort anew over its weeks; return whether that levelled anything."""
    weeks = range(cohort.earliest, cohort.usual + 1)
    floor = [load[week] - held for week, held in zip(weeks, shares, strict=True)]
    fresh = _levelled(floor, cohort.count)
    gained = sum((low + old) ** 2 - (low + new) ** 2
                 for low, old, new in zip(floor, shares, fresh, strict=True))  # fmt: skip
    if gained <= 0.5:
        return False
    for week, old, new in zip(weeks, shares, fresh, strict=True):
        load[week] += new - old
    shares[:] = fresh
    return True


def _levelled(floor: Sequence[float], count: int) -> list[int]:
    """Return whole shares of `count` that make the weeks as level as they can be."""
    order = sorted(range(len(floor)), key=lambda week: (floor[week], -week))
    level, filled, left = floor[order[0]], 1, float(count)
    while filled < len(order) and (floor[order[filled]] - level) * filled <= left:
        left -= (floor[order[filled]] - level) * filled
        level = floor[order[filled]]
        filled += 1
    level += left / filled
    shares = [max(int(level - low), 0) for low in floor]
    rest = count - sum(shares)
    for week in sorted(order, key=lambda week: (floor[week] + shares[week], -week))[:rest]:
        shares[week] += 1
    return shares
