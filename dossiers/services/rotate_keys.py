"""Bring every encrypted value under the newest key, so that an old one may leave the ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Func, IntegerField, QuerySet, Value

from dossiers.services.sealed_columns import SEALED, SealedColumn
from portal.common.crypto import reseal, ring
from portal.common.errors import SealError

BATCH = 500
_NUMBER = Func(F("sealed_value"), Value(1), function="get_byte", output_field=IntegerField())

Swap = tuple[int, bytes, bytes]
Progress = Callable[[SealedColumn, int], None]


@dataclass
class Rotation:
    """What was done to one column: values written anew, changed by others meanwhile, not opened."""

    column: SealedColumn
    written: int = 0
    raced: int = 0
    unreadable: int = 0


def values_by_key(column: SealedColumn) -> dict[int, int]:
    """Return how many values of a column each key has sealed, by the key's number."""
    counted = _values(column).values("key_number").annotate(count=Count("pk"))
    with _unhurried():
        return dict(counted.values_list("key_number", "count"))


def rotate_keys(
    *, columns: Sequence[SealedColumn] = SEALED, progress: Progress = lambda _column, _count: None
) -> list[Rotation]:
    """Seal what older keys hold under the newest one; `progress` hears of each batch's size.

    Each batch of 500 is a statement of its own and writes a value only where it is still the one
    that was read, so the portal may go on working, and a run that was killed is taken up by the
    next. Values that do not open (altered, or their key is gone) stay as they are and are counted.
    """
    return [_rotate(column, progress) for column in columns]


def swap(column: SealedColumn, swaps: Sequence[Swap]) -> int:
    """Write (row's key, value before, value after) where the row still holds the value before."""
    quote = connection.ops.quote_name
    key = column.model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(column.table)} AS row SET {quote(column.column)} = swap.after "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS swap (key, before, after) "
            f"WHERE row.{quote(str(key))} = swap.key AND row.{quote(column.column)} = before",
            [list(part) for part in zip(*swaps, strict=True)],
        )
        return int(cursor.rowcount)


@contextmanager
def _unhurried() -> Iterator[None]:
    """Read whole tables, which takes longer than a page's statement may, in one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _values(column: SealedColumn) -> QuerySet[Any]:
    """Rows that hold a value, with the number of the key that sealed it."""
    rows = column.model._default_manager.filter(**{f"{column.column}__isnull": False})
    numbered: QuerySet[Any] = rows.annotate(sealed_value=F(column.column), key_number=_NUMBER)
    return numbered


def _rotate(column: SealedColumn, progress: Progress) -> Rotation:
    done = Rotation(column)
    for rows in _batches(column):
        swaps: list[Swap] = []
        for row in rows:
            try:
                swaps.append((row.pk, bytes(row.sealed_value), _fresh(column, row)))
            except SealError:
                done.unreadable += 1
        written = swap(column, swaps) if swaps else 0
        done.written += written
        done.raced += len(swaps) - written
        progress(column, len(rows))
    return done


def _fresh(column: SealedColumn, row: Any) -> bytes:
    identity = column.identity(row)
    return reseal(row.sealed_value, table=column.table, column=column.column, identity=identity)


def _batches(column: SealedColumn) -> Iterator[list[Any]]:
    """Yield rows under older keys in the order of their keys; nothing is held open between them."""
    newest = ring()[0]
    joined = {path.rpartition("__")[0] for path in column.reads} - {""}
    rows = _values(column).exclude(key_number=newest).only("pk", *column.reads).order_by("pk")
    rows = rows.select_related(*joined) if joined else rows
    last = 0
    while batch := _read(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _read(rows: QuerySet[Any]) -> list[Any]:
    """Return rows that may lie far apart: most of the others are under the newest key already."""
    with _unhurried():
        return list(rows)


def remaining(columns: Sequence[SealedColumn] = SEALED) -> dict[int, int]:
    """Return how many values each key but the newest still holds, of the ring and beyond it."""
    total: Counter[int] = Counter(dict.fromkeys(ring()[1:], 0))
    for column in columns:
        total.update(values_by_key(column))
    total.pop(ring()[0], None)
    return dict(total)
