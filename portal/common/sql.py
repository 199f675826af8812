"""INSERT … SELECT, UPDATE … RETURNING, WITH and several SELECTs at once, composed by the ORM.

A queryset says *which* rows, this module writes them where they belong without fetching one. All
values stay bound parameters. Columns that are not named take their `db_default`: Python defaults
do not fire here. Names of common table expressions are identifiers chosen in the code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, Literal, cast

from django.db import InterfaceError, InternalError, OperationalError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import UpdateQuery

DEFAULT = "default"
_READ_ONLY = "25006"


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


def ask_together(*querysets: models.QuerySet[Any, Any]) -> None:
    """Read several querysets, whatever their tables, by one question to the database.

    Each is filled as if it had been read by itself, in its own order, and asks no more. For pages
    that read a few rows of many tables: each question less spares a way to the database and back.
    """
    parts = [_Part(queryset) for queryset in querysets if queryset._result_cache is None]
    if not parts:
        return
    text = " UNION ALL ".join(part.told(number) for number, part in enumerate(parts))
    with connections[parts[0].queryset.db].cursor() as cursor:
        cursor.execute(text, [value for part in parts for value in part.params])
        found = sorted(cursor.fetchall(), key=itemgetter(0, 1))
        for number, _place, kinds, texts in found:
            # The driver's own reading of what PostgreSQL writes: the same values as of any row.
            row = tuple(
                None if text is None else cursor.cast(kind, text)
                for kind, text in zip(kinds, texts, strict=True)
            )
            parts[number].rows.append(row)
    for part in parts:
        part.fill()


def read_beside(
    row: models.Model, *also: models.QuerySet[Any, Any], **querysets: models.QuerySet[Any, Any]
) -> None:
    """Read what belongs to one row, and `also` more, by one question.

    Each of `querysets` is kept under the name of its manager: `row.papers.all()` asks no more then,
    as after `prefetch_related`.
    """
    ask_together(*querysets.values(), *also)
    kept: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    kept.update(querysets)


class _Part:
    """A queryset whose rows come with those of others, each column as text with its type."""

    def __init__(self, queryset: models.QuerySet[Any, Any]) -> None:
        self.queryset = queryset
        self.rows: list[tuple[Any, ...]] = []
        self._compiler = queryset.query.get_compiler(queryset.db, elide_empty=False)
        self._sql, self.params = self._compiler.as_sql(with_col_aliases=True)

    def told(self, number: int) -> str:
        """Return the statement of the part: its number, place, and each row's types and texts."""
        quote = self._compiler.connection.ops.quote_name
        names = [quote(str(alias)) for _expression, _sql, alias in self._compiler.select]
        kinds = ", ".join(f"pg_typeof({name})::oid::bigint" for name in names)
        texts = ", ".join(f"CASE WHEN {name} IS NOT NULL THEN concat({name}) END" for name in names)
        columns = f"{number}, row_number() OVER (), ARRAY[{kinds}], ARRAY[{texts}]"
        return f"(SELECT {columns} FROM ({self._sql}) part)"  # noqa: S608 - of the ORM's own SQL

    def fill(self) -> None:
        """Let the queryset make of the rows what it makes of its own."""
        told, compiler = self.queryset.all(), self._compiler
        vars(compiler).update(execute_sql=lambda *_args, **_kwargs: [self.rows])
        vars(told.query).update(get_compiler=lambda *_args, **_kwargs: compiler)
        self.queryset._result_cache = list(told)


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
NULL = r"\N"  # as COPY reads it
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_in(
    table: str,
    columns: Iterable[str],
    blocks: Iterable[bytes],
    *,
    using: str = DEFAULT,
) -> int:
    """COPY rows into a table, several times quicker than INSERT, and return how many there were.

    Blocks are rows as a `line_writer` for these columns writes them, in UTF-8, none of them empty.
    They are taken as they come and never held together. Not for tables with row security in force.
    What goes wrong while `blocks` are made is raised as it is, not as a COPY that was broken off.
    """
    quote = connections[using].ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    file = _Blocks(blocks)
    try:
        with connections[using].wrap_database_errors, connections[using].cursor() as cursor:
            cursor.copy_expert(f"COPY {quote(table)} ({names}) FROM STDIN", file)
    except Exception:  # of the driver itself
        if file.failure is not None:
            raise file.failure from None
        raise
    return file.count


