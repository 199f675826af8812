"""The columns in which each target is staged, and how a declared column's value gets there.

A staged row holds no personal number and no phone in clear: numbers become keyed indexes, and what
must be opened again is sealed before it reaches the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from os import urandom
from types import MappingProxyType
from typing import Any

from django.db.models import Model

from citizens.models import Citizen, CitizenSensitive, ContactPoint, Credential
from citizens.registers.cells import Birth, Pin
from citizens.registers.formats import Column, Format, Target
from portal.common.crypto import indexer, keyed_index, sealer
from portal.common.sql import as_document

SMS = "sms"
# What every target has: where the row stood, what is wrong with it, what identifies it, and a
# number that is equal for equal rows.
COMMON: Mapping[str, str] = MappingProxyType(
    {"line": "integer", "problems": "jsonb", "key": "bytea", "content": "bigint"}
)
_EVENT = {
    "event_key": "bytea",
    "event_mother": "bytea",
    "event_father": "bytea",
    "event_spouse": "bytea",
    "event_relative": "bytea",
}
_STATED = {
    "stated_name": "text",
    "stated_birth": "date",
    "stated_precision": "text",
    "stated_address": "text",
}
LAYOUTS: Mapping[Target, Mapping[str, str]] = MappingProxyType(
    {
        Target.PERSON: {
            "public_id": "uuid",
            "pin_enc": "bytea",
            "pin_gender": "text",
            "pin_year": "integer",
            "full_name": "text",
            "family_name": "text",
            "middle_name": "text",
            "given_name": "text",
            "birth_date": "date",
            "birth_precision": "text",
            "gender": "text",
            "unit_code": "text",
            "current_address": "text",
            "permanent_address": "text",
            "died_on": "date",
            "emigrated_on": "date",
            "phone_index": "bytea",
            "phone_enc": "bytea",
            "phone_public_id": "uuid",
            "body": "jsonb",
            "sensitive_enc": "bytea",
            "household_number": "text",
            "relation_to_head": "text",
            "father": "bytea",
            "mother": "bytea",
            "spouse": "bytea",
        },
        Target.PAPER: {
            "number_enc": "bytea",
            "holder": "bytea",
            "holder_code": "text",
            **_STATED,
            "category": "text",
            "issued_on": "date",
            "expires_on": "date",
            "occurred_on": "date",
            "issuer": "text",
            "status": "text",
            "unit_code": "text",
            "body": "jsonb",
            **_EVENT,
        },
        Target.RECORD: {
            "subject": "bytea",
            "subject_code": "text",
            **_STATED,
            "occurred_on": "date",
            "body": "jsonb",
            **_EVENT,
        },
        Target.ORGANISATION: {
            "tax_code": "text",
            "name": "text",
            "unit_code": "text",
            "address": "text",
            "occurred_on": "date",
            "representative": "bytea",
            "event_key": "bytea",
        },
    }
)

Row = dict[str, Any]
Place = Callable[[Row, Any], None]
Finish = Callable[[Row, Mapping[str, Any]], None]


def columns_of(target: Target) -> dict[str, str]:
    """Return the staged columns of a target with their SQL types, in order."""
    return {**COMMON, **LAYOUTS[target]}


def places_of(column: Column) -> list[Place]:
    """Return how the value of a declared column is put into a staged row."""
    return [_place(to) for to in column.to.split("+") if to != "number"]


def filled_by(columns: Sequence[Column], declared: Format) -> list[str]:
    """Return the staged columns that a file with these declared columns fills, in order."""
    rooms = {to.partition(".")[0] for column in columns for to in column.to.split("+")}
    events = {f"event_{to[6:]}" for c in columns for to in c.to.split("+") if to[:6] == "event."}
    derived = {name for room in rooms for name in _DERIVED.get(room, (room,))}
    own = {"event_key"} if declared.event else set()
    wanted = COMMON.keys() | derived | events | own
    return [name for name in columns_of(declared.target) if name in wanted]


def finisher_of(declared: Format) -> Finish:
    """Return what completes a staged row: its key, its event's key, sealed values.

    A person is known by the PIN's index, a paper by its number's (as `Credential.index_of`), other
    rows by the columns of `row_key`. An event is known by its number, whoever's row tells of it.
    """
    match declared.target:
        case Target.PERSON:
            finish = _finish_person()
        case Target.PAPER:
            finish = _finish_paper(declared)
        case _:
            finish = _finish_by_key(declared)
    if declared.event is None:
        return finish
    names = declared.event.key or tuple(name for name in declared.row_key if name != "pin")

    def both(row: Row, cells: Mapping[str, Any]) -> None:
        finish(row, cells)
        row["event_key"] = keyed_index(
            "event", declared.register, declared.kind, *_texts(names, cells)
        )

    return both


def _place(to: str) -> Place:
    room, dot, key = to.partition(".")
    if room == "event":
        return _pin_index(f"event_{key}")
    if dot:
        return _document(room, key)
    if to in _PEOPLE:
        return _pin_index(to)
    return _SPECIAL.get(to) or _plain(to)


def _plain(name: str) -> Place:
    def put(row: Row, value: Any) -> None:
        row[name] = value

    return put


def _document(name: str, key: str) -> Place:
    def put(row: Row, value: Any) -> None:
        told = value.isoformat() if isinstance(value, date) else value
        row.setdefault(name, {})[key] = told

    return put


def _pin_index(name: str) -> Place:
    index_of = indexer("pin")

    def put(row: Row, value: Pin) -> None:
        row[name] = index_of(value.text)

    return put


def _name(row: Row, value: str) -> None:
    first, *middle, last = value.split(" ")
    row["full_name"] = value
    row["family_name"], row["middle_name"], row["given_name"] = first, " ".join(middle), last


def _birth(row: Row, value: Birth) -> None:
    row["birth_date"], row["birth_precision"] = value


def _stated_birth(row: Row, value: Birth) -> None:
    row["stated_birth"], row["stated_precision"] = value


def _nothing(row: Row, value: Any) -> None:
    """Leave it to the finisher."""


_PEOPLE = frozenset({"holder", "subject", "father", "mother", "spouse", "representative"})
_SPECIAL: Mapping[str, Place] = MappingProxyType(
    {
        "pin": _nothing,
        "phone": _nothing,
        "full_name": _name,
        "birth": _birth,
        "stated_birth": _stated_birth,
    }
)
# Where a value goes under another name, or to several columns.
_DERIVED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pin": ("public_id", "pin_enc", "pin_gender", "pin_year"),
        "full_name": ("full_name", "family_name", "middle_name", "given_name"),
        "birth": ("birth_date", "birth_precision"),
        "stated_birth": ("stated_birth", "stated_precision"),
        "phone": ("phone_index", "phone_enc", "phone_public_id"),
        "sensitive": ("sensitive_enc",),
        "number": ("number_enc",),
    }
)


def _finish_person() -> Finish:
    seal_pin = sealer_of(Citizen, "pin_enc")
    seal_phone = sealer_of(ContactPoint, "value_enc")
    seal_body = sealer_of(CitizenSensitive, "body_enc")
    index_of, phone_index_of = indexer("pin"), indexer("contact", SMS)

    def finish(row: Row, cells: Mapping[str, Any]) -> None:
        number: Pin = cells["pin"]
        key = row["key"] = index_of(number.text)
        # Here and not by the database's default, which asks the system for each one by itself.
        drawn = urandom(32).hex()
        row["public_id"] = as_uuid(drawn[:32])
        row["pin_enc"] = seal_pin(number.text.encode(), key)
        row["pin_gender"], row["pin_year"] = number.gender, number.year
        phone = cells.get("phone")
        if phone:
            index = row["phone_index"] = phone_index_of(phone)
            row["phone_enc"] = seal_phone(phone.encode(), index)
            row["phone_public_id"] = as_uuid(drawn[32:])
        sensitive = row.pop("sensitive", None)
        if sensitive:
            row["sensitive_enc"] = seal_body(as_document(sensitive).encode(), key)

    return finish


def as_uuid(drawn: str) -> str:
    """Return 32 random hexadecimal digits with the marks of a random UUID (RFC 9562)."""
    return f"{drawn[:12]}4{drawn[13:16]}a{drawn[17:]}"


def sealer_of(model: type[Model], column: str) -> Callable[[bytes, bytes], bytes]:
    """Return what seals values of a column, as `portal.common.crypto.sealer`."""
    return sealer(table=model._meta.db_table, column=column)


def _finish_paper(declared: Format) -> Finish:
    register, kind = declared.register, declared.fact_kind
    seal_number = sealer_of(Credential, "number_enc")

    def finish(row: Row, cells: Mapping[str, Any]) -> None:
        number = cells["number"]
        key = row["key"] = Credential.index_of(register, kind, number)
        row["number_enc"] = seal_number(number.encode(), key)

    return finish


def _finish_by_key(declared: Format) -> Finish:
    register, kind, names = declared.register, declared.kind, declared.row_key

    def finish(row: Row, cells: Mapping[str, Any]) -> None:
        row["key"] = keyed_index(register, kind, *_texts(names, cells))

    return finish


def _texts(names: Sequence[str], cells: Mapping[str, Any]) -> list[str]:
    values = [cells.get(name, "") for name in names]
    return [value.text if isinstance(value, Pin) else str(value) for value in values]
