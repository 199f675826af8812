"""Put many rows into a table at once: PostgreSQL's COPY, several times quicker than INSERT.

Columns that are not named take the database's own defaults (public ids, instants), as COPY never
asks Python for them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write `rows` into the model's table, `columns` by their database names; return how many."""
    buffer = io.StringIO()
    count = 0
    for row in rows:
        buffer.write("\t".join([_cell(value) for value in row]))
        buffer.write("\n")
        count += 1
    buffer.seek(0)
    _copy(model._meta.db_table, columns, buffer)
    return count


def _copy(table: str, columns: Sequence[str], lines: io.StringIO) -> None:
    """Copy into the table; where row security forbids that, by way of a table of the session's."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [table])
        if not cursor.fetchone()[0]:
            cursor.copy_expert(f"COPY {quote(table)} ({names}) FROM STDIN", lines)
            return
        cursor.execute(
            f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS "  # noqa: S608
            f"SELECT {names} FROM {quote(table)} WITH NO DATA"
        )
        cursor.copy_expert(f"COPY copied ({names}) FROM STDIN", lines)
        cursor.execute(f"INSERT INTO {quote(table)} ({names}) SELECT {names} FROM copied")  # noqa: S608
        cursor.execute("DROP TABLE copied")


def take_keys(model: type[Model], count: int) -> list[int]:
    """Return `count` fresh primary keys, so that rows can point at each other before they stand."""
    with connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, key.column if key else "id", count],
        )
        return [row[0] for row in cursor.fetchall()]


def _cell(value: Any) -> str:
    """Return a value as COPY's text format writes it."""
    if value is None:
        return r"\N"
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _document(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False))


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: _text,
    bytes: lambda value: "\\\\x" + value.hex(),
    bool: lambda value: "t" if value else "f",
    DateRange: lambda value: f"[{value.lower or ''},{value.upper or ''})",
    date: date.isoformat,
    dict: _document,
    list: _document,
}
