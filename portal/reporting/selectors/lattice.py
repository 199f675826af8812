"""Where each unit stands on the map: one hexagon a unit, and the former districts as groups."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data/hexes.csv"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: odd rows lie half a cell right of even ones. `group` is a former district's code."""

    column: int
    row: int
    group: str


@lru_cache(maxsize=1)
def cells() -> dict[str, Cell]:
    """Return the cells by code of unit, as `lay_hexes` has placed them."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Cell(int(row["column"]), int(row["row"]), row["group"])
            for row in csv.DictReader(file)
        }
