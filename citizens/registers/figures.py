"""How much a register holds and how complete it is, counted once a delivery and remembered.

Counting three million rows takes seconds, so a figure is kept under the number of the last batch
and the day; a page that finds none counts within a time limit, and says so where that runs out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import caches
from django.db import OperationalError, connection, transaction
from django.db.models import Count, Exists, Max, QuerySet
from redis.exceptions import RedisError

from citizens.enums import BatchState
from citizens.models import Batch
from citizens.registers.declared import FORMATS
from citizens.registers.formats import Format
from citizens.registers.measures import Measure, measures_of, rows_of

A_PAGES_PATIENCE = 3  # seconds a statement
_KEPT = 2 * 24 * 60 * 60


@dataclass(frozen=True)
class Share:
    """A measure with its figures: `numerator` of `denominator` rows have it."""

    measure: Measure
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """The share in per cent; None where there is nothing to count."""
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Figures:
    """What a table holds. `held` is None where counting took too long."""

    declared: Format
    held: int | None
    shares: tuple[Share, ...] = ()

    @property
    def percent(self) -> float | None:
        """The mean of the shares, each counted alike; None where there are none."""
        found = [share.percent for share in self.shares if share.percent is not None]
        return sum(found) / len(found) if found else None


def held_count(register: str, kind: str) -> int:
    """Return how many facts of a table are held: what a delivery is compared with."""
    return rows_of(FORMATS[f"{register}.{kind}"]).count()


def figures_of(declared: Format, *, day: date, seconds: int = A_PAGES_PATIENCE) -> Figures:
    """Return the figures of a table for the civil date `day`, remembered or counted now.

    A statement may take `seconds`.
    """
    newest = _newest_batches().get(declared.register, 0)
    key = _key(declared, newest, day)
    return _remembered([key], [declared]).get(declared.key) or _counted(declared, key, day, seconds)


def all_figures(*, day: date, within: float = A_PAGES_PATIENCE) -> dict[str, Figures]:
    """Return the figures of every table by its key; what is not counted `within` seconds is None.

    What was left out is counted when somebody asks again.
    """
    newest, until = _newest_batches(), time.monotonic() + within
    keys = {one.key: _key(one, newest.get(one.register, 0), day) for one in FORMATS.values()}
    found = _remembered(list(keys.values()), list(FORMATS.values()))
    for declared in FORMATS.values():
        if declared.key not in found:
            left = int(until - time.monotonic()) + 1
            found[declared.key] = (
                _counted(declared, keys[declared.key], day, left)
                if left > 0
                else Figures(declared, None)
            )
    return found


def _newest_batches() -> dict[str, int]:
    """Return the number of the last delivery of each register."""
    done = Batch.objects.filter(state=BatchState.DONE).order_by()
    return dict(done.values_list("register").annotate(newest=Max("pk")))


def _key(declared: Format, newest: int, day: date) -> str:
    return f"figures:{declared.key}:{newest}:{day.isoformat()}"


Counted = tuple[int, list[tuple[int, int]]]


def _remembered(keys: Sequence[str], tables: Sequence[Format]) -> dict[str, Figures]:
    """Return what is remembered under `keys`, one for each table."""
    known: dict[str, Counted] = {}
    with suppress(RedisError):
        known = caches["fast"].get_many(keys)
    pairs = zip(keys, tables, strict=True)
    return {one.key: _of(one, known[key]) for key, one in pairs if key in known}


def _counted(declared: Format, key: str, day: date, seconds: int) -> Figures:
    try:
        counted = _count(declared, measures_of(declared), day, seconds)
    except OperationalError:
        return Figures(declared, None)
    with suppress(RedisError):
        caches["fast"].set(key, counted, _KEPT)
    return _of(declared, counted)


def _of(declared: Format, counted: Counted) -> Figures:
    held, pairs = counted
    measures = measures_of(declared)
    shares = tuple(Share(one, *pair) for one, pair in zip(measures, pairs, strict=True))
    return Figures(declared, held, shares)


def _count(declared: Format, measures: Sequence[Measure], day: date, seconds: int) -> Counted:
    """Count in one pass, and in one more for each measure that looks into another table."""
    rows = rows_of(declared)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
        wanted: dict[str, Any] = {"held": Count("pk")}
        for one in measures:
            among = one.among(day)
            wanted[f"{one.name}_of"] = Count("pk", filter=among) if among else Count("pk")
            if not isinstance(one.has, Exists):
                wanted[one.name] = Count("pk", filter=among & one.has)
        found = rows.aggregate(**wanted)
        pairs = [(_having(rows, one, found), found[f"{one.name}_of"]) for one in measures]
    return found["held"], pairs


def _having(rows: QuerySet[Any], measure: Measure, found: dict[str, int]) -> int:
    """Return the numerator: counted already, or asked of the other table as a join."""
    if isinstance(measure.has, Exists):
        return rows.filter(measure.has).count()
    return found[measure.name]
