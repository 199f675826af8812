"""People read column by column are staged as people read row by row."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from citizens.registers.declared import FORMATS
from citizens.registers.staging import _Reader
from portal.common.crypto import unseal

DAY = date(2026, 11, 25)
PERSON = FORMATS["NPD.person"]
NAMES = tuple(column.name for column in PERSON.columns)
SEALED = {
    "pin_enc": ("citizens_citizen", "pin_enc", "key"),
    "phone_enc": ("citizens_contactpoint", "value_enc", "phone_index"),
    "sensitive_enc": ("citizens_citizensensitive", "body_enc", "key"),
}
PINS = ["999185000001", "999084000002", "999319000003", "99918500001", "9,99E+11", "x" * 13]
# What a column may hold beside what it should: nothing, mistakes, signs that COPY escapes.
WORDS = ["", "", "Kinh", "Đà Nẵng", "a\tb", "two\nlines", 'a "quote"', "back\\slash", "\\N", "\x07"]
CELLS: dict[str, list[str]] = {
    "pin": PINS,
    "full_name": ["Trần Lan", "Lê Văn Minh", "Nguyễn  Thị Thu Hà", "Lan", "R2 D2", "A" * 90 + " B"],
    "birth_date": ["01/02/1985", "1938", "05/1938", "1984-05-06", "31/02/1985", "01/01/2030", "x"],
    "gender": ["Nam", "Nữ", "nữ", "?"],
    "unit_code": ["20194", "2019"],
    "current_address": ["12 Lê Lợi", "y" * 501, *WORDS],
    "phone": ["", "0501 234 567", "+84501234567", "12"],
    "died_on": ["", "", "20/11/2026", "20/11/2030", "44000"],
    "emigrated_on": ["", "", "2026-01-31"],
    "household_number": ["", "hk001", "HK 1"],
    "father_pin": ["", *PINS],
    "mother_pin": ["", *PINS],
    "spouse_pin": ["", *PINS],
}


def lines_of(seed: int, count: int, names: tuple[str, ...]) -> list[Any]:
    """Return lines of which some have one mistake or more; a few cannot be read at all."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, no secret
    lines: list[Any] = []
    for number in range(2, count + 2):
        cells = []
        for name in names:
            choices = CELLS.get(name, WORDS)
            cells.append(choices[0] if draw.random() < 0.85 else draw.choice(choices))
        broken = draw.random() < 0.02
        noted = [["*", "nul", "có ký tự NUL", "contains a NUL character"]]
        lines.append((number, None, noted) if broken else (number, tuple(cells), []))
    return lines


def opened(reader: _Reader, text: str) -> dict[str, str | bytes]:
    """Return a staged row with what was sealed in clear, and without what is drawn."""
    row: dict[str, Any] = dict(
        zip(reader.columns, text.removesuffix("\n").split("\t"), strict=True)
    )
    for name, (table, column, identity) in SEALED.items():
        if row.get(name, r"\N") != r"\N":
            sealed, key = (bytes.fromhex(row[one][3:]) for one in (name, identity))
            row[name] = unseal(sealed, table=table, column=column, identity=key)
    return {name: value for name, value in row.items() if "public_id" not in name}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "names", [NAMES, tuple(column.name for column in PERSON.columns if column.required)]
)
def test_a_row_is_the_same_either_way(seed: int, names: tuple[str, ...]) -> None:
    reader = _Reader(PERSON, names, DAY, parts=2)
    lines = lines_of(seed, 300, names)

    at_once = list(reader._at_once(lines))

    alone = [reader._alone(*line) for line in lines]
    is_good = ["key" in reader._row(*line) for line in lines]
    assert [written is not None for written in at_once] == is_good
    assert 20 < sum(is_good) < 300
    for quick, slow in zip(at_once, alone, strict=True):
        if quick is not None:
            assert quick[0] == slow[0]
            assert opened(reader, quick[1]) == opened(reader, slow[1])


def test_ids_are_given_where_rows_alone_have_them() -> None:
    reader = _Reader(PERSON, NAMES, DAY, parts=1)
    lines = lines_of(77, 400, NAMES)

    rows = [
        dict(zip(reader.columns, written[1].removesuffix("\n").split("\t"), strict=True))
        for written in reader._at_once(lines)
        if written
    ]

    drawn = [row[name] for row in rows for name in ("public_id", "phone_public_id")]
    given = [one for one in drawn if one != r"\N"]
    assert len(set(given)) == len(given)
    assert all((row["phone_index"] == r"\N") == (row["phone_public_id"] == r"\N") for row in rows)
    assert all(row["public_id"] != r"\N" for row in rows)


@pytest.mark.parametrize("lines", [[], [(2, None, [["*", "nul", "có", "has"]])]])
def test_a_block_without_a_whole_row_is_read(lines: list[Any]) -> None:
    reader = _Reader(PERSON, NAMES, DAY, parts=2)

    assert reader.block(lines).count(b"\n") == len(lines)
