"""The first record of an extract: the names of the columns, and which of them are ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from citizens.registers.reading.encodings import Encoding
from citizens.registers.reading.errors_file import ADDED
from citizens.registers.reading.lines import clean, make_line
from citizens.registers.reading.problems import Problem, UnreadableError, refusal
from portal.common.spreadsheets import unprotect

MOST_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class Header:
    """The names, how many cells a record of the file has, and how those become a line's.

    `strip` is None for an extract; in a file of errors it drops the reasons and undoes protection.
    """

    names: tuple[str, ...]
    file_width: int
    strip: Callable[[Sequence[str]], list[str]] | None = None

    @property
    def width(self) -> int:
        """Return how many cells a line has."""
        return len(self.names)


def read_header(raw: Sequence[str], encoding: Encoding) -> Header:
    """Return the header; UnreadableError when names are missing, repeated or not readable."""
    line = make_line(1, raw, encoding)
    if line.cells is None:
        raise UnreadableError((line.problem,) if line.problem else ())
    if set(ADDED) <= set(line.cells):
        return _of_errors_file(line.cells)
    _refuse_bad_names(line.cells)
    return Header(line.cells, len(line.cells))


def _of_errors_file(cells: Sequence[str]) -> Header:
    """Return the original header; a spreadsheet may have added empty columns to the right."""
    last = max(cells.index(name) for name in ADDED)
    width = max((n for n, name in enumerate(cells, 1) if name), default=last + 1)
    kept = [index for index, name in enumerate(cells[:width]) if name not in ADDED]
    names = tuple(clean(unprotect(cells[index])) for index in kept)
    _refuse_bad_names(names)

    def strip(raw: Sequence[str]) -> list[str]:
        if len(raw) < width or any(raw[width:]):
            return [unprotect(cell) for cell in raw]
        return [unprotect(raw[index]) for index in kept]

    return Header(names, width, strip)


def _refuse_bad_names(names: Sequence[str]) -> None:
    if not names:
        raise refusal("empty", "tệp không có cột nào", "the file has no columns")
    if len(names) > MOST_COLUMNS:
        raise refusal(
            "too_many_columns",
            f"quá nhiều cột (tối đa {MOST_COLUMNS})",
            f"too many columns (at most {MOST_COLUMNS})",
        )
    if reasons := tuple(_bad_names(names)):
        raise UnreadableError(reasons)


def _bad_names(names: Sequence[str]) -> list[Problem]:
    """Return a reason for each bad name, by its place: a file without a header shows data here."""
    reasons, first = [], dict[str, int]()
    for place, name in enumerate(names, 1):
        before = first.setdefault(name.casefold(), place)
        if not name:
            vi, en = f"cột thứ {place} không có tên", f"column {place} has no name"
            reasons.append(Problem("empty_name", vi, en))
        elif before != place:
            vi = f"cột thứ {place} trùng tên với cột thứ {before}"
            en = f"column {place} has the same name as column {before}"
            reasons.append(Problem("duplicate_name", vi, en))
    return reasons
