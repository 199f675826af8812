"""Read delimited text (CSV and its kin) as a stream of lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from citizens.registers.reading.detection import Proof
from citizens.registers.reading.encodings import Encoding
from citizens.registers.reading.feed import CUT, Feed
from citizens.registers.reading.header import Header, read_header
from citizens.registers.reading.lines import MOST_BYTES, Line, Lines, broken, chosen, make_line
from citizens.registers.reading.problems import (
    CELL_TOO_LONG,
    LINE_TOO_LONG,
    QUOTE,
    Problem,
    UnreadableError,
    ragged,
    refusal,
)

DELIMITERS = ",;\t|"
_SEP = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"?')


class Record(NamedTuple):
    """The cells of a record as the CSV reader sees them, or why it cannot."""

    number: int
    cells: list[str]
    problem: Problem | None = None


class Delimited(NamedTuple):
    """An opened text: the stream to close, its header, delimiter and what reads its lines."""

    stream: TextIO
    header: Header
    delimiter: str
    lines: Lines


def open_delimited(path: Path, proof: Proof) -> Delimited:
    """Return the opened text behind its header; UnreadableError when it has none."""
    encoding = proof.encoding
    file = path.open("rb")
    try:
        file.seek(proof.mark)
        stream = _text_stream(file, encoding)
        feed = Feed(stream, encoding.convert)
        delimiter = _delimiter(feed)
        records = _records(feed, delimiter)
        header = _header(records, encoding)
    except BaseException:
        file.close()
        raise
    return Delimited(stream, header, delimiter, partial(_lines, records, header, encoding))


def _text_stream(file: BinaryIO, encoding: Encoding) -> TextIO:
    # newline="": csv wants the ends of lines untouched, and CR alone ends a line too.
    return io.TextIOWrapper(file, encoding=encoding.stream, errors="replace", newline="")


def _delimiter(feed: Feed) -> str:
    """Return the delimiter that `sep=` names or the first line shows; leave the header in line."""
    with suppress(StopIteration):
        while not (line := feed.peek()).strip():
            next(feed)
        if not (named := _SEP.match(line)):
            return _most_frequent(line)
        next(feed)
        if named[1] in DELIMITERS:
            return named[1]
        raise refusal("delimiter", "dấu phân cách lạ sau sep=", "an unknown delimiter after sep=")
    raise refusal("empty", "tệp không có nội dung", "the file has no content")


def _most_frequent(line: str) -> str:
    """Return the delimiter that stands most often outside of quotes; a lone column needs none."""
    bare = _QUOTED.sub("", line)
    counts = sorted(((bare.count(sign), sign) for sign in DELIMITERS), reverse=True)
    (best, sign), (second, _), *_ = counts
    if not best:
        return DELIMITERS[0]
    if best == second:
        raise refusal(
            "delimiter",
            "không xác định được dấu phân cách từ dòng tiêu đề",
            "the header does not show which delimiter is used",
        )
    return sign


def _records(feed: Feed, delimiter: str) -> Iterator[Record]:
    """Yield every record that is not blank; after a stray quote go on with the next line."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _misquoted(feed, delimiter)
        else:
            if cells:
                yield Record(feed.first, cells)


def _misquoted(feed: Feed, delimiter: str) -> Record:
    """Return the record of one physical line that the CSV reader could not finish."""
    number, line = feed.first, feed.give_back()
    is_long = len(line) > MOST_BYTES and line.count('"') % 2 == 0
    return Record(number, line.split(delimiter), CELL_TOO_LONG if is_long else QUOTE)


def _header(records: Iterator[Record], encoding: Encoding) -> Header:
    first = next(records, None)
    if first is None:
        raise refusal("empty", "tệp không có nội dung", "the file has no content")
    if first.problem:
        raise UnreadableError((first.problem,))
    return read_header(first.cells, encoding)


def _lines(
    records: Iterator[Record],
    header: Header,
    encoding: Encoding,
    numbers: Iterator[int] | None,
) -> Iterator[Line]:
    """Yield a line for every record with a value; rows of nothing but delimiters are no records."""
    width, strip = header.width, header.strip
    for number, cells, problem in chosen(records, numbers):
        raw = strip(cells) if strip else cells
        if problem:
            yield broken(number, problem, raw)
        elif len(raw) != width:
            yield broken(number, _ragged(raw, width), raw)
        elif any(raw):
            yield make_line(number, raw, encoding)


def _ragged(raw: list[str], width: int) -> Problem:
    return LINE_TOO_LONG if CUT in raw[-1] else ragged(len(raw), width)
