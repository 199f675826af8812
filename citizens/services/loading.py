"""Write what a table states, only where the database differs: a second run writes nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Loaded:
    """How many rows a load made, changed and took away; zero three times when nothing was new."""

    created: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        """Add the counts of two loads."""
        return Loaded(
            self.created + other.created,
            self.changed + other.changed,
            self.removed + other.removed,
        )

    def __bool__(self) -> bool:
        """Return whether anything was written."""
        return bool(self.created or self.changed or self.removed)


def write_rows(
    model: type[Row],
    *,
    existing: Mapping[Key, Row],
    wanted: Mapping[Key, Mapping[str, Any]],
    keep: Iterable[str] = (),
) -> Loaded:
    """Create the missing rows and correct those that differ; columns in `keep` are set once."""
    made = [model(**values) for key, values in wanted.items() if key not in existing]
    model._default_manager.bulk_create(made)
    columns: set[str] = set()
    changed: list[Row] = []
    for key, row in existing.items():
        differing = _differing(row, wanted.get(key, {}), frozenset(keep))
        for name, value in differing.items():
            setattr(row, name, value)
        columns |= differing.keys()
        changed += [row] if differing else []
    if changed:
        model._default_manager.bulk_update(changed, sorted(columns))
    return Loaded(len(made), len(changed))


def _differing(row: Model, values: Mapping[str, Any], keep: frozenset[str]) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if name not in keep and getattr(row, name) != value
    }
