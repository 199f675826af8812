"""A file of errors shows what was rejected, runs no formula, and can be mended and loaded (F27)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.registers.reading import errors_file, open_extract
from portal.common.spreadsheets import protect, unprotect
from tests.citizens.reading.samples import cells_of, lines_of, write

ADDED = ["_line", "_column", "_reason_vi", "_reason_en"]


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1+1", "' =1+1"),
        ("-", "'-"),
        ("'=1", "''=1"),  # so that exactly one is taken away again
        ("a;=1+1", "a;'=1+1"),
        ("=1;=2;3", "'=1;'=2;3"),
        ("-5", "-5"),
        ("-1.234,5", "-1.234,5"),
        ("+1,5e3", "+1,5e3"),
        ("-10%", "-10%"),
        ("+84912345678", "+84912345678"),
        ("+84 912 345 678", "+84 912 345 678"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("a=b", "a=b"),
        ("'tis", "'tis"),
        ("", ""),
    ],
)
def test_formulas_become_text_and_numbers_stay(cell: str, written: str) -> None:
    assert protect(cell) == written
    assert unprotect(written) == cell


@given(st.text(alphabet="=+-@'; \t\r\n01a.,%\u00a0", max_size=12) | st.text())
def test_protection_is_undone_exactly(cell: str) -> None:
    protected = protect(cell)

    assert unprotect(protected) == cell
    assert not any(part.startswith(("=", "@", "\t", "\r")) for part in protected.split(";"))


def test_a_rejected_line_is_one_row_with_all_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "errors.csv"

    with errors_file(path, ["id", "ghi chú"]) as errors:
        errors.add(2, "id", "thiếu giá trị", "a value is missing", ["", "=1+1"])
        errors.add(2, "ghi chú", "quá dài", "too long", ["", "=1+1"])
        errors.add(5, "", "có 1 ô, cần 2", "1 cell where 2 are expected", ["7"])
        errors.add(6, "", "có 3 ô, cần 2", "3 cells where 2 are expected", ["7", "8", "9"])

    assert errors.row_count == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows_of(path) == [
        ["id", "ghi chú", *ADDED],
        ["", "'=1+1", "2", "id; ghi chú", "thiếu giá trị; quá dài", "a value is missing; too long"],
        ["7", "", "5", "", "có 1 ô, cần 2", "1 cell where 2 are expected"],
        ["7", "8", "6", "", "có 3 ô, cần 2", "3 cells where 2 are expected", "9"],
    ]


def test_a_mended_file_opens_as_what_it_was_made_from(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", "id,tên\n1,=A1\n2\n3,+84 50\n4,'=x\n5,a;-b\n6,7,8\n")
    path = tmp_path / "errors.csv"
    with errors_file(path, ["id", "tên"]) as errors:
        for line in lines_of(source):
            errors.add(line.number, "tên", "sai", "wrong", line.raw)

    mended = path.read_text(encoding="utf-8-sig").replace("2,,", "2,An,").replace(",8", "")
    with open_extract(write(path, "\ufeff" + mended)) as extract:
        assert extract.header == ("id", "tên")
        assert [line.cells for line in extract] == [
            ("1", "=A1"),
            ("2", "An"),
            ("3", "+84 50"),
            ("4", "'=x"),
            ("5", "a;-b"),
            ("6", "7"),
        ]


def test_what_a_spreadsheet_makes_of_the_file_still_opens(tmp_path: Path) -> None:
    saved = "_line;b;_column;_reason_vi;a;_reason_en;;\n2;'=1;b;sai;1;wrong;;\n3;2;b;sai;;wrong;;\n"
    path = write(tmp_path / "errors.csv", saved)

    with open_extract(path) as extract:
        assert extract.header == ("b", "a")
        assert [line.cells for line in extract] == [("=1", "1"), ("2", "")]


def test_surplus_cells_that_nobody_mended_are_still_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "errors.csv"
    with errors_file(path, ["a"]) as errors:
        errors.add(2, "", "có 2 ô", "2 cells", ["1", "2"])

    assert cells_of(path) == [None]


@given(
    st.lists(
        st.lists(st.text(alphabet="=+-@'; ,\"\t\r\n01ắ", max_size=8), min_size=2, max_size=2),
        max_size=5,
    )
)
def test_any_cells_survive_the_way_there_and_back(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Sequence[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-errors.csv"
    with errors_file(path, ["a", "b"]) as errors:
        for number, row in enumerate(rows, 2):
            errors.add(number, "a", "sai", "wrong", row)

    expected = [tuple(cell.strip() for cell in row) for row in rows if any(row)]
    assert cells_of(path) == expected


def test_a_file_that_is_not_finished_does_not_appear(tmp_path: Path) -> None:
    path = write(tmp_path / "errors.csv", "old")

    with pytest.raises(TypeError), errors_file(path, ["a"]) as errors:
        errors.add(2, "a", "sai", "wrong", None)  # type: ignore[arg-type]

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
