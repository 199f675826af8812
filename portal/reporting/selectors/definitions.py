"""What each published figure means: data, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parents[1] / "data/definitions.yaml"


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Mapping[str, str]]:
    """Return the definitions by id, in the order of the file."""
    return {one["id"]: one for one in yaml.safe_load(_FILE.read_text(encoding="utf-8"))}
