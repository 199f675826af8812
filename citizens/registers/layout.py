"""The columns in which each target is staged, and how a declared column's value gets there.

A staged row holds no personal number and no phone in clear: numbers become keyed indexes, and what
must be opened again is sealed before it reaches the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from citizens.models import Citizen, CitizenSensitive, ContactPoint, Credential
from citizens.registers.cells import Birth, Pin
from citizens.registers.formats import Column, Format, Target
from portal.common.crypto import keyed_index

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
}
_STATED = {"stated_name": "text", "stated_birth": "date", "stated_address": "text"}
LAYOUTS: Mapping[Target, Mapping[str, str]] = MappingProxyType(
    {
        Target.PERSON: {
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


def columns_of(target: Target) -> dict[str, str]:
    """Return the staged columns of a target with their SQL types, in order."""
    return {**COMMON, **LAYOUTS[target]}


def places_of(column: Column, declared: Format) -> list[Place]:
    """Return how the value of a declared column is put into a staged row."""
    return [_place(to, declared) for to in column.to.split("+")]


def _place(to: str, declared: Format) -> Place:
    room, dot, key = to.partition(".")
    if room == "event":
        return _pin_index(f"event_{key}")
    if dot:
        return _document(room, key)
    special = _SPECIAL.get(to)
    if special is not None:
        return special
    if to == "number":
        return _number(declared)
    return _plain(to)


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
    def put(row: Row, value: Pin) -> None:
        row[name] = keyed_index("pin", value.text)

    return put


def _number(declared: Format) -> Place:
    register, kind = declared.register, declared.fact_kind

    def put(row: Row, value: str) -> None:
        row["number_enc"] = Credential.seal_number(register, kind, value)

    return put


def _pin(row: Row, value: Pin) -> None:
    row["pin_enc"] = Citizen.seal_pin(value.text)
    row["pin_gender"], row["pin_year"] = value.gender, value.year


def _name(row: Row, value: str) -> None:
    first, *middle, last = value.split(" ")
    row["full_name"] = value
    row["family_name"], row["middle_name"], row["given_name"] = first, " ".join(middle), last


def _birth(row: Row, value: Birth) -> None:
    row["birth_date"], row["birth_precision"] = value


def _stated_birth(row: Row, value: Birth) -> None:
    row["stated_birth"] = value.day


def _phone(row: Row, value: str) -> None:
    row["phone_index"] = ContactPoint.index_of(SMS, value)
    row["phone_enc"] = ContactPoint.seal_value(SMS, value)


_SPECIAL: Mapping[str, Place] = MappingProxyType(
    {
        "pin": _pin,
        "full_name": _name,
        "birth": _birth,
        "stated_birth": _stated_birth,
        "phone": _phone,
        **{
            name: _pin_index(name)
            for name in ("holder", "subject", "father", "mother", "spouse", "representative")
        },
    }
)


def seal_sensitive(row: Row) -> None:
    """Seal what is kept apart (ethnicity, religion, blood type) for the person of the row."""
    body = row.pop("sensitive", None)
    if body:
        row["sensitive_enc"] = CitizenSensitive.seal_body(row["key"], body)


def key_of(declared: Format, cells: Mapping[str, Any]) -> bytes:
    """Return what identifies a row of this format among its facts: a keyed index.

    A person is known by the PIN's index, a paper by its number's (as `Credential.index_of`), other
    rows by the columns of `row_key`.
    """
    if declared.target == Target.PERSON:
        return Citizen.index_of(cells["pin"].text)
    if declared.target == Target.PAPER:
        return Credential.index_of(declared.register, declared.fact_kind, cells["number"])
    return keyed_index(declared.register, declared.kind, *_texts(declared.row_key, cells))


def event_key_of(declared: Format, cells: Mapping[str, Any]) -> bytes:
    """Return what identifies the event that a row tells of: its number, whoever's row it is."""
    names = declared.event.key if declared.event else ()
    numbers = names or [name for name in declared.row_key if name != "pin"]
    return keyed_index("event", declared.register, declared.kind, *_texts(numbers, cells))


def _texts(names: Any, cells: Mapping[str, Any]) -> list[str]:
    values = [cells.get(name, "") for name in names]
    return [value.text if isinstance(value, Pin) else str(value) for value in values]
