"""A value with its origin, and how people, places and dates are written into a form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from citizens.enums import BirthPrecision, Gender
from citizens.models import Citizen, Unit
from citizens.selectors import Origin
from procedures.enums import FieldSource

NATIONALITY_VI = "Việt Nam"
# A JSON column does not keep the order of keys: this is the one in which forms name details.
_READ_FIRST = (
    *("code", "number", "book", "plate", "name", "seats", "brand", "made_in", "date", "place"),
    *("issued_on", "issuer"),
)
_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})(?::\d{2})?)?")
_GENDERS_VI = {Gender.MALE: "Nam", Gender.FEMALE: "Nữ"}


@dataclass(frozen=True, slots=True)
class Found:
    """A value as the form stores it (dates ISO, phones E.164, lists one a line) and whence it is.

    `origin` names the one stored value that it is; None for what is composed of several.
    """

    value: str
    source: FieldSource
    register: str | None = None
    as_of: date | None = None
    origin: Origin | None = None
    held: str = ""


def from_register(
    value: object, register: str, as_of: date | None, origin: Origin | None = None
) -> Found | None:
    """Return a register's value as text, None for an empty one."""
    text = as_text(value)
    if isinstance(value, (list, tuple, dict)):
        origin = None
    return Found(text, FieldSource.REGISTER, register, as_of, origin) if text else None


def computed(value: str) -> Found:
    """Return a value that follows from data already in hand."""
    return Found(value, FieldSource.COMPUTED)


def as_text(value: object) -> str:
    """Return a register's value as one text: lists one a line, groups as their values."""
    match value:
        case None | "":
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            told = [value[key] for key in sorted(value, key=_place)]
            words = [_within(item) for item in told if not isinstance(item, bool)]
            return ", ".join(filter(None, words))
        case list() | tuple():
            return "\n".join(filter(None, map(_within, value)))
        case _:
            return str(value)


def _within(value: object) -> str:
    """Return a part of a group or list as it is read: 20/11/2026, 07:30 ngày 20/11/2026."""
    text = as_text(value)
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour = found.groups()
    return f"{hour} ngày {day}/{month}/{year}" if hour else f"{day}/{month}/{year}"


def _place(key: str) -> int:
    return _READ_FIRST.index(key) if key in _READ_FIRST else len(_READ_FIRST)


def gender_vi(citizen: Citizen) -> str:
    """Return the gender in the words of the forms' choices."""
    return stated_text("gender", citizen.gender)


def stated_text(column: str, value: str) -> str:
    """Return the value of a stored column in the words of the forms."""
    return _GENDERS_VI[Gender(value)] if column == "gender" else value


def person_text(citizen: Citizen) -> str:
    """Return who a person is for a form: name and birth date, never somebody's number."""
    birth = citizen.birth_date
    if citizen.birth_precision == BirthPrecision.DAY:
        return f"{citizen.full_name}, sinh ngày {birth:%d/%m/%Y}"
    return f"{citizen.full_name}, sinh năm {birth:%Y}"


def people_text(people: Iterable[tuple[Citizen, str]]) -> str:
    """Return people one a line, each with a word on who they are."""
    return "\n".join(f"{person_text(citizen)} ({word})" for citizen, word in people)


def address_text(address: str, unit: Unit | None) -> str:
    """Return an address that ends in its unit, once."""
    if unit is None or unit.name_vi.casefold() in address.casefold():
        return address
    return ", ".join(filter(None, (address, unit.name_vi)))
