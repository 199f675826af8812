"""What the index is made of: groups, indicators and bands with their points, as dated data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parents[1] / "data/quality.yaml"
_MARKS = ("confirmed", "unverified")


class QualityDataError(ValueError):
    """The data of the index contradict themselves."""


@dataclass(frozen=True, slots=True)
class Group:
    """One of the groups of the index."""

    id: str
    name_vi: str
    name_en: str
    points: Fraction
    marked: str
    source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `counted` is "" where nothing is counted, `missing` says why."""

    id: str
    group: str
    name_vi: str
    name_en: str
    formula_vi: str
    formula_en: str
    points: Fraction
    points_marked: str
    marked: str
    source: str
    counted: str
    missing_vi: str
    missing_en: str


@dataclass(frozen=True, slots=True)
class Band:
    """A band, from so many of a hundred on."""

    id: str
    name_vi: str
    name_en: str
    least: int
    marked: str


@dataclass(frozen=True, slots=True)
class Definition:
    """The index as it holds on a day."""

    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    bands: tuple[Band, ...]

    def of_group(self, group: str) -> tuple[Indicator, ...]:
        """Return the indicators of a group."""
        return tuple(one for one in self.indicators if one.group == group)

    def band_of(self, per_cent: Fraction) -> Band:
        """Return the band of so many of a hundred."""
        return next(one for one in self.bands if per_cent >= one.least)


@lru_cache(maxsize=16)
def definition_on(day: date) -> Definition:
    """Return the index that holds on `day`; QualityDataError where its points do not add up."""
    return _checked(definition_of(_read(), day))


@lru_cache(maxsize=1)
def _read() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def definition_of(data: Mapping[str, Any], day: date) -> Definition:
    """Return what holds on `day` of the data as they are written in the file."""
    groups = [_made(Group, row) for row in data["groups"] if _holds(row, day)]
    indicators = [_made(Indicator, row) for row in data["indicators"] if _holds(row, day)]
    bands = [_made(Band, row) for row in data["bands"] if _holds(row, day)]
    bands.sort(key=lambda one: -one.least)
    return Definition(tuple(groups), tuple(indicators), tuple(bands))


def _holds(row: Mapping[str, Any], day: date) -> bool:
    first, until = row["valid"]
    return bool(first <= day and (until is None or day < until))


def _made(kind: type[Any], row: Mapping[str, Any]) -> Any:
    """Return a row as a value of `kind`; a mark that is neither of the two is refused."""
    values = {name: row.get(name, "") for name in kind.__slots__}
    if "points" in values:
        values["points"] = Fraction(values["points"])
    if any(values[name] not in _MARKS for name in ("marked", "points_marked") if name in values):
        raise QualityDataError(f"{row['id']}: confirmed or unverified?")
    return kind(**values)


def _checked(found: Definition) -> Definition:
    for group in found.groups:
        whole = sum((one.points for one in found.of_group(group.id)), Fraction())
        if whole != group.points:
            raise QualityDataError(f"{group.id}: {whole} points of {group.points}")
    if found.groups and sum(one.points for one in found.groups) != 100:
        raise QualityDataError("The groups make no hundred points.")
    return found
