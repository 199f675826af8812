"""People's rows read a block at a time, column by column.

A delivery of people is by far the largest, and nearly all of its rows are without a mistake. What
takes a row some fifty calls takes a column of a thousand rows a few. Only rows without a mistake
come out of here, written as they would be one by one; the cells are read by the same readers. All
other rows are left to whoever reads one by one, and names what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import compress
from json.encoder import encode_basestring
from os import urandom
from typing import Any, NamedTuple

from citizens.models import Citizen, CitizenSensitive, ContactPoint
from citizens.registers.cells import BadCell, Reader, text
from citizens.registers.layout import SMS, as_uuid, sealer_of
from portal.common.crypto import indexer
from portal.common.sql import NULL, copied_bytes, copied_text

Cells = tuple[str, ...]
# The index of a row's PIN, and the row as COPY reads it.
Written = tuple[bytes, str]
_KIN = ("father", "mother", "spouse")
_DAYS = ("died_on", "emigrated_on")
_ELSEWHERE = frozenset({"pin", "full_name", "birth", "phone", *_KIN, *_DAYS})


class PlacedCell(NamedTuple):
    """Where a column stands in the file, how it is read and checked, where its values go."""

    at: int
    to: str
    read: Reader
    most: int
    is_required: bool
    is_past: bool


class PeopleColumns:
    """Reads blocks of one extract of people."""

    def __init__(self, cells: Sequence[PlacedCell], names: Sequence[str], day: date) -> None:
        """Take the known columns of the file, the staged columns in order, and today."""
        self._cells, self._names, self._day = cells, names, day
        self._index_of, self._phone_index_of = indexer("pin"), indexer("contact", SMS)
        self._seal_pin = sealer_of(Citizen, "pin_enc")
        self._seal_phone = sealer_of(ContactPoint, "value_enc")
        self._seal_body = sealer_of(CitizenSensitive, "body_enc")

    def rows(self, numbers: Sequence[int], rows: Sequence[Cells]) -> list[Written | None]:
        """Return each row written, or None where it has a mistake; `numbers` are their lines."""
        columns = list(zip(*rows, strict=True))
        bad: set[int] = set()
        found = {cell.to: self._read(cell, columns[cell.at], bad) for cell in self._cells}
        good = [at not in bad for at in range(len(rows))]
        values = {to: list(compress(column, good)) for to, column in found.items()}
        keys = [self._index_of(pin.text) for pin in values["pin"]]
        texts = self._people(values, keys) | self._phones(values, len(keys))
        texts |= self._documents(values, keys) | _others(values)
        texts["line"] = list(map(str, compress(numbers, good)))
        texts["content"] = [str(hash(row)) for row in compress(rows, good)]
        nothing = [NULL] * len(keys)
        lines = zip(*(texts.get(name, nothing) for name in self._names), strict=True)
        written = zip(keys, ("\t".join(line) + "\n" for line in lines), strict=True)
        return [next(written) if is_good else None for is_good in good]

    def _read(self, cell: PlacedCell, column: Sequence[str], bad: set[int]) -> list[Any]:
        """Return the values of a column, None for empty cells; add the rows with a mistake."""
        if cell.is_required and "" in column:
            bad.update(at for at, told in enumerate(column) if not told)
        if max(map(len, column)) > cell.most:
            bad.update(at for at, told in enumerate(column) if len(told) > cell.most)
            column = [told if len(told) <= cell.most else "" for told in column]
        if cell.read is text and "".join(column).isprintable():
            return [told or None for told in column]
        values = _values(cell.read, column, bad)
        if cell.is_past:
            days = (value[0] if cell.to == "birth" and value else value for value in values)
            bad.update(at for at, day in enumerate(days) if day and day > self._day)
        return values

    def _people(self, values: Mapping[str, list[Any]], keys: Sequence[bytes]) -> _Texts:
        pins, names = values["pin"], [name.split(" ") for name in values["full_name"]]
        seal, index_of = self._seal_pin, self._index_of
        drawn = urandom(16 * len(keys)).hex()
        texts: _Texts = {
            "key": list(map(copied_bytes, keys)),
            "public_id": _uuids(drawn),
            "pin_enc": [
                copied_bytes(seal(pin.text.encode(), key))
                for pin, key in zip(pins, keys, strict=True)
            ],
            "pin_gender": [pin.gender for pin in pins],
            "pin_year": [str(pin.year) for pin in pins],
            "full_name": _copied(values["full_name"]),
            "family_name": _copied([name[0] for name in names]),
            "middle_name": [copied_text(" ".join(name[1:-1])) for name in names],
            "given_name": _copied([name[-1] for name in names]),
            "birth_date": [day.isoformat() for day, _precision in values["birth"]],
            "birth_precision": [precision for _day, precision in values["birth"]],
        }
        for kin in values.keys() & _KIN:
            texts[kin] = [copied_bytes(index_of(pin.text)) if pin else NULL for pin in values[kin]]
        for day in values.keys() & _DAYS:
            texts[day] = [told.isoformat() if told else NULL for told in values[day]]
        return texts

    def _phones(self, values: Mapping[str, list[Any]], count: int) -> _Texts:
        if "phone" not in values:
            return {}
        phones, seal = values["phone"], self._seal_phone
        indexes = [self._phone_index_of(phone) if phone else None for phone in phones]
        ids = _uuids(urandom(16 * count).hex())
        return {
            "phone_index": [copied_bytes(index) if index else NULL for index in indexes],
            "phone_enc": [
                copied_bytes(seal(phone.encode(), index)) if index else NULL
                for phone, index in zip(phones, indexes, strict=True)
            ],
            "phone_public_id": [
                one if index else NULL for one, index in zip(ids, indexes, strict=True)
            ],
        }

    def _documents(self, values: Mapping[str, list[Any]], keys: Sequence[bytes]) -> _Texts:
        seal = self._seal_body
        sealed = [
            copied_bytes(seal(told.encode(), key)) if told else NULL
            for told, key in zip(_document("sensitive", values, len(keys)), keys, strict=True)
        ]
        return {"body": _copied(_document("body", values, len(keys))), "sensitive_enc": sealed}


def can_read(cells: Sequence[PlacedCell]) -> bool:
    """Tell whether each column goes to one place, and documents hold nothing but texts."""
    return all("+" not in one.to and ("." not in one.to or one.read is text) for one in cells)


_Texts = dict[str, Sequence[str]]


def _values(read: Reader, column: Sequence[str], bad: set[int]) -> list[Any]:
    values: list[Any] = []
    cells = iter(column)
    while len(values) < len(column):
        try:
            for told in cells:
                values.append(read(told) if told else None)
        except BadCell:
            bad.add(len(values))
            values.append(None)
    return values


def _others(values: Mapping[str, list[Any]]) -> _Texts:
    """Return the columns whose texts go to the table as they are."""
    return {
        to: _copied(column)
        for to, column in values.items()
        if to not in _ELSEWHERE and "." not in to
    }


def _copied(column: Sequence[str | None]) -> Sequence[str]:
    """Return texts as COPY reads them: one look at all tells whether any needs a second one."""
    joined = "".join(filter(None, column))
    if joined.isprintable() and "\\" not in joined:
        return [told or NULL for told in column]
    return [copied_text(told) if told else NULL for told in column]


def _document(room: str, values: Mapping[str, list[Any]], count: int) -> list[str | None]:
    """Return the document of each row, None where it says nothing."""
    parts = [
        [f"{name}: {encode_basestring(told)}" if told else None for told in values[to]]
        for to in values
        if to.startswith(f"{room}.")
        for name in [encode_basestring(to.partition(".")[2])]
    ]
    if not parts:
        return [None] * count
    told = (", ".join(filter(None, row)) for row in zip(*parts, strict=True))
    return [f"{{{one}}}" if one else None for one in told]


def _uuids(drawn: str) -> list[str]:
    return [as_uuid(drawn[at : at + 32]) for at in range(0, len(drawn), 32)]
