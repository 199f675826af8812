"""The shared lease of every outbox: claim, write back, release. No loss, no second sender.

A table that uses it has the columns `state`, `lease_until` and `attempt`. One conditional UPDATE
claims rows: it names the holder's state, sets the end of the lease and raises `attempt`. That
number fences what the holder writes later: when the lease ran out and another process claimed the
row, the number has moved on and the late write changes nothing. Nothing here waits for a network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections, models, router, transaction

Row = TypeVar("Row", bound=models.Model)


def claim(due: models.QuerySet[Row], *, held: str, until: datetime, limit: int) -> list[Row]:
    """Take up to `limit` rows, first ones of an ordered queryset first, until the instant `until`.

    Rows that another process is claiming are skipped, never waited for. They come back changed,
    with `state` = `held`, in no particular order. `due` must filter on something that the claim
    changes.
    """
    if limit < 1:
        return []
    model = due.model
    using = router.db_for_write(model)
    quote = connections[using].ops.quote_name
    table, key = quote(model._meta.db_table), quote(_key(model))
    chosen = due.using(using).select_for_update(skip_locked=True).values(_key(model))[:limit]
    with transaction.atomic(using=using):
        inner, params = chosen.query.get_compiler(using).as_sql()
        # MATERIALIZED: a plain `IN (SELECT … LIMIT)` may be run twice by a join and take too many.
        sql = (
            f"WITH chosen AS MATERIALIZED ({inner}) "  # noqa: S608 - names of our own tables
            f"UPDATE {table} SET state = %s, lease_until = %s, attempt = attempt + 1 "
            f"WHERE {key} IN (SELECT {key} FROM chosen) RETURNING {table}.*"
        )
        return list(model._default_manager.using(using).raw(sql, [*params, held, until]))


def write_back(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    held: str,
    keep_lease: bool = False,
) -> set[int]:
    """Write one UPDATE for many held rows; return the keys of those that were still held.

    Each mapping has `pk` and `attempt` (the fence) and the same other columns. A row whose lease
    went to another attempt, or that left the state `held`, is not touched. The write ends the
    lease unless `keep_lease`.
    """
    return _fenced_update(model, rows, held, "" if keep_lease else "lease_until = NULL")


def release(model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, held: str) -> set[int]:
    """Give rows back as if they had not been claimed: like `write_back`, and `attempt` falls again.

    Only for rows with which nothing was tried. Each mapping has the `lease_until` of its claim too:
    the next claim gets the same number, so that number alone would let a second release of one
    claim (its first was committed, and the answer lost) give back what another holder has.
    """
    extra = "lease_until = NULL, attempt = t.attempt - 1"
    return _fenced_update(model, rows, held, extra, fences=("attempt", "lease_until"))


def append(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many rows, all with the same columns, by one statement; those that exist are left out."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    fields = [_column(model, name) for name in rows[0]]
    kinds = ", ".join(f"{quote(field.name)} {field.db_type(connection)}" for field in fields)
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} "  # noqa: S608 - names of our own tables
        f"({', '.join(quote(str(field.column)) for field in fields)}) "
        f"SELECT {', '.join(quote(field.name) for field in fields)} "
        f"FROM jsonb_to_recordset(%s::jsonb) AS v({kinds}) ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(rows, ensure_ascii=False, default=_plain)])


def _fenced_update(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    held: str,
    extra: str,
    fences: Sequence[str] = ("attempt",),
) -> set[int]:
    """Update rows from one JSON parameter, typed by the model's own columns."""
    if not rows:
        return set()
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    names = [name for name in rows[0] if name not in {"pk", *fences}]
    fields = [_column(model, name) for name in names]
    fenced = [_column(model, name) for name in fences]
    kinds = ["pk bigint"]
    kinds += [f"{quote(field.name)} {field.db_type(connection)}" for field in (*fenced, *fields)]
    settings = [f"{quote(str(field.column))} = v.{quote(field.name)}" for field in fields]
    if extra:
        settings.append(extra)
    key = quote(_key(model))
    ours = " AND ".join(f"t.{quote(str(f.column))} = v.{quote(f.name)}" for f in fenced)
    sql = (
        f"UPDATE {quote(model._meta.db_table)} AS t SET {', '.join(settings)} "  # noqa: S608
        f"FROM jsonb_to_recordset(%s::jsonb) AS v({', '.join(kinds)}) "
        f"WHERE t.{key} = v.pk AND {ours} AND t.state = %s RETURNING t.{key}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(rows, ensure_ascii=False, default=_plain), held])
        return {row[0] for row in cursor.fetchall()}


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is not a column")
    return field


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return f"\\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} cannot be written back")
