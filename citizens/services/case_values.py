"""Values of cases as text: masked before they are stored, read and written when decided."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from citizens.enums import BirthPrecision, Gender
from citizens.models import Citizen
from citizens.selectors.stored_values import (
    Row,
    StoredValue,
    ValueKind,
    document_of,
    walk,
)
from portal.common.errors import RefusedError
from portal.common.masking import mask_number, mask_phone, mask_pin

LONGEST_VALUE = 200
FIRST_YEAR = 1900

_MASKS = {"pin": mask_pin, "phone": mask_phone}
# Numbers that name a person wherever they stand: PIN, telephone, old identity card.
_PIN = re.compile(r"(?<!\d)\d{12}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+84|0)\d{9}(?!\d)")
_OLD_NUMBER = re.compile(r"(?<!\d)\d{9}(?!\d)")
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(?:(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2}))")
# What cannot lie ahead, whatever a person or an official says.
_PAST = {"birth_date", "died_on", "emigrated_on", "issued_on"}


def masked(column: str, value: str) -> str:
    """Return a value with the identifiers in it masked; what `column` names as one, whole."""
    if column.endswith("number"):
        return mask_number(value)
    if column in _MASKS:
        return _MASKS[column](value)
    value = _PIN.sub(lambda found: mask_pin(found[0]), value)
    value = _PHONE.sub(lambda found: mask_phone(found[0]), value)
    return _OLD_NUMBER.sub(lambda found: mask_number(found[0]), value)


def read_value(*, stored: StoredValue, text: str, day: date) -> str:
    """Return what a person or an official wrote for a stored value, as forms write it.

    RefusedError says what is wrong with it: nothing written, no date, a date after `day` where
    none can be, no number, too long.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain and stored.kind is not ValueKind.MAYBE_DATE:
        raise RefusedError(_("Please write what is right."))
    if len(plain) > LONGEST_VALUE:
        raise RefusedError(_("This is longer than %(n)d characters.") % {"n": LONGEST_VALUE})
    value = _READERS.get(stored.kind, str)(plain)
    if stored.origin.column in _PAST and value > day.isoformat():
        raise RefusedError(_("This date has not come yet."))
    return value


def write_value(*, row: Row, column: str, value: str) -> list[str]:
    """Set a read value on a row and return the names of the fields that have changed with it."""
    inside = document_of(row, column)
    if inside is not None:
        return _write_inside(row, *inside, value)
    if isinstance(row, Citizen) and column == "full_name":
        row.full_name = value
        row.family_name, row.middle_name, row.given_name = split_name(value)
        return ["full_name", "family_name", "middle_name", "given_name"]
    if isinstance(row, Citizen) and column == "birth_date":
        row.birth_date, row.birth_precision = _birth(value)
        return ["birth_date", "birth_precision"]
    is_date = column in {"died_on", "emigrated_on", "issued_on", "expires_on"}
    setattr(row, column, _day(value) if is_date else value)
    return [column]


def split_name(full_name: str) -> tuple[str, str, str]:
    """Return (family, middle, given) of a name in Vietnamese order; one word is a given name."""
    *before, given = full_name.split()
    return (before[0] if before else "", " ".join(before[1:]), given)


def _write_inside(row: Any, document: Any, path: list[str], value: str) -> list[str]:
    *parents, key = path
    place = walk(document, parents)
    held = place[key]
    match held:
        case bool():
            place[key] = value == "true"
        case int() | float():
            place[key] = float(value) if "." in value else int(value)
        case _:
            place[key] = value
    return ["details" if hasattr(row, "details") else "body"]


def _birth(value: str) -> tuple[date, BirthPrecision]:
    year, month, day = [*map(int, value.split("-")), 0, 0][:3]
    precision = (
        BirthPrecision.DAY if day else BirthPrecision.MONTH if month else BirthPrecision.YEAR
    )
    return date(year, month or 1, day or 1), precision


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


# ------------------------------------------------------------------------------ what people write
def _read_name(text: str) -> str:
    if any(letter.isdigit() for letter in text) or not any(letter.isalpha() for letter in text):
        raise RefusedError(_("A name is written in letters."))
    return text


def _read_date(text: str) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a civil date
        except ValueError:
            continue
        if day.year >= FIRST_YEAR:
            return day.isoformat()
    raise RefusedError(_("Please write a date such as 31/12/2026."))


def _read_maybe_date(text: str) -> str:
    return _read_date(text) if text else ""


def _read_birth(text: str) -> str:
    if _YEAR.fullmatch(text) and int(text) >= FIRST_YEAR:
        return text
    found = _MONTH.fullmatch(text)
    if found is None:
        return _read_date(text)
    month, year = int(found[1] or found[4]), found[2] or found[3]
    return _read_date(f"{year}-{month:02d}-01")[:7]


def _read_gender(text: str) -> str:
    if text not in set(Gender):
        raise RefusedError(_("Please choose from the list."))
    return text


def _read_number(text: str) -> str:
    plain = text.replace(" ", "").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", plain):
        raise RefusedError(_("Please write a number."))
    return plain


def _read_yes_no(text: str) -> str:
    if text not in {"true", "false"}:
        raise RefusedError(_("Please answer yes or no."))
    return text


_READERS: Mapping[ValueKind, Callable[[str], str]] = {
    ValueKind.NAME: _read_name,
    ValueKind.DATE: _read_date,
    ValueKind.MAYBE_DATE: _read_maybe_date,
    ValueKind.BIRTH: _read_birth,
    ValueKind.GENDER: _read_gender,
    ValueKind.NUMBER: _read_number,
    ValueKind.YES_NO: _read_yes_no,
}
