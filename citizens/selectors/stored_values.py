"""One stored value: where it stands, what it is, as the text in which forms write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from citizens.enums import BirthPrecision, FactTable
from citizens.models import Citizen, Credential, Organisation, Register, RegisterRecord

Row = Citizen | Credential | RegisterRecord | Organisation

MODELS: Mapping[FactTable, Any] = MappingProxyType(
    {
        FactTable.CITIZEN: Citizen,
        FactTable.CREDENTIAL: Credential,
        FactTable.RECORD: RegisterRecord,
        FactTable.ORGANISATION: Organisation,
    }
)
DETAIL = "details."


class ValueKind(StrEnum):
    """How a value is written: dates ISO, a birth date as far as it is known (1938, 1938-05)."""

    NAME = "name"
    TEXT = "text"
    DATE = "date"
    MAYBE_DATE = "maybe_date"
    BIRTH = "birth"
    GENDER = "gender"
    NUMBER = "number"
    YES_NO = "yes_no"
    IDENTIFIER = "identifier"
    WHOLE = "whole"


K = ValueKind
COLUMNS: Mapping[FactTable, Mapping[str, ValueKind]] = MappingProxyType(
    {
        FactTable.CITIZEN: {
            "full_name": K.NAME,
            "birth_date": K.BIRTH,
            "gender": K.GENDER,
            "current_address": K.TEXT,
            "permanent_address": K.TEXT,
            "died_on": K.MAYBE_DATE,
            "emigrated_on": K.MAYBE_DATE,
            "pin": K.IDENTIFIER,
        },
        FactTable.CREDENTIAL: {
            "number": K.IDENTIFIER,
            "category": K.TEXT,
            "issued_on": K.DATE,
            "expires_on": K.MAYBE_DATE,
            "issuer": K.TEXT,
        },
        FactTable.ORGANISATION: {"tax_code": K.IDENTIFIER, "name": K.TEXT, "address": K.TEXT},
        FactTable.RECORD: {},
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which stored value: a column of a row, ``details.key`` of a paper, a key of a record.

    `whose` is the party that it is about, where whoever names the value has read its row.
    """

    table: FactTable
    object_id: int
    column: str
    whose: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A value as it stands: whose, from which register and as of when; "" for none."""

    origin: Origin
    subject_id: int
    register: Register
    as_of: date
    kind: ValueKind
    value: str


def stored_value(*, origin: Origin) -> StoredValue | None:
    """Return the value at `origin`, None where there is no such row or column (two queries)."""
    row = fact_row(origin=origin)
    return None if row is None else value_in(row=row, origin=origin)


def fact_row(*, origin: Origin, locked: bool = False) -> Row | None:
    """Return the row that holds a value, locked until the transaction ends where asked."""
    rows = MODELS[origin.table].objects.select_related("register")
    if locked:
        rows = rows.select_for_update(of=("self",))
    found: Row | None = rows.filter(pk=origin.object_id).first()
    return found


def value_in(*, row: Row, origin: Origin) -> StoredValue | None:
    """Return what `row` says at `origin`, None for a column that such a row does not have."""
    kind = _kind(row, origin.column)
    if kind is None:
        return None
    return StoredValue(
        origin=origin,
        subject_id=_subject(row),
        register=row.register,
        as_of=row.as_of,
        kind=kind,
        value=_value(row, origin.column),
    )


def document_of(row: Row, column: str) -> tuple[Any, list[str]] | None:
    """Return the document of a row and the path in it, None for a plain column."""
    if isinstance(row, RegisterRecord):
        return row.body, column.split(".")
    if isinstance(row, Credential) and column.startswith(DETAIL):
        return row.details, column.removeprefix(DETAIL).split(".")
    return None


def _subject(row: Row) -> int:
    match row:
        case Credential():
            return row.holder_id
        case RegisterRecord():
            return row.subject_id
        case _:
            return int(row.pk)


def _kind(row: Row, column: str) -> ValueKind | None:
    inside = document_of(row, column)
    if inside is None:
        return COLUMNS[_table(row)].get(column)
    value = walk(*inside)
    match value:
        case None:
            return None
        case bool():
            return K.YES_NO
        case int() | float():
            return K.NUMBER
        case str():
            return K.DATE if _is_day(value) else K.TEXT
        case _:
            return K.WHOLE


def _table(row: Row) -> FactTable:
    return next(table for table, model in MODELS.items() if isinstance(row, model))


def database_text(*, row: Row, column: str) -> str:
    """Return a value as PostgreSQL writes the column as text, "" for NULL."""
    inside = document_of(row, column)
    return _plain(walk(*inside) if inside is not None else getattr(row, column))


def _value(row: Row, column: str) -> str:
    if isinstance(row, Citizen) and column == "birth_date":
        return birth_text(row)
    return database_text(row=row, column=column)


def birth_text(citizen: Citizen) -> str:
    """Return the birth date as far as the register knows it: 1938, 1938-05 or 1938-05-17."""
    match BirthPrecision(citizen.birth_precision):
        case BirthPrecision.YEAR:
            return f"{citizen.birth_date:%Y}"
        case BirthPrecision.MONTH:
            return f"{citizen.birth_date:%Y-%m}"
        case _:
            return citizen.birth_date.isoformat()


def walk(document: Any, steps: Iterable[str]) -> Any:
    """Return what stands under a path of a document, or None."""
    for step in steps:
        if not isinstance(document, dict) or step not in document:
            return None
        document = document[step]
    return document


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
