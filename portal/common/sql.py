"""INSERT … SELECT, UPDATE … RETURNING and WITH, composed from querysets of the ORM.

A queryset says *which* rows, this module writes them where they belong without fetching one. All
values stay bound parameters. Columns that are not named take their `db_default`: Python defaults
do not fire here. Names of common table expressions are identifiers chosen in the code.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import UpdateQuery

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with its bound parameters."""

    sql: str
    params: tuple[Any, ...] = ()

    def execute(self, using: str = DEFAULT) -> int:
        """Run it and return the number of rows it wrote."""
        with connections[using].cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return int(cursor.rowcount)

    def fetch(self, using: str = DEFAULT) -> list[tuple[Any, ...]]:
        """Run it and return the rows it gives back."""
        with connections[using].cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return list(cursor.fetchall())


Rows = models.QuerySet[Any, Any] | Statement


def select(rows: Rows, using: str = DEFAULT) -> Statement:
    """Return the SELECT that a queryset stands for; one that can match nothing selects nothing."""
    if isinstance(rows, Statement):
        return rows
    compiler = rows.query.get_compiler(using, elide_empty=False)
    sql, params = compiler.as_sql()
    return Statement(sql, tuple(params))


def insert_select(
    *,
    into: type[models.Model],
    columns: Sequence[str],
    rows: Rows,
    on_conflict: Literal["nothing"] | None = None,
    returning: Sequence[str] = (),
    using: str = DEFAULT,
) -> Statement:
    """Return INSERT INTO … SELECT: `rows` gives the named fields of `into`, in that order.

    `on_conflict="nothing"` leaves out rows that any unique constraint already knows.
    """
    quote = connections[using].ops.quote_name
    source = select(rows, using)
    parts = [
        f"INSERT INTO {quote(into._meta.db_table)} ({_columns(into, columns, using)})",
        source.sql,
    ]
    if on_conflict == "nothing":
        parts.append("ON CONFLICT DO NOTHING")
    if returning:
        parts.append(f"RETURNING {_columns(into, returning, using)}")
    return Statement(" ".join(parts), source.params)


def update(
    rows: models.QuerySet[Any, Any],
    *,
    values: Mapping[str, Any],
    returning: Sequence[str] = (),
    using: str = DEFAULT,
) -> Statement:
    """Return UPDATE … SET … WHERE …: `rows.update(**values)`, not run yet and with RETURNING."""
    query = cast(UpdateQuery, rows.query.chain(UpdateQuery))
    query.add_update_values(dict(values))
    query.clear_select_clause()  # annotations are inlined by now
    sql, params = query.get_compiler(using, elide_empty=False).as_sql()
    if returning:
        sql = f"{sql} RETURNING {_columns(rows.model, returning, using)}"
    return Statement(sql, tuple(params))


@dataclass(frozen=True, slots=True)
class With:
    """One named part of a chain; its columns are named here, whatever the ORM called them."""

    name: str
    statement: Statement
    columns: Sequence[str] = field(default=())

    def as_sql(self) -> str:
        """Return `name (columns) AS MATERIALIZED (…)`: a part that writes runs once in any case."""
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.name}{columns} AS MATERIALIZED ({self.statement.sql})"


def chain(*parts: With, final: Statement) -> Statement:
    """Return one statement of several: WITH part, part … final.

    All parts see the tables as they stood before the statement; only a part's RETURNING shows
    what it wrote. That is why a later part reads an earlier one by its name.
    """
    text = ", ".join(part.as_sql() for part in parts)
    params = tuple(value for part in parts for value in part.statement.params)
    return Statement(f"WITH {text} {final.sql}", params + final.params)


class FromPart(Expression):
    """`(SELECT column FROM part)`: lets a queryset of a chain filter by an earlier part's column.

    Use it as `filter(pk__in=FromPart("told", "id", models.BigIntegerField()))`.
    """

    def __init__(self, part: str, column: str, output_field: models.Field[Any, Any]) -> None:
        """Remember which part and column; both are identifiers from the code."""
        super().__init__(output_field=output_field)
        self.part = part
        self.column = column

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the sub-select; it has no parameters."""
        quote = connection.ops.quote_name
        return f"(SELECT {quote(self.column)} FROM {quote(self.part)})", ()  # noqa: S608


def _columns(model: type[models.Model], names: Sequence[str], using: str) -> str:
    """Return field names as quoted columns; FieldDoesNotExist for a name the model lacks."""
    quote = connections[using].ops.quote_name
    fields = (cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names)
    return ", ".join(quote(str(field.column)) for field in fields)


# ------------------------------------------------------------------------- COPY, streamed
Progress = Callable[[int], None]
_TOLD_EVERY = 2_000
_COPY_SIZE = 1 << 16
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_in(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Iterable[Any]],
    *,
    progress: Progress | None = None,
    using: str = DEFAULT,
) -> int:
    """COPY rows into a table, several times quicker than INSERT, and return how many there were.

    Rows are taken as they come and never held together. Texts, bytes, dates, numbers and documents
    are written as PostgreSQL reads them, None as NULL. Not for tables with row security in force.
    What goes wrong while `rows` are made is raised as it is, not as a COPY that was broken off.
    """
    quote = connections[using].ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    lines = _Lines(rows, progress)
    try:
        with connections[using].cursor() as cursor:
            cursor.copy_expert(f"COPY {quote(table)} ({names}) FROM STDIN", lines, size=_COPY_SIZE)
    except Exception:  # of the driver itself
        if lines.failure is not None:
            raise lines.failure from None
        raise
    return lines.count


class _Lines(io.TextIOBase):
    """Rows as a file that COPY reads: each `read` gives as many whole rows as fill its size."""

    def __init__(self, rows: Iterable[Iterable[Any]], progress: Progress | None) -> None:
        self.count = 0
        self.failure: Exception | None = None
        self._progress = progress
        self._texts = self._written(rows)

    def _written(self, rows: Iterable[Iterable[Any]]) -> Iterator[str]:
        for row in rows:
            self.count += 1
            if self._progress is not None and self.count % _TOLD_EVERY == 0:
                self._progress(self.count)
            yield "\t".join(map(_copied, row)) + "\n"

    def read(self, size: int | None = -1, /) -> str:
        """Return the next rows, at least `size` characters of them, "" at the end."""
        try:
            return self._next(size)
        except Exception as failure:
            self.failure = failure
            raise

    def _next(self, size: int | None) -> str:
        parts: list[str] = []
        length = 0
        for text in self._texts:
            parts.append(text)
            length += len(text)
            if size is not None and 0 <= size <= length:
                break
        return "".join(parts)


def _copied(value: Any) -> str:
    """Return a value as COPY's text format writes it."""
    if value is None:
        return r"\N"
    write = _COPIED.get(type(value))
    if write is not None:
        return write(value)
    return _copied_text(value) if isinstance(value, str) else str(value)


def _copied_text(value: str) -> str:
    # Four looks are far quicker than one translation, and hardly a text needs it.
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(_ESCAPES)
    return value


def _copied_document(value: Any) -> str:
    return _copied_text(_as_document(value))


_as_document = json.JSONEncoder(ensure_ascii=False).encode
_COPIED: Mapping[type, Callable[[Any], str]] = {
    str: _copied_text,
    int: str,
    bytes: lambda value: "\\\\x" + value.hex(),
    bool: lambda value: "t" if value else "f",
    date: date.isoformat,
    dict: _copied_document,
    list: _copied_document,
}
