"""The programme's goals in words, as bars of twelve months, and as lines of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from citizens.enums import AgencyLevel
from citizens.models.places import AGENCY_LEVELS
from portal.reporting.goals.counting import FEWEST, ByMonth, Counts, Load, together
from portal.reporting.goals.definition import Goal, goals, norms
from portal.reporting.selectors.settled import Months
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import grouped, share

HEADINGS = ("goal", "part", "month", "numerator", "denominator", "share", "target", "marked")
_WIDTH, _HEIGHT = 240.0, 44.0
_PART = 0.66  # of a month's width that its bar takes


@dataclass(frozen=True, slots=True)
class MonthTold:
    """A month of a goal: counts and share in words ("–" where nothing is told), and its bar."""

    month: date
    share: str
    counts: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class GoalTold:
    """A goal in a period; `is_met` None where there is no target or nothing is told."""

    name: str
    share: str
    counts: str
    target: str
    is_met: bool | None
    is_withheld: bool
    numerator: str
    denominator: str
    is_sure: bool
    months: list[MonthTold]
    has_bars: bool
    has_months: bool
    width: float = _WIDTH
    height: float = _HEIGHT


@dataclass(frozen=True, slots=True)
class LoadTold:
    """Dossiers an officer in a kind of area; `each` is "–" without an officer."""

    name: str
    units: str
    dossiers: str
    officers: str
    each: str
    norm: str
    is_above: bool


@dataclass(frozen=True, slots=True)
class BlockTold:
    """Satisfaction of a level of offices in a year."""

    year: int
    name: str
    share: str
    counts: str


def trend_of(months: Months) -> Months:
    """Return the twelve months that end with the last one of a period that has begun."""
    last = min(months.last, max(months.until, months.first))
    first = (last.replace(day=1, year=last.year - 1) + timedelta(days=31)).replace(day=1)
    return Months(first, last, months.until)


def goals_told(by_month: Mapping[str, ByMonth], months: Months, trend: Months) -> list[GoalTold]:
    """Return each goal of the data with its counts."""
    return [_told(goal, by_month[goal.id], months, trend) for goal in goals()]


def _told(goal: Goal, by_month: ByMonth, months: Months, trend: Months) -> GoalTold:
    counts = together(by_month, months)
    part = None if _is_few(goal, counts) else _share(counts)
    told = _months(goal, by_month, trend)
    return GoalTold(
        name=either(goal.name_vi, goal.name_en),
        share="" if part is None else share(part),
        counts="" if part is None else _counts(counts),
        target=_target(goal),
        is_met=None if part is None else goal.is_met(part),
        is_withheld=_is_few(goal, counts),
        numerator=either(goal.numerator_vi, goal.numerator_en),
        denominator=either(goal.denominator_vi, goal.denominator_en),
        is_sure=goal.marked == "confirmed",
        months=told,
        has_bars=any(one.height for one in told),
        has_months=any(one.counts for one in told),
    )


def _months(goal: Goal, by_month: ByMonth, trend: Months) -> list[MonthTold]:
    first = trend.first.year * 12 + trend.first.month - 1
    step = _WIDTH / 12
    found = []
    for at in range(12):
        month = date((first + at) // 12, (first + at) % 12 + 1, 1)
        counts = by_month.get(month, (0, 0))
        part = None if _is_few(goal, counts) else _share(counts)
        height = (part or 0) * (_HEIGHT - 2)
        found.append(
            MonthTold(
                month=month,
                share="–" if part is None else share(part),
                counts="" if part is None else _counts(counts),
                x=at * step + step * (1 - _PART) / 2,
                y=_HEIGHT - 1 - height,
                width=step * _PART,
                height=height,
            )
        )
    return found


def loads_told(found: Sequence[Load]) -> list[LoadTold]:
    """Return the kinds of area with their load and its norm."""
    by_zone = {norm.zone: norm for norm in norms()}
    return [
        LoadTold(
            name=either(by_zone[one.zone].name_vi, by_zone[one.zone].name_en),
            units=grouped(one.units),
            dossiers=grouped(one.dossiers),
            officers=grouped(one.officers),
            each="–" if one.each is None else grouped(round(one.each)),
            norm=grouped(by_zone[one.zone].most),
            is_above=(one.each or 0) > by_zone[one.zone].most,
        )
        for one in found
    ]


def blocks_told(found: Mapping[tuple[int, str], Counts]) -> list[BlockTold]:
    """Return satisfaction by year, newest first, and level; of few answers only that there are."""
    words = {AgencyLevel(key): str(label) for key, label in AGENCY_LEVELS}
    order = list(words)
    return [
        BlockTold(
            year=year,
            name=words[AgencyLevel(level)],
            share=_("too few answers") if counts[1] < FEWEST else share(counts[0] / counts[1]),
            counts="" if counts[1] < FEWEST else _counts(counts),
        )
        for (year, level), counts in sorted(
            found.items(), key=lambda one: (-one[0][0], order.index(AgencyLevel(one[0][1])))
        )
    ]


def cells(
    by_month: Mapping[str, ByMonth],
    loads: Sequence[Load],
    blocks: Mapping[tuple[int, str], Counts],
) -> Iterator[Sequence[object]]:
    """Yield the counts as a table: the same words whatever the language of the page."""
    yield HEADINGS
    for goal in goals():
        target = "" if goal.target is None else goal.target
        for month, counts in sorted(by_month[goal.id].items()):
            told = ("", "", "few") if _is_few(goal, counts) else (*counts, _plain(counts))
            yield goal.id, "", f"{month:%Y-%m}", *told, target, goal.marked
    limits = {norm.zone: norm.most for norm in norms()}
    for load in loads:
        each = "" if load.each is None else f"{load.each:.1f}"
        counts = load.dossiers, load.officers
        yield "officer_load", load.zone, "", *counts, each, limits[load.zone], "unverified"
    for (year, level), counts in sorted(blocks.items()):
        told = ("", "", "few") if counts[1] < FEWEST else (*counts, _plain(counts))
        yield "satisfied_by_block", level, f"{year}", *told, "", "unverified"


def _is_few(goal: Goal, counts: Counts) -> bool:
    return goal.few and 0 < counts[1] < FEWEST


def _share(counts: Counts) -> float | None:
    return counts[0] / counts[1] if counts[1] else None


def _plain(counts: Counts) -> str:
    return f"{counts[0] / counts[1]:.6f}" if counts[1] else ""


def _counts(counts: Counts) -> str:
    return f"{grouped(counts[0])} / {grouped(counts[1])}"


def _target(goal: Goal) -> str:
    if goal.target is None:
        return ""
    part = {"share": share(goal.target)}
    if goal.wanted == "at_most":
        return _("goal: at most %(share)s") % part
    return _("goal: at least %(share)s") % part
