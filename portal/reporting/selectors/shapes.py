"""Borders of units as an operator's GeoJSON has them, made small enough to draw; nobody keeps it.

The file stays where it is: `MAP_SHAPES` names it, `MAP_SHAPES_CODE` the property of a feature that
holds the unit's code. It is read once a process, and again when it changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, isfinite, radians
from pathlib import Path
from typing import Any

from portal.common.errors import PortalError

# In units of the drawing, which is as wide as the lattice of hexagons is.
WIDTH = 300.0
_FINE = 0.35  # what a line may leave out
_LEAST = 4.0  # a unit smaller than this is drawn as a square of this size
_FAR = 0.25  # of the drawing's width: whoever lies farther off stands nearer
_APART = 12.0

Point = tuple[float, float]
Ring = list[Point]


class ShapesError(PortalError):
    """The file cannot be drawn, and why."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A unit's border as the `d` of an SVG path, where its number stands, and the box around."""

    path: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shapes:
    """All borders of a file by code of unit, and the size of the drawing."""

    width: float
    height: float
    by_code: Mapping[str, Shape]


def shapes_of(path: str, code: str) -> Shapes:
    """Return the borders of the GeoJSON at `path`; ShapesError names what is wrong with it."""
    try:
        changed = Path(path).stat().st_mtime_ns
    except OSError as error:
        raise ShapesError(f"{path}: {error.strerror}") from error
    return _read(path, code, changed)


@lru_cache(maxsize=2)
def _read(path: str, code: str, _changed: int) -> Shapes:
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ShapesError(f"{path}: không đọc được JSON / is no JSON: {error}") from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise ShapesError(f"{path}: không phải FeatureCollection / is no FeatureCollection")
    found: dict[str, list[Ring]] = {}
    for number, feature in enumerate(document.get("features") or [], start=1):
        try:
            name, rings = _feature(feature, code)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"{path}: đối tượng số / feature {number}: {_said(error)}"
            raise ShapesError(message) from error
        found.setdefault(name, []).extend(rings)
    if not found:
        raise ShapesError(f"{path}: không có đối tượng nào / has no feature")
    return laid(found)


def _said(error: Exception) -> str:
    return f"thiếu / lacks {error}" if isinstance(error, KeyError) else str(error)


def _feature(feature: Any, code: str) -> tuple[str, list[Ring]]:
    name = str(feature["properties"][code]).strip()
    geometry = feature["geometry"]
    match geometry["type"]:
        case "Polygon":
            polygons = [geometry["coordinates"]]
        case "MultiPolygon":
            polygons = geometry["coordinates"]
        case other:
            raise ValueError(f"{name}: {other}, cần Polygon / not a Polygon or MultiPolygon")
    return name, [_ring(ring, name) for polygon in polygons for ring in polygon]


