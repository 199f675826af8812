"""The programme's goals as they are written in the data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parents[1] / "data/goals.yaml"
_WANTED = ("at_least", "at_most")


class GoalDataError(ValueError):
    """The data of the goals contradict themselves."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A share to reach; `target` None where the programme named none.

    `few` where what few people think is not told.
    """

    id: str
    target: float | None
    wanted: str
    marked: str
    name_vi: str
    name_en: str
    numerator_vi: str
    numerator_en: str
    denominator_vi: str
    denominator_en: str
    few: bool = False

    def is_met(self, share: float) -> bool | None:
        """Return whether a share reaches the target, None where there is none."""
        if self.target is None:
            return None
        return share >= self.target if self.wanted == "at_least" else share <= self.target


@dataclass(frozen=True, slots=True)
class Norm:
    """So many dossiers a year an officer of a kind of area is to have at most."""

    zone: str
    most: int
    name_vi: str
    name_en: str


@lru_cache(maxsize=1)
def goals() -> tuple[Goal, ...]:
    """Return the goals in their order; GoalDataError for a word that is not known."""
    found = tuple(_made(Goal, row) for row in _read()["shares"])
    if any(one.wanted not in _WANTED for one in found):
        raise GoalDataError("wanted: at_least or at_most?")
    return found


@lru_cache(maxsize=1)
def norms() -> tuple[Norm, ...]:
    """Return the norms of dossiers an officer, by kind of area."""
    return tuple(_made(Norm, row) for row in _read()["norms"])


def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def _made(kind: type[Any], row: dict[str, Any]) -> Any:
    known = {one.name for one in fields(kind)}
    if unknown := row.keys() - known:
        raise GoalDataError(f"{row.get('id')}: {', '.join(sorted(unknown))}")
    return kind(**row)
