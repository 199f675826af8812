"""The drawing of the map: a hexagon a unit, or its borders where an operator's file has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.urls import reverse

from citizens.models import Unit
from portal.reporting.selectors.lattice import Cell, cells
from portal.reporting.selectors.settled import Tally
from portal.reporting.selectors.shapes import Shapes, ShapesError, shapes_of
from portal.web.presenters import enforcement as shown

_log = structlog.get_logger(__name__)
_WIDTH, _HEIGHT = 20.0, 17.32  # of a cell of the lattice, in units of the drawing
_ROUND = 2 / 3  # from the middle of a hexagon to its tip, as a part of `_HEIGHT`
_ROOM = (12.0, 8.0)  # an area smaller than this has no room for its number
_NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Area:
    """A unit on the drawing: its outline, its step (0 where nothing is counted), what is said."""

    path: str
    x: float
    y: float
    step: int
    is_below: bool
    told: str
    short: str
    url: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map: its size, the areas in order of reading, whether they are real borders."""

    width: float
    height: float
    areas: list[Area]
    has_borders: bool


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    x: float
    y: float
    has_room: bool = True


def drawing(units: Sequence[Unit], tallies: Mapping[int, Tally], query: str) -> Drawing:
    """Draw the units that have a place, from north to south."""
    shapes = borders()
    places = _bordered(units, shapes) if shapes else _celled(units)
    placed = sorted(
        ((places[unit.code], unit) for unit in units if unit.code in places),
        key=lambda one: (one[0].y, one[0].x),
    )
    areas = [_area(place, unit, tallies.get(unit.pk, _NOTHING), query) for place, unit in placed]
    width = max((place.x for place, _unit in placed), default=0) + _WIDTH / 2 + 1
    height = max((place.y for place, _unit in placed), default=0) + _HEIGHT * _ROUND + 1
    if shapes:
        width, height = shapes.width, max(shapes.height, height if _is_short(places, shapes) else 0)
    return Drawing(round(width, 1), round(height, 1), areas, has_borders=bool(shapes))


def borders() -> Shapes | None:
    """Return the borders of the operator's file, None where there is none or it cannot be drawn.

    Why it cannot is said when the portal starts (portal.checks) and in the log.
    """
    if not settings.MAP_SHAPES:
        return None
    try:
        return shapes_of(settings.MAP_SHAPES, settings.MAP_SHAPES_CODE)
    except ShapesError as error:
        _log.warning("map_shapes_refused", reason=str(error))
        return None


def _celled(units: Sequence[Unit]) -> dict[str, _Place]:
    found = cells()
    return {unit.code: _hexagon(found[unit.code]) for unit in units if unit.code in found}


def _bordered(units: Sequence[Unit], shapes: Shapes) -> dict[str, _Place]:
    """Return the places of units with borders; whoever has none stands below them as a hexagon."""
    places = {
        code: _Place(
            one.path, one.x, one.y, has_room=one.width >= _ROOM[0] and one.height >= _ROOM[1]
        )
        for code, one in shapes.by_code.items()
    }
    known = cells()
    missing = [one.code for one in units if one.code in known and one.code not in places]
    for code, cell in zip(missing, _row_below(shapes), strict=False):
        places[code] = _hexagon(cell)
    return places


def _row_below(shapes: Shapes) -> Iterator[Cell]:
    row = int(shapes.height / _HEIGHT) + 1
    across = max(int(shapes.width / _WIDTH) - 1, 1)
    at = 0
    while True:
        yield Cell(at % across, row + at // across, "")
        at += 1


def _is_short(places: Mapping[str, _Place], shapes: Shapes) -> bool:
    return any(code not in shapes.by_code for code in places)


def _hexagon(cell: Cell) -> _Place:
    x = (cell.column + cell.row % 2 / 2) * _WIDTH + _WIDTH / 2 + 1
    y = cell.row * _HEIGHT + _HEIGHT * _ROUND + 1
    half, tip = _WIDTH / 2 - 0.6, _HEIGHT * _ROUND - 0.7
    corners = (
        (0, -tip),
        (half, -tip / 2),
        (half, tip / 2),
        (0, tip),
        (-half, tip / 2),
        (-half, -tip / 2),
    )
    points = "L".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return _Place(f"M{points}Z", round(x, 1), round(y, 1))


def _area(place: _Place, unit: Unit, tally: Tally, query: str) -> Area:
    part = tally.share
    return Area(
        path=place.path,
        x=place.x,
        y=place.y,
        step=shown.step_of(tally),
        is_below=shown.is_below(tally),
        told=f"{unit.name_vi}: {shown.told(tally)}",
        short="" if part is None or not place.has_room else f"{part * 100:.0f}",
        url=reverse("web:map_unit", args=[unit.code]) + query,
    )
