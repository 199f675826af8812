"""What hours and papers are taken to cost: dated data, shown beside every figure they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

COMPARE_LINE = "compare_line"  # hours of an office, and of no burden of people
_FILE = Path(__file__).parents[1] / "data/assumptions.yaml"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value (in `unit`: vnd or hours) that holds from `since` on, and why."""

    id: str
    since: date
    value: float
    unit: str
    marked: str
    name_vi: str
    name_en: str
    why_vi: str
    why_en: str


def assumptions(*, day: date) -> Mapping[str, Assumption]:
    """Return by id the newest that holds on `day`; before the first one, that one."""
    found: dict[str, Assumption] = {}
    for one in sorted(_read(), key=lambda row: row.since):
        if one.id not in found or one.since <= day:
            found[one.id] = one
    return {one.id: found[one.id] for one in _read()}


@lru_cache(maxsize=1)
def _read() -> tuple[Assumption, ...]:
    return tuple(Assumption(**row) for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")))
