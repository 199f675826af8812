"""Real borders of an operator's file: drawn, thinned, brought near; what is wrong is said."""

from __future__ import annotations

import json
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from citizens.enums import UnitKind
from portal.checks import borders_of_the_map_can_be_drawn
from portal.reporting.selectors.lattice import cells
from portal.reporting.selectors.shapes import WIDTH, ShapesError, shapes_of
from portal.web.presenters.map_drawing import drawing
from tests.factories.citizens import UnitFactory

CODES = sorted(cells())


def square(west: float, south: float, size: float = 0.1) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, *rings: list[list[float]], kind: str = "Polygon") -> dict[str, Any]:
    coordinates: Any = list(rings) if kind == "Polygon" else [[ring] for ring in rings]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def a_file(folder: Path, *features: Any) -> str:
    path = folder / "borders.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def test_borders_are_as_wide_as_the_drawing_and_north_is_up(tmp_path: Path) -> None:
    south, north = feature("1", square(108, 15.9)), feature("2", square(108.1, 16))

    shapes = shapes_of(a_file(tmp_path, south, north), "code")

    assert shapes.width == pytest.approx(WIDTH + 2)
    assert shapes.height == pytest.approx(WIDTH / cos(16.05 * pi / 180) + 2, rel=0.01)
    assert shapes.by_code["2"].y < shapes.by_code["1"].y
    assert shapes.by_code["2"].x > shapes.by_code["1"].x


def test_a_hole_and_an_island_belong_to_their_unit(tmp_path: Path) -> None:
    holed = feature("1", square(108, 16, 0.3), square(108.1, 16.1))
    islands = feature("2", square(108.4, 16), square(108.6, 16, 0.2), kind="MultiPolygon")

    shapes = shapes_of(a_file(tmp_path, holed, islands), "code")

    assert shapes.by_code["1"].path.count("M") == shapes.by_code["2"].path.count("M") == 2
    assert shapes.by_code["2"].x > WIDTH * 0.8  # on the larger island


def test_a_line_of_many_points_is_thinned(tmp_path: Path) -> None:
    turns = [2 * pi * at / 20_000 for at in range(20_000)]
    circle = [[108 + 0.2 * cos(at), 16 + 0.2 * sin(at)] for at in turns]
    circle.append(circle[0])

    path = shapes_of(a_file(tmp_path, feature("1", circle)), "code").by_code["1"].path

    assert 20 < path.count("L") < 100


def test_what_lies_far_off_stands_nearer_and_is_seen(tmp_path: Path) -> None:
    mainland = [feature(str(at), square(108 + at / 10, 16)) for at in range(5)]
    far = [square(112, 16.5, 0.001), square(112.3, 16.5, 0.001)]
    islands = feature("apart", *far, kind="MultiPolygon")

    shapes = shapes_of(a_file(tmp_path, *mainland, islands), "code")

    assert WIDTH < shapes.width < WIDTH + 30
    assert shapes.by_code["apart"].x > WIDTH
    assert shapes.by_code["apart"].path.count("M") == 1
    assert shapes.by_code["0"].width > 50


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = a_file(tmp_path, feature("1", square(108, 16)))
    assert list(shapes_of(path, "code").by_code) == ["1"]
    changed = Path(path).stat().st_mtime_ns

    a_file(tmp_path, feature("2", square(108, 16)))
    while Path(path).stat().st_mtime_ns == changed:
        a_file(tmp_path, feature("2", square(108, 16)))

    assert list(shapes_of(path, "code").by_code) == ["2"]


POINT = {"type": "Feature", "properties": {"code": "7"}, "geometry": {"type": "Point"}}


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([], "feature"),
        ([{"type": "Feature", "properties": {}, "geometry": None}], "feature 1.*code"),
        ([POINT], "7: Point"),
        ([feature("7", square(108, 16)[:-1])], "7.*closed"),
        ([feature("7", square(560_000, 1_770_000))], "7.*WGS 84"),
        ([feature("7", [[108, float("nan")]] * 4)], "7"),
        (["text"], "feature 1"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, features: list[Any], said: str) -> None:
    with pytest.raises(ShapesError, match=said):
        shapes_of(a_file(tmp_path, *features), "code")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "Feature"}'])
def test_no_collection_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "borders.geojson"
    path.write_text(text)

    with pytest.raises(ShapesError, match=r"JSON|FeatureCollection"):
        shapes_of(str(path), "code")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match="nowhere"):
        shapes_of(str(tmp_path / "nowhere"), "code")


@pytest.mark.django_db
def test_the_map_draws_borders_and_whoever_has_none_as_a_hexagon(
    tmp_path: Path, settings: Settings, client: Client
) -> None:
    units = [UnitFactory(code=code, kind=UnitKind.WARD, parent=None) for code in CODES[:3]]
    settings.MAP_SHAPES = a_file(
        tmp_path, *(feature(CODES[at], square(108 + at / 5, 16, 0.19)) for at in range(2))
    )

    drawn = drawing(units, {}, "")

    assert drawn.has_borders
    assert [one.path.count("L") for one in drawn.areas] == [3, 3, 5]
    assert drawn.areas[2].y < drawn.height
    assert drawn.areas[2].y > max(one.y for one in drawn.areas[:2])
    page = client.get(reverse("web:map")).content.decode()
    assert drawn.areas[0].path in page


@pytest.mark.django_db
def test_a_file_that_cannot_be_drawn_leaves_the_hexagons(
    tmp_path: Path, settings: Settings
) -> None:
    units = [UnitFactory(code=CODES[0], kind=UnitKind.WARD, parent=None)]
    settings.MAP_SHAPES = a_file(tmp_path)

    drawn = drawing(units, {}, "")

    assert not drawn.has_borders
    assert len(drawn.areas) == 1


@pytest.mark.parametrize(
    ("codes", "warned"),
    [(CODES, []), (CODES[1:], ["portal.W007"]), (["x"], ["portal.W006"]), ([], ["portal.W005"])],
)
def test_an_operator_is_told_at_the_start(
    tmp_path: Path, settings: Settings, codes: list[str], warned: list[str]
) -> None:
    features = [feature(code, square(108 + at / 100, 16)) for at, code in enumerate(codes)]
    settings.MAP_SHAPES = a_file(tmp_path, *features)

    assert [one.id for one in borders_of_the_map_can_be_drawn()] == warned


def test_without_a_file_nothing_is_said(settings: Settings) -> None:
    settings.MAP_SHAPES = ""

    assert borders_of_the_map_can_be_drawn() == []