class _Blocks:
    """Blocks of rows as a file that COPY reads: each `read` gives the next one whole."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self.count = 0
        self.failure: BaseException | None = None
        self._blocks = iter(blocks)

    def read(self, _size: int = -1, /) -> bytes:
        """Return the next block, nothing at the end."""
        try:
            block = next(self._blocks, b"")
            self.count += block.count(b"\n")  # ends each row, and is escaped in a value
        except BaseException as failure:  # Ctrl-C too: the driver knows only its own errors
            self.failure = failure
            raise
        return block


def line_writer(columns: Mapping[str, str]) -> Callable[[Mapping[str, Any]], str]:
    """Return what writes a row as COPY reads it; `columns` are its names with their SQL types.

    The types are text, uuid (given as text), integer, bigint, date, bytea and jsonb. What a row
    lacks is NULL, as None.
    """
    writers = [(name, _COPIED[kind]) for name, kind in columns.items()]

    def write(row: Mapping[str, Any]) -> str:
        get = row.get
        return (
            "\t".join(
                [
                    NULL if (value := get(name)) is None else written(value)
                    for name, written in writers
                ]
            )
            + "\n"
        )

    return write


def copied_text(value: str) -> str:
    """Return a text as COPY reads it."""
    # Four looks are far quicker than one translation, and hardly a text needs it.
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(_ESCAPES)
    return value


def copied_bytes(value: bytes) -> str:
    """Return bytes as COPY reads them."""
    return "\\\\x" + value.hex()


def _copied_document(value: Any) -> str:
    return copied_text(as_document(value))


# A document of ours holds itself nowhere: there is nothing to look for.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def as_document(value: Any) -> str:
    """Return JSON. Most documents name texts and nothing else, which is quicker done by hand."""
    try:
        parts = [f"{encode_basestring(key)}: {encode_basestring(of)}" for key, of in value.items()]
    except (AttributeError, TypeError):  # another kind of document, or of value
        return _encode(value)
    return f"{{{', '.join(parts)}}}"


_COPIED: Mapping[str, Callable[[Any], str]] = {
    "text": copied_text,
    "uuid": str,
    "integer": str,
    "bigint": str,
    "date": date.isoformat,
    "bytea": copied_bytes,
    "jsonb": _copied_document,
}


def take_oldest(
    rows: models.QuerySet[Any], *, columns: Sequence[str], limit: int
) -> list[tuple[Any, ...]]:
    """Take up to `limit` rows out of a mailbox, the oldest first claimed; return their columns.

    They are gone with the transaction in which this is called. What another reader is taking is
    left to it, never waited for.
    """
    meta = rows.model._meta
    told = ", ".join(str(meta.get_field(name).column) for name in columns)
    oldest = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    delete = Statement(
        f"DELETE FROM {meta.db_table}"  # noqa: S608 - names of our own table
        f" WHERE id IN (SELECT id FROM taken) RETURNING {told}"
    )
    part = With("taken", select(oldest.values_list("pk")[:limit]), ("id",))
    return chain(part, final=delete).fetch()


def is_database_away(error: BaseException | None) -> bool:
    """Tell whether the database is gone, full, locked, or takes no writes for now (F3, F4, F13).

    Nobody's row is at fault then: whoever works asks again later, whoever reads is told so.
    """
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", None) == _READ_ONLY
    return isinstance(error, (OperationalError, InterfaceError))
