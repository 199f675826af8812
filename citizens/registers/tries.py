"""How often the worker began to import a batch at the line it has reached, and did not end.

A kill may be the reason, so the count stands in a table: in the cache that guards.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import caches

from citizens.models import Batch
from citizens.registers.session import held_registers

MOST_TRIES = 5
_DAY = 24 * 60 * 60


def count_try(batch: Batch) -> int:
    """Count one more try and return its number."""
    cache, key = caches["default"], _key(batch)
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, _DAY)
    return count


def forget_tries(batch: Batch) -> None:
    """Forget the tries of a batch that has ended, or waits for a person."""
    caches["default"].delete(_key(batch))


def failed_tries(batches: Iterable[Batch]) -> dict[int, int]:
    """Return how many tries failed, by the batch's number; none of a register that is at work.

    Two queries at most, however many batches.
    """
    keys = {_key(batch): batch for batch in batches}
    found = caches["default"].get_many(keys)
    held = held_registers() if found else set()
    return {
        keys[key].pk: count for key, count in found.items() if keys[key].register_id not in held
    }


def _key(batch: Batch) -> str:
    return f"import-begun:{batch.pk}:{batch.progress}"
