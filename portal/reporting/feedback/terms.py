"""By when feedback is answered: dated data, not code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parents[1] / "data/feedback.yaml"


@dataclass(frozen=True, slots=True)
class Term:
    """So many working days; `is_sure` where a text of law says so."""

    working_days: int
    is_sure: bool


def term_on(day: date) -> Term:
    """Return the term of what is received on `day`."""
    for row in _rows():
        first, until = row["valid"]
        if first <= day and (until is None or day < until):
            return Term(row["working_days"], row["marked"] == "confirmed")
    raise LookupError(day)


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["terms"]
    return found
