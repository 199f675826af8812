"""Scores of online services in words, and as lines of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.reporting.quality.services import ServiceCount, ServiceScore
from portal.web.presenters.language import either
from portal.web.presenters.quality import points_text
from portal.web.templatetags.portal_format import grouped

HEADINGS = (
    "procedure", "indicator", "numerator", "denominator", "points", "max_points", "since", "marked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountTold:
    """An indicator: what is counted, numerator and denominator, points, and the reason in words."""

    name: str
    formula: str
    counts: str
    points: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreTold:
    """A service: `score` is "–" where nothing can be counted."""

    code: str
    name: str
    score: str
    points: str
    reason: str
    counts: list[CountTold]


def told(found: Iterable[ServiceScore]) -> list[ScoreTold]:
    """Return the services in their order."""
    return [_told(one) for one in found]


def _told(one: ServiceScore) -> ScoreTold:
    score, worst = one.score, one.worst
    return ScoreTold(
        code=one.code,
        name=either(one.name_vi, one.name_en),
        score="–" if score is None else points_text(score),
        points="" if score is None else _points(one),
        reason=_reason(worst) if worst else "",
        counts=[_count(each) for each in one.counts],
    )


def _points(one: ServiceScore) -> str:
    return f"{points_text(one.reached)} / {points_text(one.within)}"


def _count(one: ServiceCount) -> CountTold:
    indicator, points = one.indicator, one.points
    most = points_text(indicator.points)
    return CountTold(
        name=either(indicator.name_vi, indicator.name_en),
        formula=either(indicator.formula_vi, indicator.formula_en),
        counts="" if points is None else f"{grouped(one.part)} / {grouped(one.whole)}",
        points=f"– / {most}" if points is None else f"{points_text(points)} / {most}",
        reason=_reason(one),
    )


def _reason(one: ServiceCount) -> str:
    indicator = one.indicator
    if not indicator.counted:
        return either(indicator.missing_vi, indicator.missing_en)
    if one.is_withheld:
        return _("Too few in this period to be told.")
    if not one.whole:
        return _("Nothing of this service in this period.")
    counts = {"lost": grouped(one.whole - one.part), "whole": grouped(one.whole)}
    return either(indicator.reason_vi, indicator.reason_en) % counts


def cells(found: Iterable[ServiceScore]) -> Iterator[Sequence[object]]:
    """Yield the counts as a table: the same words whatever the language of the page."""
    yield HEADINGS
    for one in found:
        for each in one.counts:
            points = each.points
            if points is None:
                own: Sequence[object] = ("", "", "few" if each.is_withheld else "")
            else:
                own = (each.part, each.whole, f"{float(points):.6f}")
            indicator = each.indicator
            rest = f"{float(indicator.points):g}", indicator.since, "unverified"
            yield one.code, indicator.id, *own, *rest
