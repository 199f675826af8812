"""A partner's list as people hand it out: headings, letters and days as they write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

import yaml

from dossiers.partners.mapping import PartnerMapping
from portal.reporting.services.read_table import (
    Cells,
    Refused,
    TableError,
    WrongCellError,
    day_in,
    read_rows,
)
from portal.reporting.services.read_workbook import lines_of

COLUMNS = ("national", "code", "status", "received", "due", "finished")
_FILE = Path(__file__).parents[1] / "data/comparison.yaml"
_DAY = re.compile(r"(?<![\d/.-])(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?!\d)")
_MOST_CODE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier as the partner has it; the number of its line in the file."""

    national: str
    code: str
    status: int
    received: date | None
    due: date | None
    finished: date | None
    number: int = 0


def read_list(data: bytes, *, mapping: PartnerMapping, today: date) -> Iterator[Line | Refused]:
    """Yield the lines of a partner's list, a CSV or XLSX, and those refused with the reason.

    TableError where the file cannot be read, or has no status or no code.
    """

    def read(cells: Cells) -> Line:
        return _line(cells, mapping, today)

    numbered = enumerate(
        read_rows(_ours(data, mapping.partner), columns=COLUMNS, needed={"status"}, read=read),
        start=2,
    )
    for number, one in numbered:
        yield one if isinstance(one, Refused) else _at(one, number)


def first_headings(source: str) -> Sequence[str]:
    """Return under which heading each of COLUMNS is read of this source."""
    names = _headings()[source]
    return [names[name][0] for name in COLUMNS]


def _at(line: Line, number: int) -> Line:
    days = line.received, line.due, line.finished
    return Line(line.national, line.code, line.status, *days, number)


def _line(cells: Cells, mapping: PartnerMapping, today: date) -> Line:
    if not (cells["national"] or cells["code"]):
        raise WrongCellError("national", "không có mã hồ sơ / no dossier code")
    for name in ("national", "code"):
        if len(cells[name]) > _MOST_CODE:
            raise WrongCellError(name, f"dài hơn {_MOST_CODE} ký tự / too long")
    received = _day(cells, "received")
    status = mapping.status_here(cells["status"], received or today)
    if status is None:
        words = f"“{cells['status'][:20]}” không có trong bảng mã / is no status of the partner"
        raise WrongCellError("status", words)
    due, finished = _day(cells, "due"), _day(cells, "finished")
    return Line(cells["national"], cells["code"], status.value, received, due, finished)


def _day(cells: Cells, name: str) -> date | None:
    """Return the day in a cell: 5/1/2026, 05-01-2026, 5.1.2026, 2026-01-05, with an hour or not."""
    if not cells[name]:
        return None
    found = _DAY.search(cells[name])
    if not found:
        return day_in(cells, name)
    parts = [found[1], found[3], found[4]]
    if len(parts[0]) == len("2026"):
        parts.reverse()
    try:
        return day_in({name: "/".join(parts)}, name)
    except WrongCellError:
        return day_in(cells, name)


# ------------------------------------------------------------------------------- the file
def _ours(data: bytes, source: str) -> Iterator[str]:
    """Yield the lines with our names of the columns, and without what nobody asked for."""
    text = data if data.startswith(b"PK") else _decoded(data).encode()
    lines = lines_of(text)
    heads = next(lines, "")
    mark = max(",;\t", key=heads.count)
    reader = csv.reader(chain([heads], lines), delimiter=mark)
    places = _places(next(reader, []), source)
    yield _written(list(places))
    for row in reader:
        if not any(cell.strip() for cell in row):
            yield "\n"  # a line without any cell is passed over, and counted all the same
            continue
        yield _written([row[at] if at < len(row) else "" for at in places.values()])


def _written(cells: Sequence[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(" ".join(cell.split()) for cell in cells)
    return line.getvalue()


def _decoded(data: bytes) -> str:
    """Read UTF-8, what Excel calls Unicode text (UTF-16), else the Vietnamese of old Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1258")
    for encoding in encodings:
        try:
            return unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise TableError("Không đọc được chữ trong tệp. / The letters of the file cannot be read.")


def _places(heads: Sequence[str], source: str) -> Mapping[str, int]:
    """Return by our name of a column where it stands."""
    at: dict[str, int] = {}
    for place, head in enumerate(heads):
        at.setdefault(_plain(head), place)
    names = _headings().get(source)
    if names is None:
        raise TableError(f"Chưa khai tên cột của {source}. / No headings are known of {source}.")
    found = {ours: at[key] for ours, key in _first_of(names, at)}
    if not {"national", "code"} & set(found):
        raise TableError("Không có cột mã hồ sơ. / No column of dossier codes.")
    return found


def _first_of(
    names: Mapping[str, Sequence[str]], at: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    for ours, theirs in names.items():
        key = next((key for key in map(_plain, theirs) if key in at), None)
        if key is not None:
            yield ours, key


def _plain(head: str) -> str:
    letters = unicodedata.normalize("NFD", head.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.strip("\ufeff").split())


@cache
def _headings() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(
        _FILE.read_text(encoding="utf-8")
    )
    return found