def _ring(ring: Sequence[Sequence[float]], name: str) -> Ring:
    points = [(float(point[0]), float(point[1])) for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError(f"{name}: vòng không khép kín / a ring is not closed")
    if any(not (isfinite(x + y) and -180 <= x <= 180 and -90 <= y <= 90) for x, y in points):
        raise ValueError(
            f"{name}: tọa độ không phải kinh độ, vĩ độ WGS 84 / no longitude and latitude of WGS 84"
        )
    return points


def laid(found: Mapping[str, list[Ring]]) -> Shapes:
    """Project borders to a drawing, leave out what no eye sees, bring near what lies far off."""
    flat = _flat(found)
    near = _near(flat)
    left, top, right, bottom = _box(ring for one in near.values() for ring in one)
    by_code = {
        code: _shape([_thinned([(x - left + 1, y - top + 1) for x, y in ring]) for ring in seen])
        for code, rings in near.items()
        if (seen := _seen(rings))
    }
    return Shapes(round(right - left + 2, 1), round(bottom - top + 2, 1), by_code)


def _seen(rings: list[Ring]) -> list[Ring]:
    """Return the rings that an eye can tell from a dot, at least the largest."""
    largest = max(rings, key=lambda one: abs(_area(one)))
    return [one for one in rings if one is largest or abs(_area(one)) > _FINE]


def _flat(found: Mapping[str, list[Ring]]) -> dict[str, list[Ring]]:
    """Return the borders in units of the drawing, y downwards; what lies far off is beyond it."""
    box = _box(ring for rings in found.values() for ring in rings)
    shrink = cos(radians((box[1] + box[3]) / 2))
    plain = {
        code: [[(x * shrink, -y) for x, y in ring] for ring in rings]
        for code, rings in found.items()
    }
    left, right = _span(plain)
    scale = WIDTH / ((right - left) or 1)
    return {
        code: [[(x * scale, y * scale) for x, y in ring] for ring in rings]
        for code, rings in plain.items()
    }


def _span(rings: Mapping[str, list[Ring]]) -> tuple[float, float]:
    """Return from where to where the units lie that are not cut off by a wide gap, west to east."""
    boxes = sorted(_box(one)[::2] for one in rings.values())
    whole = max(right for _left, right in boxes) - boxes[0][0]
    first, reached = boxes[0]
    best = (first, reached, 1)
    count = 0
    for left, right in boxes:
        if left - reached > _FAR * whole:
            first, reached, count = left, right, 0
        reached, count = max(reached, right), count + 1
        best = max(best, (first, reached, count), key=lambda one: one[2])
    return best[0], best[1]


def _near(rings: Mapping[str, list[Ring]]) -> dict[str, list[Ring]]:
    """Move whoever lies beyond a wide gap beside the others, where a reader still finds it.

    Islands that would be dots there are one square, large enough to be seen and pressed.
    """
    left, right = _span(rings)
    near = {}
    for code, its in rings.items():
        one = its
        west, north, east, south = _box(one)
        if not (west - right > _APART or left - east > _APART):
            near[code] = one
            continue
        if sum(abs(_area(ring)) for ring in one) < _LEAST**2:
            one = [_square((west + east) / 2, (north + south) / 2, 2 * _LEAST)]
            west, _north, east, _south = _box(one)
        by = right + _APART - west if west > right else left - _APART - east
        near[code] = [[(x + by, y) for x, y in ring] for ring in one]
    return near


def _square(x: float, y: float, size: float) -> Ring:
    half = size / 2
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return [(x + dx, y + dy) for dx, dy in corners]


def _box(rings: Iterable[Ring]) -> tuple[float, float, float, float]:
    points = [point for ring in rings for point in ring]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _shape(rings: list[Ring]) -> Shape:
    left, top, right, bottom = _box(rings)
    x, y = (left + right) / 2, (top + bottom) / 2
    if max(right - left, bottom - top) < _LEAST:
        rings = [_square(x, y, _LEAST)[:-1]]
    else:
        x, y = _middle(max(rings, key=lambda one: abs(_area(one))))
    path = "".join(f"M{'L'.join(f'{px:.1f},{py:.1f}' for px, py in ring)}Z" for ring in rings)
    return Shape(path, round(x, 1), round(y, 1), round(right - left, 1), round(bottom - top, 1))


def _area(ring: Ring) -> float:
    turned = [*ring[1:], ring[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, turned, strict=True)) / 2


def _middle(ring: Ring) -> Point:
    """Return the centre of gravity of a ring; of one without area its first point."""
    area = _area(ring)
    if not area:
        return ring[0]
    turned = [*ring[1:], ring[0]]
    parts = [(x * v - u * y, x + u, y + v) for (x, y), (u, v) in zip(ring, turned, strict=True)]
    return (
        sum(part * x for part, x, _y in parts) / (6 * area),
        sum(part * y for part, _x, y in parts) / (6 * area),
    )


def _thinned(ring: Ring) -> Ring:
    """Leave out points that lie within `_FINE` of the line without them (Douglas and Peucker)."""
    kept = {0, len(ring) - 1}
    half = max(range(len(ring)), key=lambda at: _apart(ring[at], ring[0], ring[0]))
    kept.add(half)
    spans = [(0, half), (half, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        inner = range(first + 1, last)
        if not inner:
            continue
        far = max(inner, key=lambda at: _apart(ring[at], ring[first], ring[last]))
        if _apart(ring[far], ring[first], ring[last]) > _FINE:
            kept.add(far)
            spans += [(first, far), (far, last)]
    return [ring[at] for at in sorted(kept)][:-1]


def _apart(point: Point, first: Point, last: Point) -> float:
    """Return how far a point lies from the line through two others, or from both in one place."""
    (x, y), (u, v), (s, t) = point, first, last
    length = hypot(s - u, t - v)
    if not length:
        return hypot(x - u, y - v)
    return abs((s - u) * (v - y) - (u - x) * (t - v)) / length
