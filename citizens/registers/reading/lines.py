"""One record of an extract: its cells cleaned, or the reason why they cannot be used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from citizens.registers.reading.encodings import Encoding
from citizens.registers.reading.feed import CUT
from citizens.registers.reading.mojibake import BROKEN, SIGNS
from citizens.registers.reading.problems import (
    CELL_TOO_LONG,
    LINE_TOO_LONG,
    MOJIBAKE,
    NUL,
    UNDECODABLE,
    Problem,
)

MOST_BYTES = 64 << 10
_SEPARATOR = "\x1f"
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062"
    "\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
_EDGES = _SPACES + _INVISIBLE
# One look at a record finds whatever needs a second one.
_SUSPECT = re.compile(f"[\u0300-\u036f\ufffd\uffff{_INVISIBLE}{SIGNS}]")
_MARK = re.compile("[\u0300-\u036f]")


class Numbered(Protocol):
    """Something that begins on a line of the file."""

    @property
    def number(self) -> int:
        """The line, from 1."""


R = TypeVar("R", bound=Numbered)
# The lines of an extract, of which only those with these numbers are looked at, if any are given.
Lines = Callable[[Iterator[int] | None], Iterator["Line"]]


class Line(NamedTuple):
    """One record; exactly one of `cells` and `problem` is None.

    `number` is the line of the file where the record begins, from 1 (the sheet's row in XLSX).
    `cells` are as many as the header has, in NFC, without white space around; `raw` are the cells
    as far as they could be read, for the file of errors.
    """

    number: int
    cells: tuple[str, ...] | None
    problem: Problem | None
    raw: tuple[str, ...]


def clean(cell: str) -> str:
    """Return a cell in NFC without white space, visible or not, around it."""
    return unicodedata.normalize("NFC", cell.strip(_EDGES))


def make_line(number: int, raw: Sequence[str], encoding: Encoding) -> Line:
    """Return the line of a record that has as many cells as the header."""
    kept = tuple(raw)
    joined = _SEPARATOR.join(kept)
    problem = _plain_problem(joined, kept)
    wipe: Callable[[str], str] = str.strip
    if not joined.isascii():
        if _SUSPECT.search(joined):
            problem, wipe = problem or _suspected(joined, encoding), clean
        elif not unicodedata.is_normalized("NFC", joined):
            wipe = clean
    if problem:
        return Line(number, None, problem, kept)
    cells = tuple(map(wipe, kept))
    return Line(number, tuple(map(encoding.mend, cells)) if encoding.mend else cells, None, kept)


def chosen(records: Iterator[R], numbers: Iterator[int] | None) -> Iterator[R]:
    """Yield the records with these numbers, both in order; without numbers, all."""
    if numbers is None:
        yield from records
        return
    wanted = next(numbers, None)
    for record in records:
        while wanted is not None and wanted < record.number:
            wanted = next(numbers, None)
        if wanted is None:
            return
        if record.number == wanted:
            yield record


def broken(number: int, problem: Problem, raw: Sequence[str]) -> Line:
    """Return the line of a record that cannot be used."""
    return Line(number, None, problem, tuple(raw))


def _plain_problem(joined: str, raw: Sequence[str]) -> Problem | None:
    if "\x00" in joined:
        return NUL
    # A character takes at most four bytes in UTF-8, so a short record needs no counting.
    if len(joined) > MOST_BYTES // 4 and any(_is_too_long(cell) for cell in raw):
        return CELL_TOO_LONG
    return None


def _is_too_long(cell: str) -> bool:
    return len(cell.encode("utf-8", "replace")) > MOST_BYTES


def _suspected(joined: str, encoding: Encoding) -> Problem | None:
    if CUT in joined:
        return LINE_TOO_LONG
    if "\ufffd" in joined or (encoding.has_marks and _MARK.search(joined)):
        return UNDECODABLE
    return MOJIBAKE if BROKEN.search(joined) else None
