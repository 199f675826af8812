"""Find the first sheet with data in a workbook, and what its cells refer to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from citizens.registers.reading.archive import MOST_INFLATED, WORKBOOK, Archive
from citizens.registers.reading.encodings import UTF_8
from citizens.registers.reading.hardened_xml import elements
from citizens.registers.reading.header import Header, read_header
from citizens.registers.reading.lines import Line, Lines, broken, chosen, make_line
from citizens.registers.reading.mojibake import refuse_broken
from citizens.registers.reading.numbers import is_date_format
from citizens.registers.reading.problems import UnreadableError, ragged, refusal
from citizens.registers.reading.sheet import Context, SheetRow, sheet_rows
from citizens.registers.reading.strings import SharedStrings, read_strings

MOST_STRINGS = 128 << 20
SAMPLE_ROWS = 200
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TRUE = ("1", "true")


class OpenedWorkbook(NamedTuple):
    """An opened workbook: the archive to close, its header and what reads its lines."""

    archive: Archive
    header: Header
    lines: Lines


@dataclass(frozen=True, slots=True)
class _Parts:
    """The names of the parts that matter: visible sheets in their order, strings, styles."""

    sheets: Sequence[str]
    strings: str | None
    styles: str | None
    is_1904: bool


def open_workbook(path: Path) -> OpenedWorkbook:
    """Return the opened workbook behind the header of its first visible sheet with data."""
    archive = Archive(path)
    try:
        rows = _first_rows(archive)
        sample = list(islice(rows, SAMPLE_ROWS))
        refuse_broken("\n".join(cell for row in sample for cell in row.cells))
        header = _header(sample)
    except BaseException:
        archive.close()
        raise
    return OpenedWorkbook(archive, header, partial(_lines, chain(sample[1:], rows), header))


def _first_rows(archive: Archive) -> Iterator[SheetRow]:
    """Return the rows of the first sheet that has any."""
    parts = _parts(archive)
    context = Context(_strings(archive, parts), _date_styles(archive, parts), parts.is_1904)
    for sheet in parts.sheets:
        rows = sheet_rows(archive.chunks(sheet, most=MOST_INFLATED), context)
        if (first := next(rows, None)) is not None:
            archive.verify(sheet)
            return chain((first,), rows)
    return iter(())


def _parts(archive: Archive) -> _Parts:
    targets: dict[str, tuple[str, str]] = {}
    for _, name, relation in elements(archive.chunks(_RELATIONS)):
        if name == "Relationship" and relation.get("TargetMode") != "External":
            kind = relation.get("Type", "").rpartition("/")[2]
            targets[relation.get("Id", "")] = kind, _place(relation.get("Target", ""))
    sheets, is_1904 = [], False
    for _, name, found in elements(archive.chunks(WORKBOOK)):
        is_1904 = is_1904 or (name == "workbookPr" and found.get("date1904") in _TRUE)
        kind, place = targets.get(found.get("id", ""), ("", ""))
        if name == "sheet" and kind == "worksheet" and found.get("state", "visible") == "visible":
            sheets.append(place)
    by_kind = dict(targets.values())
    return _Parts(sheets, by_kind.get("sharedStrings"), by_kind.get("styles"), is_1904)


def _place(target: str) -> str:
    """Return the name of a part that the workbook refers to, relative to it or absolute."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _strings(archive: Archive, parts: _Parts) -> SharedStrings:
    if parts.strings is None or parts.strings not in archive:
        return SharedStrings()
    return read_strings(archive.chunks(parts.strings, most=MOST_STRINGS))


def _date_styles(archive: Archive, parts: _Parts) -> tuple[bool, ...]:
    """Return, for every style that a cell may name, whether it shows a date."""
    if parts.styles is None or parts.styles not in archive:
        return ()
    found = elements(archive.chunks(parts.styles))
    codes = {
        _number(format_.get("numFmtId")): format_.get("formatCode", "")
        for parent, name, format_ in found
        if (parent, name) == ("numFmts", "numFmt")
    }
    return tuple(
        is_date_format(_number(style.get("numFmtId")), codes)
        for parent, name, style in found
        if (parent, name) == ("cellXfs", "xf")
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def _header(sample: Sequence[SheetRow]) -> Header:
    if not sample:
        raise refusal("empty", "bảng tính không có dữ liệu", "the workbook has no data")
    if problem := sample[0].problem:
        raise UnreadableError((problem,))
    return read_header(sample[0].cells, UTF_8)


def _lines(
    rows: Iterator[SheetRow], header: Header, numbers: Iterator[int] | None
) -> Iterator[Line]:
    """Yield a line for every row with a value; empty cells at its end are not in the file."""
    for number, cells, problem in chosen(rows, numbers):
        padded = [*cells, *[""] * (header.file_width - len(cells))]
        raw = header.strip(padded) if header.strip else padded
        if problem:
            yield broken(number, problem, raw)
        elif len(raw) != header.width:
            yield broken(number, ragged(len(raw), header.width), raw)
        elif any(raw):
            yield make_line(number, raw, UTF_8)
