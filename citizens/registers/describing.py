"""A table's format in words, and an example of one row: for people who prepare a delivery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from citizens.registers import cells
from citizens.registers.cells import BadCell, Reader
from citizens.registers.formats import Column, Format
from citizens.registers.limits import most_of

Words = tuple[str, str]
_ACCEPTED: Mapping[Reader, Words] = MappingProxyType(
    {
        cells.text: ("chữ, tối đa {most} ký tự", "words, at most {most} characters"),
        cells.pin: ("12 chữ số", "12 digits"),
        cells.person_name: ("họ và tên, ít nhất hai từ", "a name of at least two words"),
        cells.day: ("ngày, dạng 31/01/2026", "a day, as 31/01/2026"),
        cells.birth: (
            "ngày sinh, dạng 31/01/1985; chỉ biết tháng hoặc năm: 05/1938, 1938",
            "a birth date, as 31/01/1985; where only month or year are known: 05/1938, 1938",
        ),
        cells.moment: ("giờ và ngày, dạng 08:30 31/01/2026", "hour and day, as 08:30 31/01/2026"),
        cells.unit_code: ("mã xã, phường, 5 chữ số", "the unit's code, 5 digits"),
        cells.paper_number: (
            "chữ, số và các dấu / . - _, từ 3 đến {most} ký tự",
            "letters, digits and / . - _, 3 to {most} characters",
        ),
        cells.phone: ("số di động, dạng 0501234567", "a mobile number, as 0501234567"),
        cells.tax_code: ("10 chữ số, có thể thêm -001", "10 digits, perhaps with -001"),
        cells.decimal: ("số, dạng 120,5", "a number, as 120,5"),
    }
)
_BOUNDS = re.compile(r"(\d+)–(\d+)")
_FAMILY = {
    "father_pin": "999055012347",
    "mother_pin": "999157012348",
    "relative_pin": "999055012347",
    "spouse_pin": "999084012346",
    "husband": "Phạm Văn Bình",
}
_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        **_FAMILY,
        "expires_on": "20/01/2036",
        "current_address": "12 Lê Lợi",
        "permanent_address": "12 Lê Lợi",
        "address": "12 Lê Lợi",
        "issuer": "Cơ quan cấp",
        "nationality": "Việt Nam",
        "hometown": "Đại Lộc, Đà Nẵng",
        "ethnicity": "Kinh",
        "household_number": "HK000001",
        "relation_to_head": "Con",
        "gender": "Nữ",
        "marital_status": "Chưa kết hôn",
        "status": "Chưa kết hôn",
        "religion": "Không",
        "blood_type": "A",
        "plate": "43B-999.99",
    }
)
_SENSITIVE = frozenset({"household_status", "cause", "hardship_kind"})
# Left empty in the row of somebody who lives here, unmarried, whose paper stands.
_OF_FEW = frozenset({"died_on", "emigrated_on", "spouse_pin", "reported_on"})
_BY_READER: Mapping[Reader, str] = MappingProxyType(
    {
        cells.text: "Ví dụ",
        cells.pin: "999185012345",
        cells.person_name: "Trần Thị Lan",
        cells.day: "20/01/2026",
        cells.birth: "01/02/1985",
        cells.moment: "08:30 20/01/2026",
        cells.unit_code: "20194",
        cells.paper_number: "999000000001",
        cells.phone: "0501234567",
        cells.tax_code: "9900000016",
        cells.decimal: "120,5",
    }
)
# What marks a template's row as the example, in the column that best tells whose row it is.
_MARKS: Mapping[Reader, str] = MappingProxyType(
    {
        cells.tax_code: cells.EXAMPLE_TAX_CODE,
        cells.pin: cells.EXAMPLE_PIN,
        cells.paper_number: cells.EXAMPLE_NUMBER,
    }
)


@dataclass(frozen=True)
class Told:
    """A declared column in words: what it accepts, the closed list if there is one, an example."""

    column: Column
    vi: str
    en: str
    choices: tuple[str, ...]
    example: str


def told_columns(declared: Format) -> list[Told]:
    """Return the columns of a table in the order in which they are declared."""
    return [_told(column, most_of(column, declared.target)) for column in declared.columns]


def template_of(declared: Format) -> tuple[list[str], list[str]]:
    """Return the headings of a table and an example row, about nobody real.

    An import would take the row but for one cell, whose reserved value it refuses as `example_row`.
    """
    told, marked = told_columns(declared), _marked(declared)
    row = [_MARKS[one.column.read] if one.column is marked else one.example for one in told]
    return [one.column.label_vi for one in told], row


def is_sensitive(column: Column) -> bool:
    """Return whether a column holds sensitive data: origin, belief, health, poverty."""
    return column.to.startswith("sensitive.") or column.name in _SENSITIVE


def _told(column: Column, most: int) -> Told:
    choices = _choices(column.read)
    if column.read is cells.paper_number:
        most = min(most, cells.LONGEST_NUMBER)
    vi, en = (words.replace("{most}", str(most)) for words in _accepted(column.read))
    return Told(column, vi, en, choices, _example(column, choices))


def _marked(declared: Format) -> Column:
    """Return the required column that tells whose row it is: every table has one."""
    ranks = list(_MARKS)
    named = [column for column in declared.required if column.read in _MARKS]
    return min(named, key=lambda column: ranks.index(column.read))


def _example(column: Column, choices: tuple[str, ...]) -> str:
    if choices:
        known = _EXAMPLES.get(column.name)
        return known if known in choices else choices[0]
    if column.name in _OF_FEW and not column.required:
        return ""
    return _EXAMPLES.get(column.name) or _by_reader(column.read)


def _accepted(read: Reader) -> Words:
    if read in _ACCEPTED:
        return _ACCEPTED[read]
    if bounds := _bounds(read):
        least, most = bounds
        return f"số nguyên từ {least} đến {most}", f"a whole number from {least} to {most}"
    return "một trong danh sách", "one of the list"


def _by_reader(read: Reader) -> str:
    bounds = _bounds(read)
    return bounds[0] if bounds else _BY_READER[read]


def _choices(read: Reader) -> tuple[str, ...]:
    """Return a closed list: what does not belong to it is refused with the list."""
    if read in _ACCEPTED or _bounds(read):
        return ()
    return tuple(_refusal(read).partition(": ")[2].split(", "))


def _bounds(read: Reader) -> tuple[str, str] | None:
    """Return the bounds of a whole number: what lies outside is refused with them."""
    if read in _ACCEPTED:
        return None
    found = _BOUNDS.search(_refusal(read))
    return (found[1], found[2]) if found else None


def _refusal(read: Reader) -> str:
    try:
        read("999999999")
    except BadCell as bad:
        return bad.vi
    return ""
