"""The index as it stands: points where something is counted, and plainly none where nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from portal.reporting.quality.counting import Counted, counted
from portal.reporting.quality.definition import (
    Band,
    Definition,
    Group,
    Indicator,
    definition_on,
)
from portal.reporting.selectors.settled import Months

_NOTHING = Fraction()


@dataclass(frozen=True, slots=True)
class Score:
    """One indicator of one unit or the whole; without a denominator there are no data."""

    indicator: Indicator
    numerator: int
    denominator: int
    is_withheld: bool = False

    @property
    def share(self) -> float | None:
        """The part from 0 to 1, None without data."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def points(self) -> Fraction | None:
        """The points reached, None without data: nothing is put in their place."""
        if not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator) * self.indicator.points


@dataclass(frozen=True, slots=True)
class Part:
    """Some scores together: `reached` of the `within` that can be computed, of `whole` there are.

    `is_sure` where the points of all that is counted are confirmed.
    """

    scores: tuple[Score, ...]
    whole: Fraction

    @property
    def within(self) -> Fraction:
        """The points that what is counted could reach."""
        return sum((s.indicator.points for s in self.scores if s.denominator), _NOTHING)

    @property
    def reached(self) -> Fraction:
        """The points that it reached."""
        return sum((s.points or _NOTHING for s in self.scores), _NOTHING)

    @property
    def share(self) -> float | None:
        """Reached of what can be computed, from 0 to 1; None where nothing can."""
        return float(self.reached / self.within) if self.within else None

    @property
    def is_whole(self) -> bool:
        """Whether every point can be computed."""
        return self.within == self.whole

    @property
    def is_sure(self) -> bool:
        """Whether the points of everything that is counted are confirmed."""
        told = [one for one in self.scores if one.denominator]
        return all(one.indicator.points_marked == "confirmed" for one in told)


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one unit, or of the whole."""

    definition: Definition
    total: Part
    groups: tuple[tuple[Group, Part], ...]

    @property
    def band(self) -> Band | None:
        """The band of what can be computed; None where nothing can."""
        if not self.total.within:
            return None
        return self.definition.band_of(self.total.reached / self.total.within * 100)


@dataclass(frozen=True, slots=True)
class Quality:
    """The indexes of the months: of the whole, and of each unit (by key) with any data."""

    definition: Definition
    whole: Index
    units: Mapping[int, Index]

    def bands(self) -> list[tuple[Band, int]]:
        """Return the bands with how many units are in each, best first."""
        found = [one.band for one in self.units.values()]
        return [(band, found.count(band)) for band in self.definition.bands]


def quality(*, months: Months) -> Quality:
    """Return the index as it is counted now, by the definition that holds on the last day."""
    definition = definition_on(months.last)
    rows = counted(months=months) if definition.indicators else {}
    counts = {one.id: rows[one.counted] for one in definition.indicators if one.counted}
    keys = {unit for one in counts.values() for unit in one.by_unit}
    whole = _index(definition, [_whole(one, counts.get(one.id)) for one in definition.indicators])
    units = {
        unit: _index(
            definition, [_of_unit(one, counts.get(one.id), unit) for one in definition.indicators]
        )
        for unit in keys
    }
    return Quality(definition, whole, units)


def empty_index(definition: Definition) -> Index:
    """Return the index of a unit of which nothing is counted."""
    return _index(definition, [Score(one, 0, 0) for one in definition.indicators])


def _whole(indicator: Indicator, counts: Counted | None) -> Score:
    return Score(indicator, *(counts.whole if counts else (0, 0)))


def _of_unit(indicator: Indicator, counts: Counted | None, unit: int) -> Score:
    if counts is None:
        return Score(indicator, 0, 0)
    part = counts.by_unit.get(unit, (0, 0))
    return Score(indicator, *part, is_withheld=unit in counts.withheld)


def _index(definition: Definition, scores: Iterable[Score]) -> Index:
    found = tuple(scores)
    groups = tuple(
        (group, Part(tuple(s for s in found if s.indicator.group == group.id), group.points))
        for group in definition.groups
    )
    whole = sum((group.points for group in definition.groups), _NOTHING)
    return Index(definition, Part(found, whole), groups)
