"""The index as data: a hundred points in five groups, dated, each mark one of two."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import yaml

from portal.reporting.quality import definition as subject
from portal.reporting.quality.counting import counters
from portal.reporting.quality.definition import (
    QualityDataError,
    definition_of,
    definition_on,
)

DAY = date(2026, 11, 20)


@pytest.fixture
def data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(subject._FILE.read_text(encoding="utf-8"))
    return deepcopy(found)


def test_five_groups_make_a_hundred_and_indicators_their_group() -> None:
    found = definition_on(DAY)

    assert [int(one.points) for one in found.groups] == [18, 20, 22, 22, 18]
    for group in found.groups:
        assert sum(one.points for one in found.of_group(group.id)) == group.points


def test_what_is_counted_has_a_counter_and_the_rest_says_why_not() -> None:
    found = definition_on(DAY)

    named = {one.counted for one in found.indicators if one.counted}
    assert named == counters()
    for one in found.indicators:
        assert one.counted or (one.missing_vi and one.missing_en), one.id


@pytest.mark.parametrize(
    ("id", "points", "marked"),
    [("published_on_time", 4, "confirmed"), ("satisfied", 6, "confirmed"),
     ("on_time", 20, "confirmed"),
     ("paid_online", 10, "unverified"), ("digitised", Fraction(22, 3), "unverified")],
)  # fmt: skip
def test_points_are_as_sure_as_their_source(id: str, points: Fraction, marked: str) -> None:
    one = next(one for one in definition_on(DAY).indicators if one.id == id)

    assert (one.points, one.points_marked) == (points, marked)


@pytest.mark.parametrize(
    ("per_cent", "band"),
    [("100", "excellent"), ("90", "excellent"), ("89.99", "good"), ("80", "good"), ("70", "fair"),
     ("50", "average"), ("49.9", "weak"), ("0", "weak")],
)  # fmt: skip
def test_a_band_begins_with_its_least(per_cent: str, band: str) -> None:
    assert definition_on(DAY).band_of(Fraction(per_cent)).id == band


def test_before_the_decision_there_is_no_index() -> None:
    found = definition_on(date(2022, 6, 22))

    assert (found.groups, found.indicators, found.bands) == ((), (), ())


def test_a_new_entry_replaces_an_old_one_on_its_day(data: dict[str, Any]) -> None:
    old = next(one for one in data["groups"] if one["id"] == "progress")
    old["valid"] = [date(2022, 6, 23), date(2027, 1, 1)]
    data["groups"].append(old | {"points": "25", "valid": [date(2027, 1, 1), None]})

    before, after = (definition_of(data, date(year, 12, 31)) for year in (2026, 2027))

    assert [one.points for one in before.groups if one.id == "progress"] == [20]
    assert [one.points for one in after.groups if one.id == "progress"] == [25]
    with pytest.raises(QualityDataError):
        subject._checked(after)


def test_a_mark_is_one_of_two(data: dict[str, Any]) -> None:
    data["indicators"][0]["points_marked"] = "maybe"

    with pytest.raises(QualityDataError, match="published_on_time"):
        definition_of(data, DAY)
