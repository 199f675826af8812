"""`lay_hexes`: place one hexagon a unit, near where it lies, and print them as CSV."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from collections import Counter, defaultdict
from math import cos, radians, sqrt
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from citizens.enums import UnitKind
from citizens.models import Unit, UnitSuccession
from portal.common import clock

# A lattice a little finer than the land leaves room to move aside.
_FINER = 0.94
_KM_A_DEGREE = 111.32


class Command(BaseCommand):
    """Solve which cell of a lattice each unit takes: all together as near as they can be."""

    help = (
        "Place the units of a province on a lattice of hexagons, one each, all together as near to "
        "where they lie as can be. Prints code,column,row,group: keep it as "
        "portal/reporting/data/hexes.csv."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what stands apart."""
        parser.add_argument(
            "--apart", nargs="*", default=[], help="codes that stand apart, east of the others"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the rows; CommandError where units have no points or a library is missing."""
        units = Unit.objects.valid_on(clock.today()).filter(
            parent__parent=None, parent__isnull=False
        )
        places = {
            one.code: (one.longitude, one.latitude, one.area_km2)
            for one in units
            if one.longitude and one.latitude and one.area_km2 and one.code not in options["apart"]
        }
        if not places:
            raise CommandError("No unit has a point and an area: load the units first.")
        cells = laid(places)
        right = max(column for column, _row in cells.values())
        low = max(row for _column, row in cells.values())
        for number, code in enumerate(options["apart"]):
            cells[code] = (right + 2, low // 3 + 2 * number)
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(["code", "column", "row", "group"])
        groups = _groups(list(cells))
        out.writerows([code, *cell, groups.get(code, "")] for code, cell in sorted(cells.items()))


def _groups(codes: list[str]) -> dict[str, str]:
    """Return the district of which most of a unit's old communes were, by code of unit."""
    old = UnitSuccession.objects.filter(new__code__in=codes, old__parent__kind=UnitKind.DISTRICT)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, district in old.values_list("new__code", "old__parent__code").order_by("old__code"):
        counts[code][district] += 1
    return {code: found.most_common(1)[0][0] for code, found in counts.items()}


def laid(places: dict[str, tuple[float, float, float]]) -> dict[str, tuple[int, int]]:
    """Return a cell (column, row; odd rows are half a cell to the right) for each unit.

    `places` are longitude, latitude and square kilometres. CommandError without SciPy.
    """
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError as error:
        raise CommandError("SciPy is needed: pip install -r requirements/forecast.txt") from error
    north = max(lat for _lon, lat, _area in places.values())
    west = min(lon for lon, _lat, _area in places.values())
    shrink = cos(radians(north))
    points = [
        ((lon - west) * _KM_A_DEGREE * shrink, (north - lat) * _KM_A_DEGREE)
        for lon, lat, _area in places.values()
    ]
    whole = sum(area for _lon, _lat, area in places.values())
    width = sqrt(whole / len(places) * 2 / sqrt(3)) * _FINER
    height = width * sqrt(3) / 2
    columns = round(max(x for x, _y in points) / width) + 2
    rows = round(max(y for _x, y in points) / height) + 2
    cells = [(column, row) for row in range(-1, rows) for column in range(-1, columns)]
    middles = [((column + row % 2 / 2) * width, row * height) for column, row in cells]
    costs = [[(x - a) ** 2 + (y - b) ** 2 for a, b in middles] for x, y in points]
    _taken, chosen = linear_sum_assignment(costs)
    left = min(cells[at][0] for at in chosen)
    top = min(cells[at][1] for at in chosen)
    top -= top % 2  # an odd row stays odd
    found = (cells[at] for at in chosen)
    return {
        code: (column - left, row - top) for code, (column, row) in zip(places, found, strict=True)
    }
