"""A register extract as large as a province: one row in a hundred is wrong, each in its way."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

_HEADINGS = (
    "pin full_name birth_date gender unit_code current_address permanent_address phone hometown"
    " marital_status ethnicity household_number relation_to_head died_on father_pin mother_pin"
    " spouse_pin"
)
HEADER = _HEADINGS.split(" ")
BAD_EVERY = 100
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
_MIDDLE = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thu", "Quốc", "Thanh", "Đức", "Kim")
_GIVEN = (
    "Lan",
    "Minh",
    "Hà",
    "Hòa",
    "Tài",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hương",
    "Khánh",
    "Ân",
)
_STREETS = ("Lê Lợi", "Trần Phú", "Nguyễn Huệ", "Hùng Vương", "Phan Châu Trinh", "Quang Trung")
_FIRST = date(1931, 3, 1)
_SPAN = 34_000  # days up to 2024: a century of births
Row = dict[str, str]
Spoil = Callable[[Row], None]


def _set(**values: str) -> Spoil:
    return lambda row: row.update(values)


def _older_death(row: Row) -> None:
    row["died_on"] = "01/02/1925"


# Each kind of mistake with the column that must be named and the code of its reason.
MISTAKES: Mapping[str, tuple[str, Spoil]] = {
    "pin_form": ("pin", _set(pin="99918500000A")),
    "pin_old_card": ("pin", _set(pin="201234567")),
    "pin_leading_zero": ("pin", _set(pin="49185000001")),
    "pin_scientific": ("pin", _set(pin="9.99185E+11")),
    "missing": ("full_name", _set(full_name="")),
    "name_form": ("full_name", _set(full_name="Tr4n Thi L@n")),
    "name_one_word": ("full_name", _set(full_name="Lan")),
    "name_missing": ("full_name", _set(full_name="N/A")),
    "date_impossible": ("birth_date", _set(birth_date="31/02/1985")),
    "date_form": ("birth_date", _set(birth_date="năm con gà")),
    "date_serial": ("birth_date", _set(birth_date="31079")),
    "date_default": ("birth_date", _set(birth_date="01/01/1900")),
    "date_future": ("birth_date", _set(birth_date="01/01/2088")),
    "date_too_old": ("birth_date", _set(birth_date="02/03/1801")),
    "gender_code": ("gender", _set(gender="X")),
    "unit_form": ("unit_code", _set(unit_code="Hải Châu")),
    "unit_unknown": ("unit_code", _set(unit_code="99999")),
    "phone_form": ("phone", _set(phone="123")),
    "number_form": ("household_number", _set(household_number="#")),
    "too_long": ("hometown", _set(hometown="x" * 501)),
    "died_before_birth": ("died_on", _older_death),
    "control_character": ("current_address", _set(current_address="12 Lê\x07Lợi")),
    "too_few_cells": ("*", _set(_cut="yes")),
    "nul": ("*", _set(hometown="Đại\x00Lộc")),
}


@dataclass
class Extract:
    """What was written: good rows, and how many bad ones of each kind."""

    path: Path
    rows: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    bad_lines: dict[int, tuple[str, str]] = field(default_factory=dict)


def write_people(path: Path, rows: int, units: list[str], *, moved_every: int = 0) -> Extract:
    """Write an extract of the population register with `rows` rows, 1 % of them bad.

    `moved_every` gives one person in so many another street than the plain edition.

    The bad ones are of every kind in `MISTAKES`, and rows that repeat or contradict others.
    """
    made = Extract(path, rows)
    kinds = [*MISTAKES, "repeated", "contradicts"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for at, row in enumerate(_people(rows, units)):
            line = at + 2
            if moved_every and at % moved_every == 0:
                row["current_address"] = row["permanent_address"] = "7 Điện Biên Phủ"
            if at % BAD_EVERY == BAD_EVERY - 1:
                kind = kinds[at // BAD_EVERY % len(kinds)]
                _spoil(made, kind, row, line)
            cells = [row[name] for name in HEADER]
            writer.writerow(cells[:5] if "_cut" in row else cells)
    return made


def _spoil(made: Extract, kind: str, row: Row, line: int) -> None:
    if kind in MISTAKES:
        column, spoil = MISTAKES[kind]
        spoil(row)
    else:
        # The row before is the one that is repeated, or that loses its good name as well.
        column = "pin"
        row |= person(line - 3, row["unit_code"]) | {"unit_code": row["_before"]}
        if kind == "contradicts":
            row["full_name"] = "Người Khác Hẳn"
            made.bad[kind] += 1
            made.bad_lines[line - 1] = (column, kind)
    made.bad[kind] += 1
    made.bad_lines[line] = (column, kind)


def _people(rows: int, units: list[str]) -> Iterator[Row]:
    before = ""
    for at in range(rows):
        unit = units[at % len(units)]
        yield person(at, unit) | {"_before": before}
        before = unit


def person(at: int, unit: str) -> Row:
    """Return a good row: the same number always gives the same person."""
    born = _born(at)
    is_woman = at % 2
    name = f"{_FAMILY[at % 12]} {_MIDDLE[at // 12 % 10]} {_GIVEN[at // 120 % 12]}"
    street = f"{at % 300 + 1} {_STREETS[at % 6]}"
    return {
        "pin": _pin(at),
        "full_name": name,
        "birth_date": f"{born:%d/%m/%Y}",
        "gender": "Nữ" if is_woman else "Nam",
        "unit_code": unit,
        "current_address": street,
        "permanent_address": street,
        "phone": f"050{at % 10_000_000:07d}" if at % 3 else "",
        "hometown": "Đại Lộc, Đà Nẵng",
        "marital_status": "Đã kết hôn" if at % 4 else "Chưa kết hôn",
        "ethnicity": "Kinh",
        "household_number": f"HK{at // 4:07d}",
        "relation_to_head": "Chủ hộ" if at % 4 == 0 else "Con",
        "died_on": "",
        **_kin(at),
    }


def _born(at: int) -> date:
    return _FIRST + timedelta(days=at * 7919 % _SPAN)


def _pin(at: int) -> str:
    born = _born(at)
    century = (born.year // 100 - 19) * 2 + at % 2
    return f"999{century}{born:%y}{at % 1_000_000:06d}"


def _kin(at: int) -> Row:
    """Return the kin of a household of four: man, woman, two children, in whatever order of age."""
    man, woman = at - at % 4, at - at % 4 + 1
    if at in (man, woman):
        return {"father_pin": "", "mother_pin": "", "spouse_pin": _pin(man + woman - at)}
    return {"father_pin": _pin(man), "mother_pin": _pin(woman), "spouse_pin": ""}
