"""A slice of a delivery, and how a statement is run over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction

from citizens.registers.formats import Format

# What every statement over a slice selects from: its rows, without those that are older than held.
ROWS = "line > %(after)s AND line <= %(last)s AND NOT is_stale"
# A new party's key. The sequence is looked up once a statement: by its name it is for each row.
NEXT_PARTY = "nextval((SELECT pg_get_serial_sequence('citizens_party', 'id')::regclass))"


@dataclass(frozen=True)
class Slice:
    """Lines `after` < line ≤ `last` of one batch, whose facts are of the civil date `as_of`."""

    after: int
    last: int
    batch: int
    as_of: date

    def parameters(self, declared: Format) -> dict[str, Any]:
        """Return what the statements of a format are given."""
        event = declared.event
        return {
            "after": self.after,
            "last": self.last,
            "batch": self.batch,
            "as_of": self.as_of,
            "register": declared.register,
            "kind": declared.fact_kind,
            "record_kind": declared.kind,
            "key_column": declared.row_key[0],
            "event": str(event.kind) if event else None,
            "role": str(event.role) if event else None,
        }


@dataclass(frozen=True)
class Tie:
    """What ties rows to each other: statements over a slice, and the resolved columns they read."""

    columns: str
    statements: Sequence[str]

    def write(self, part: Slice) -> None:
        """Write the ties of a slice."""
        for statement in self.statements:
            run(statement, asdict(part))


@dataclass(frozen=True)
class Written:
    """How many facts a slice made and changed."""

    created: int = 0
    changed: int = 0


def insert(
    statement: str, conflict: str, parameters: Mapping[str, Any], *, is_expected: bool
) -> None:
    """Insert, and do what `conflict` says with rows that stand already.

    Where none is expected it is tried without: looking for them costs every row a second look into
    the index. Should there be one nevertheless, all is done again with it.
    """
    if not is_expected:
        with suppress(IntegrityError), transaction.atomic():
            run(statement, parameters)
            return
    run(statement + conflict, parameters)


def run(statement: str, parameters: Mapping[str, Any]) -> int:
    """Run one statement; return how many rows it wrote, or the number that it selects."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if cursor.description is not None:
            return int(cursor.fetchone()[0])
        return int(cursor.rowcount)
