"""Read the rows of a sheet as text, one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from citizens.registers.reading.hardened_xml import damaged, feed_all
from citizens.registers.reading.lines import MOST_BYTES
from citizens.registers.reading.numbers import date_text, number_text
from citizens.registers.reading.problems import UNCALCULATED, Problem
from citizens.registers.reading.strings import SharedStrings, TextOfCell, unescape

MOST_ROWS, MOST_CELLS = 1 << 20, 1 << 14  # Excel's own bounds
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}\Z")
_LONGEST_NUMBER = 64


class Context(NamedTuple):
    """What the cells of a sheet refer to."""

    strings: SharedStrings
    date_styles: Sequence[bool]
    is_1904: bool


class SheetRow(NamedTuple):
    """The cells of a row up to the last that is not empty, and what is wrong with one of them."""

    number: int
    cells: list[str]
    problem: Problem | None


def sheet_rows(chunks: Iterator[bytes], context: Context) -> Iterator[SheetRow]:
    """Yield every row that has a value; UnreadableError where the sheet is damaged."""
    rows = _Rows(context)
    for _ in feed_all(chunks, rows):
        yield from rows.ready
        rows.ready.clear()


class _Rows:
    """Builds rows from what the parser tells; `ready` are those that are complete."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.ready: list[SheetRow] = []
        self._number = 0
        self._cells: list[str] = []
        self._problem: Problem | None = None
        self._inline = TextOfCell()
        self._value: list[str] = []
        self._length = 0
        self._is_value = self._is_formula = self._is_in_cell = False
        self._kind, self._style = "n", 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes.get("r"))
        elif self._is_in_cell:
            self._is_value = name == "v"
            self._is_formula = self._is_formula or name == "f"
            self._inline.start(name)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif self._is_in_cell:
            self._is_value = False
            self._inline.end(name)

    def text(self, text: str) -> None:
        if self._is_value and self._length <= MOST_BYTES:
            self._value.append(text)
            self._length += len(text)
        elif self._is_in_cell:
            self._inline.text(text)

    def _start_row(self, reference: str | None) -> None:
        number = _whole(reference) if reference else self._number + 1
        if not self._number < number <= MOST_ROWS:
            raise damaged()
        self._number, self._problem = number, None
        self._cells = []

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        column = _column(reference) if reference else len(self._cells)
        if not len(self._cells) <= column < MOST_CELLS:
            raise damaged()
        self._cells.extend([""] * (column - len(self._cells)))
        self._kind = attributes.get("t", "n")
        self._style = _whole(attributes.get("s", "0"))
        self._is_in_cell, self._is_formula = True, False
        self._value, self._length = [], 0

    def _end_cell(self) -> None:
        value, inline = "".join(self._value), self._inline.take()
        self._cells.append(inline if self._kind == "inlineStr" else self._text_of(value))
        if self._is_formula and not value and self._kind != "str":
            self._problem = UNCALCULATED
        self._is_in_cell = self._is_value = False

    def _end_row(self) -> None:
        while self._cells and not self._cells[-1]:
            self._cells.pop()
        if self._cells or self._problem:
            self.ready.append(SheetRow(self._number, self._cells, self._problem))

    def _text_of(self, value: str) -> str:
        if not value:
            return ""
        if self._kind == "s":
            return self._context.strings[_whole(value)]
        if self._kind == "b":
            return "true" if value == "1" else "false"
        if self._kind == "n" and len(value) <= _LONGEST_NUMBER:
            return self._number_text(value.strip())
        return unescape(value)  # text of a formula, an error such as #N/A, a date in ISO 8601

    def _number_text(self, value: str) -> str:
        styles = self._context.date_styles
        if self._style < len(styles) and styles[self._style]:
            return date_text(value, is_1904=self._context.is_1904)
        return number_text(value)


def _whole(text: str) -> int:
    if not (text.isascii() and text.strip().isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise damaged()
    return int(text)


def _column(reference: str) -> int:
    """Return the number of a cell's column, from 0."""
    found = _REFERENCE.match(reference)
    if not found:
        raise damaged()
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1
