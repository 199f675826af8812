"""Archives and XML made to hurt are refused within bounds of time and memory (F30)."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from citizens.registers.reading import UnreadableError, open_extract
from tests.citizens.reading.samples import MAIN, PARTS, cells_of, refusal_of, sheet, workbook, write

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
ROWS = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 60_002))
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "http://192.0.2.1/x">]>'
_TEN = {a: f"&{a};" * 10 for a in "abcdefgh"}
TENFOLD = "".join(f"<!ENTITY {b} '{_TEN[a]}'>" for a, b in pairwise("abcdefghi"))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a 'ha'>{TENFOLD}]>"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({SHEET: ENTITY + sheet("<row><c t='str'><v>&e;</v></c></row>")}, "xml_dtd"),
        ({SHEET: LAUGHS + sheet("<row><c t='str'><v>&i;</v></c></row>")}, "xml_dtd"),
        ({SHEET: (ENTITY + sheet(HEAD)).encode("utf-16")}, "xml_dtd"),
        ({STRINGS: ENTITY + f'<sst xmlns="{MAIN}"/>', SHEET: sheet(HEAD)}, "xml_dtd"),
        ({"xl/workbook.xml": ENTITY + PARTS["xl/workbook.xml"]}, "xml_dtd"),
        ({SHEET: sheet(HEAD), "xl/vbaProject.bin": "x"}, "macros"),
        ({SHEET: sheet(HEAD)[:-20]}, "damaged"),
        ({}, "damaged"),  # the sheet is missing
        ({SHEET: sheet(HEAD + '<row r="1"><c><v>1</v></c></row>')}, "damaged"),
        ({SHEET: sheet(HEAD + '<row r="99999999"><c><v>1</v></c></row>')}, "damaged"),
        ({SHEET: sheet(HEAD + '<row><c r="ZZZZ1"><v>1</v></c></row>')}, "damaged"),
        ({SHEET: sheet(HEAD + '<row><c r="ZZZ1"><v>1</v></c></row>')}, "damaged"),
        ({SHEET: sheet(HEAD + '<row><c t="s"><v>7</v></c></row>')}, "damaged"),
        ({SHEET: sheet(HEAD + '<row><c s="-1"><v>7</v></c></row>')}, "damaged"),
        ({SHEET: sheet("<a>" * 70 + "</a>" * 70)}, "xml_bomb"),
        ({SHEET: sheet("".join(f"<a{n}/>" for n in range(3000)))}, "xml_bomb"),
        ({SHEET: sheet("<row " + " ".join(f"a{n}='1'" for n in range(3000)) + "/>")}, "xml_bomb"),
        ({f"x{n}": "" for n in range(1200)}, "zip_bomb"),
    ],
)
def test_workbooks_made_to_hurt_are_refused(
    tmp_path: Path, parts: dict[str, str | bytes], code: str
) -> None:
    assert refusal_of(workbook(tmp_path / "a.xlsx", parts)) == (code,)


def test_other_archives_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    assert refusal_of(path) == ("wrong_kind",)


def test_a_damaged_archive_is_refused_before_the_first_line(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {SHEET: sheet(HEAD + ROWS)})
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")
    size = zipfile.ZipFile(path).getinfo(SHEET).compress_size
    content[place - size // 2] ^= 0xFF

    with pytest.raises(UnreadableError, match="hỏng"):
        open_extract(write(path, bytes(content)))


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {SHEET: sheet(HEAD + ROWS)})
    size = zipfile.ZipFile(path).getinfo(SHEET).file_size
    content = path.read_bytes().replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))

    assert refusal_of(write(path, content)) == ("damaged",)


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {SHEET: sheet(HEAD), "b.xml": "x" * 50, "c.xml": "y" * 50})
    with zipfile.ZipFile(path) as archive:
        first, second = (archive.getinfo(name).header_offset for name in ("b.xml", "c.xml"))
    content = path.read_bytes()
    directory = content.index(b"PK\x01\x02")
    told = content[directory:].replace(second.to_bytes(4, "little"), first.to_bytes(4, "little"))

    assert refusal_of(write(path, content[:directory] + told)) == ("zip_bomb",)


def test_a_monotonous_but_honest_sheet_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {SHEET: sheet(HEAD + ROWS)})

    assert len(cells_of(path)) == 60_000


def _zeros(path: Path) -> None:
    workbook(path, {SHEET: b" " * (200 << 20)})


def _declared_too_large(path: Path) -> None:
    noise = random.Random(1).randbytes(1 << 20)  # noqa: S311
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in PARTS:
            archive.writestr(name, PARTS[name])
        for number in range(900):
            archive.writestr(f"xl/{number}", noise)


def _huge_tag(path: Path) -> None:
    """A comment of 60 MB that hardly shrinks: expat would have to hold it in one piece."""
    letters = random.Random(1).randbytes(30 << 20).hex().encode()  # noqa: S311
    workbook(path, {SHEET: b"<worksheet><!--" + letters + b"--></worksheet>"})


def _huge_text(path: Path) -> None:
    letters = random.Random(1).randbytes(30 << 20).hex()  # noqa: S311
    cell = (
        f"<row><c t='inlineStr'><is><t>{letters}</t></is></c><c t='str'><v>{letters}</v></c></row>"
    )
    workbook(path, {SHEET: sheet(cell)})


def _wide_row(path: Path) -> None:
    cells = "".join(f"<c><v>{n}</v></c>" for n in range(2_000_000))
    workbook(path, {SHEET: sheet(f"<row>{cells}</row>")})


def _nested_archive(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"0" * (50 << 20))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())


def _endless_line(path: Path) -> None:
    path.write_bytes(b"a,b\n" + b"1," * (100 << 20))


PROGRAM = """
import pathlib, sys, time
from citizens.registers.reading import UnreadableError, open_extract
began = time.process_time()
try:
    list(open_extract(pathlib.Path(sys.argv[1])))
    print("read", end=" ")
except UnreadableError as error:
    print(error.reasons[0].code, end=" ")
print(time.process_time() - began)
print(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_zeros, "zip_bomb"),
        (_declared_too_large, "zip_bomb"),
        (_huge_tag, "xml_bomb"),
        (_huge_text, "cell_too_long"),
        (_wide_row, "damaged"),
        (_nested_archive, "wrong_kind"),
        (_endless_line, "read"),
    ],
)
def test_refusing_takes_less_than_300_mb_and_5_s(
    tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "bomb.xlsx"
    make(path)

    command = [sys.executable, "-c", PROGRAM, str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True, text=True)  # noqa: S603
    told = done.stdout.split()

    assert told[0] == code
    assert float(told[1]) < 5
    assert int(told[2]) < 300 << 10
