"""Workbooks: typed cells become text, and the first sheet with data is read (F24)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from citizens.registers.reading import errors_file, open_extract
from citizens.registers.reading.numbers import date_text, is_date_format, number_text
from tests.citizens.reading.samples import (
    HEADER,
    MAIN,
    PEOPLE,
    cells_of,
    encode,
    lines_of,
    refusal_of,
    sheet,
    workbook,
)

STRINGS = f'<sst xmlns="{MAIN}">{{}}</sst>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="{{}}"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'


def saved(path: Path, rows: Sequence[Sequence[Any]], *, is_1904: bool = False) -> Path:
    """Write a workbook as a common library writes it."""
    book = openpyxl.Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def one_cell(path: Path, cell: str, **parts: str) -> str:
    """Return the text of a single cell below a header."""
    named = {f"xl/{name}.xml": content for name, content in parts.items()}
    rows = f'{HEAD}<row r="2">{cell}</row>'
    ((cells),) = cells_of(workbook(path, {"xl/worksheets/sheet1.xml": sheet(rows), **named}))
    assert cells is not None
    return cells[0]


def test_some_rows_are_the_same_as_among_all(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [HEADER, *PEOPLE])

    with open_extract(path) as extract:
        chosen = list(extract.lines(iter([3, 5])))

    assert chosen == [lines_of(path)[1], lines_of(path)[3]]


@pytest.mark.parametrize("is_1904", [False, True])
def test_typed_cells_become_text(tmp_path: Path, is_1904: bool) -> None:
    values = ["Nguyễn", 12, 3.0, 0.1 + 0.2, True, False, date(2026, 1, 31), -5]
    moments = [datetime(2026, 1, 31, 8, 30), datetime(1990, 2, 3), time(7, 5)]  # noqa: DTZ001
    header = [f"c{n}" for n in range(11)]
    path = saved(tmp_path / "a.xlsx", [header, [*values, *moments]], is_1904=is_1904)

    with open_extract(path) as extract:
        lines = list(extract)

    assert (extract.encoding, extract.proof, extract.header) == ("xlsx", "xlsx", tuple(header))
    assert lines[0].cells == (
        *("Nguyễn", "12", "3", "0.3", "true", "false", "2026-01-31", "-5"),
        *("2026-01-31T08:30:00", "1990-02-03", "07:05:00"),
    )


def test_rows_keep_their_numbers_and_get_as_many_cells_as_the_header(tmp_path: Path) -> None:
    rows = [[], HEADER, PEOPLE[0], [], ["1"], ["1", "2", "3", "4"], [None, "2"]]
    path = saved(tmp_path / "a.xlsx", rows)

    lines = lines_of(path)

    assert [line.number for line in lines] == [3, 5, 6, 7]
    assert [line.cells for line in lines] == [PEOPLE[0], ("1", "", ""), None, ("", "2", "")]
    assert lines[2].problem is not None
    assert lines[2].problem.code == "too_many_cells"


def test_the_first_visible_sheet_with_data_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden, chosen, later = (book.create_sheet(name) for name in ("ẩn", "dữ liệu", "sau"))
    for place, cells in ((hidden, ["h"]), (chosen, ["a"]), (later, ["b"])):
        place.append(cells)
        place.append(["1"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    with open_extract(tmp_path / "a.xlsx") as extract:
        assert extract.header == ("a",)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c><v>999000000001</v></c>", "999000000001"),
        ("<c><v>001</v></c>", "001"),  # digits as they are
        ("<c><v>9.99000000001E+11</v></c>", "999000000001"),
        ("<c><v>12.50</v></c>", "12.5"),
        ('<c t="str"><f>A1</f><v>An</v></c>', "An"),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="d"><v>2026-01-31</v></c>', "2026-01-31"),
        ('<c t="b"><v>1</v></c>', "true"),
        ('<c t="s"><v>1</v></c>', "Nguyễn An"),
        ('<c s="1"><v>45000</v></c>', "2023-03-15"),
        ('<c s="2"><v>45000</v></c>', "2023-03-15"),
        ('<c s="0"><v>45000</v></c>', "45000"),
        ('<c s="9"><v>45000</v></c>', "45000"),
        ('<c t="inlineStr"><is><t>a_x0041_b</t></is></c>', "aAb"),
        ('<c t="inlineStr"><is><r><t>Hồ </t></r><r><t>Bắc</t></r></is></c>', "Hồ Bắc"),
        ('<c t="inlineStr"><is><t> H\u006f\u0300  </t></is></c>', "Hò"),
    ],
)
def test_cells_of_every_type(tmp_path: Path, cell: str, text: str) -> None:
    strings = "<si><t>x</t></si><si><r><t>Nguyễn </t></r><r><t>An</t></r><rPh><t>y</t></rPh></si>"

    found = one_cell(
        tmp_path / "a.xlsx",
        cell,
        sharedStrings=STRINGS.format(strings),
        styles=STYLES.format("dd/mm/yyyy"),
    )

    assert found == text


def test_a_formula_that_was_never_calculated_is_a_problem(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["a", "b"], ["1", "=A2"], ["2", "x"]])

    lines = lines_of(path)

    assert [line.problem and line.problem.code for line in lines] == ["uncalculated", None]
    assert lines[0].raw == ("1", "")


@pytest.mark.parametrize(
    ("serial", "is_1904", "text"),
    [
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("60", False, "60"),  # 29 February 1900 never was
        ("61", False, "1900-03-01"),
        ("46053", False, "2026-01-31"),
        ("44591", True, "2026-01-31"),
        ("0", True, "1904-01-01"),
        ("46053.354166666664", False, "2026-01-31T08:30:00"),
        ("46053.999999999", False, "2026-02-01"),  # rounded to the second
        ("0.5", False, "12:00:00"),
        ("2958465", False, "9999-12-31"),
        ("2958466", False, "2958466"),
        ("2958465", True, "2958465"),
        ("-1", False, "-1"),
        ("nan", False, "nan"),
        ("x", False, "x"),
    ],
)
def test_serial_numbers_are_dates(serial: str, is_1904: bool, text: str) -> None:
    assert date_text(serial, is_1904=is_1904) == text


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-42A]dd mmmm yyyy;@", True),
        ("yyyy-mm-dd hh:mm", True),
        ('"Ngày" d', True),
        ("General", False),
        ("0", False),
        ("#,##0\\ [$₫-42A]", False),
        ('#,##0 "đồng/m2/years"', False),
        ("[Red]-0.00;[Blue]0", False),
        ("[h]:mm", False),
        ("0_d*y", False),
    ],
)
def test_formats_that_show_dates(code: str, is_date: bool) -> None:
    assert is_date_format(164, {164: code}) is is_date


@pytest.mark.parametrize(
    ("value", "text"),
    [("1e3", "1000"), ("1E+15", "1000000000000000"), ("1e999", "1e999"), ("1.10", "1.1")],
)
def test_numbers_are_digits(value: str, text: str) -> None:
    assert number_text(value) == text


def test_text_typed_in_an_old_font_is_refused(tmp_path: Path) -> None:
    rows = [[encode(cell, "tcvn3").decode("latin-1") for cell in row] for row in PEOPLE]
    path = saved(tmp_path / "a.xlsx", [["a", "b", "c"], *rows])

    assert refusal_of(path) == ("font_encoded",)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([], ("empty",)),
        ([["a", None, "c"]], ("empty_name",)),
        ([["a", "A"]], ("duplicate_name",)),
        ([["=A2", "b"]], ("uncalculated",)),
    ],
)
def test_headers_that_cannot_be_used(
    tmp_path: Path, rows: Sequence[Sequence[Any]], codes: tuple[str, ...]
) -> None:
    assert refusal_of(saved(tmp_path / "a.xlsx", rows)) == codes


def test_errors_saved_as_a_workbook_open_as_what_they_were_made_from(tmp_path: Path) -> None:
    with errors_file(tmp_path / "e.csv", ["a", "b"]) as errors:
        errors.add(2, "a", "sai", "wrong", ["=1", ""])
    with open_extract(tmp_path / "e.csv") as extract:
        assert extract.header == ("a", "b")
    rows: list[list[Any]] = [
        ["a", "b", "_line", "_column", "_reason_vi", "_reason_en"],
        ["'=1"],
        ["x", 2],
    ]

    assert cells_of(saved(tmp_path / "a.xlsx", rows)) == [("=1", ""), ("x", "2")]


def test_nothing_warns(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["a"], ["1"]])

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cells_of(path) == [("1",)]
