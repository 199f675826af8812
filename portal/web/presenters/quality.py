"""The service-quality index in words and numbers as people here write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.models import Unit
from portal.reporting.quality.definition import Band, Definition, Group
from portal.reporting.quality.index import Index, Part, Quality, Score
from portal.reporting.quality.models import OfficialScore
from portal.web.presenters.language import either, in_english
from portal.web.templatetags.portal_format import grouped, share

HEADINGS = (
    "unit", "name", "group", "indicator", "numerator", "denominator", "points", "max_points",
    "points_marked", "marked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """Points in words: `points` is "18,62 / 20", both "" without data."""

    points: str
    share: str
    value: float
    most: float
    is_part: bool
    is_sure: bool


@dataclass(frozen=True, slots=True)
class IndicatorTold:
    """One indicator as it is explained; `missing` says why nothing is counted."""

    name: str
    formula: str
    counts: str
    share: str
    points: str
    missing: str
    is_confirmed: bool
    is_sure: bool
    source: str


@dataclass(frozen=True, slots=True)
class GroupTold:
    """A group with what it reached and its indicators."""

    name: str
    told: Told
    indicators: list[IndicatorTold]


@dataclass(frozen=True, slots=True)
class BandTold:
    """A band, its rule, and how many units are in it."""

    name: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit of the list: its place by the part of what can be computed."""

    place: int
    name: str
    url: str
    share: str
    points: str
    band: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OfficialTold:
    """An official score; `from_share` are the points that the printed share itself gives."""

    unit: str
    on: date
    what: str
    points: str
    share: str
    from_share: str
    rank: str
    source: str


def points_text(points: Fraction | Decimal | int) -> str:
    """Return points with two decimals at most: "18,62", "20"."""
    text = f"{float(points):.2f}".rstrip("0").rstrip(".")
    return text if in_english() else text.replace(".", ",")


def told(part: Part) -> Told:
    """Return a part in words."""
    is_there = part.share is not None
    return Told(
        points=f"{points_text(part.reached)} / {points_text(part.within)}" if is_there else "",
        share=share(part.share) if part.share is not None else "",
        value=float(part.reached),
        most=float(part.within),
        is_part=is_there and not part.is_whole,
        is_sure=part.is_sure,
    )


def missing_points(index: Index) -> str:
    """Return of how many points nothing is counted, "" where everything is."""
    rest = index.total.whole - index.total.within
    return points_text(rest) if rest else ""


def groups_of(index: Index) -> list[GroupTold]:
    """Return the groups of an index, each with its indicators."""
    return [
        GroupTold(
            name=f"{_name(group)} ({points_text(group.points)})",
            told=told(part),
            indicators=[_indicator(score) for score in part.scores],
        )
        for group, part in index.groups
    ]


def _indicator(score: Score) -> IndicatorTold:
    one = score.indicator
    missing = either(one.missing_vi, one.missing_en)
    if score.is_withheld:
        missing = _("Too few answers here to be told.")
    elif not missing:
        missing = _("Nothing was counted in this period.")
    points, counts, part = "", "", ""
    if score.points is not None and score.share is not None:
        points = f"{points_text(score.points)} / {points_text(one.points)}"
        counts = f"{grouped(score.numerator)} / {grouped(score.denominator)}"
        part, missing = share(score.share), ""
    return IndicatorTold(
        name=either(one.name_vi, one.name_en),
        formula=either(one.formula_vi, one.formula_en),
        counts=counts,
        share=part,
        points=points or points_text(one.points),
        missing=missing,
        is_confirmed=one.marked == "confirmed",
        is_sure=one.points_marked == "confirmed",
        source=one.source,
    )


def bands_of(found: Quality) -> list[BandTold]:
    """Return the bands with their rule and counts, best first."""
    lines, upper = [], 0
    for band, count in found.bands():
        rule = (
            _("%(least)s and more") % {"least": band.least}
            if not upper
            else _("from %(least)s to under %(upper)s") % {"least": band.least, "upper": upper}
        )
        lines.append(BandTold(band_name(band), rule, count))
        upper = band.least
    return lines


def band_name(band: Band | None) -> str:
    """Return the name of a band, "" for none."""
    return either(band.name_vi, band.name_en) if band else ""


def ranking(found: Quality, units: Sequence[Unit], query: str, chosen: str) -> list[Ranked]:
    """Return the units by the part of what can be computed of each, best first; equals together."""
    counted = [(unit, found.units[unit.pk]) for unit in units if unit.pk in found.units]
    counted = [one for one in counted if one[1].total.share is not None]
    counted.sort(key=lambda one: (-(one[1].total.share or 0), one[0].name_vi))
    shares = [index.total.share for _unit, index in counted]
    return [
        Ranked(
            place=shares.index(index.total.share) + 1,
            name=unit.name_vi,
            url=f"{reverse('web:quality')}{query}&unit={unit.code}",
            share=share(index.total.share or 0),
            points=f"{points_text(index.total.reached)} / {points_text(index.total.within)}",
            band=band_name(index.band),
            is_chosen=unit.code == chosen,
        )
        for unit, index in counted
    ]


def officials(rows: Iterable[OfficialScore], definition: Definition) -> list[OfficialTold]:
    """Return the official scores in words, with what a printed share gives in points."""
    names = {group.id: _name(group) for group in definition.groups}
    return [_official(row, names) for row in rows]


def _official(row: OfficialScore, names: Mapping[str, str]) -> OfficialTold:
    most = points_text(row.max_points)
    from_share = "" if row.share is None else points_text(row.share * row.max_points / 100)
    return OfficialTold(
        unit=row.unit.name_vi,
        on=row.on,
        what=names.get(row.group, row.group) if row.group else _("The whole index"),
        points="–" if row.points is None else f"{points_text(row.points)} / {most}",
        share="–" if row.share is None else share(float(row.share) / 100),
        from_share=from_share and f"{from_share} / {most}",
        rank=f"{row.rank} / {row.ranked}" if row.rank else "–",
        source=row.source,
    )


def _name(group: Group) -> str:
    return either(group.name_vi, group.name_en)


def cells(found: Quality, units: Sequence[Unit]) -> Iterator[Sequence[object]]:
    """Yield the whole and every unit, an indicator a row; empty where nothing is counted."""
    yield HEADINGS
    yield from _rows("", "", found.whole)
    for unit in units:
        if unit.pk in found.units:
            yield from _rows(unit.code, unit.name_vi, found.units[unit.pk])


def _rows(code: str, name: str, index: Index) -> Iterator[Sequence[object]]:
    for score in index.total.scores:
        one = score.indicator
        is_there = score.points is not None
        yield (
            code, name, one.group, one.id,
            score.numerator if is_there else "", score.denominator if is_there else "",
            f"{float(score.points):.4f}" if score.points is not None else "",
            f"{float(one.points):.4f}", one.points_marked, one.marked,
        )  # fmt: skip
