"""Delimited text in the shapes that programs and people give it (F24)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.registers.reading import UnreadableError, open_extract
from tests.citizens.reading.samples import (
    HEADER,
    PEOPLE,
    lines_of,
    people_csv,
    refusal_of,
    write,
)

KIB_64 = 64 << 10


def numbers_and_codes(path: Path) -> list[tuple[int, str | None]]:
    return [(line.number, line.problem.code if line.problem else None) for line in lines_of(path)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_delimiters_and_ends_of_lines(tmp_path: Path, delimiter: str, end: str) -> None:
    text = people_csv(delimiter=delimiter).replace("\r\n", end)
    path = write(tmp_path / "a.csv", text)

    with open_extract(path) as extract:
        assert (extract.delimiter, extract.header) == (delimiter, HEADER)
        assert [(line.number, line.cells) for line in extract] == list(enumerate(PEOPLE, 2))


@pytest.mark.parametrize("numbers", [[], [3], [2, 5], [2, 3, 4, 5], [1, 3, 77], [77]])
def test_some_lines_are_the_same_as_among_all(tmp_path: Path, numbers: list[int]) -> None:
    path = write(tmp_path / "a.csv", people_csv())

    with open_extract(path) as extract:
        chosen = list(extract.lines(iter(numbers)))

    assert chosen == [line for line in lines_of(path) if line.number in numbers]


@pytest.mark.parametrize(
    ("content", "header", "cells"),
    [
        ("a,b\n1,2\n", ("a", "b"), [("1", "2")]),
        ("a,b\n1,2", ("a", "b"), [("1", "2")]),  # the last line has no end
        ("a,b\n", ("a", "b"), []),
        ("a,b", ("a", "b"), []),
        ("a\n1\n2\n", ("a",), [("1",), ("2",)]),
        ("\n \r\na,b\n1,2\n", ("a", "b"), [("1", "2")]),
        ("sep=;\r\na;b\r\n1,5;2\r\n", ("a", "b"), [("1,5", "2")]),
        ("SEP=|\na|b\n1|2\n", ("a", "b"), [("1", "2")]),
        ('"x;y;z;",b\n1,2\n', ("x;y;z;", "b"), [("1", "2")]),
        ('"a\nb",c\n1,2\n', ("a\nb", "c"), [("1", "2")]),
        ('a,b\n"1\n2","say ""so"""\n', ("a", "b"), [("1\n2", 'say "so"')]),
        ('a,b\n5" pipe,2\n', ("a", "b"), [('5" pipe', "2")]),
        ("a,b\n\n1,2\n,\n \n3,4\n", ("a", "b"), [("1", "2"), None, ("3", "4")]),
        (" a\u00a0,\u200bb \n\u00a0 1\u200b\u00a0,\ufeff2\u2060\n", ("a", "b"), [("1", "2")]),
        ("a,b\n 001 ,\t2\n", ("a", "b"), [("001", "2")]),
        ("a,b\nx y,x\u00a0y\n", ("a", "b"), [("x y", "x\u00a0y")]),
    ],
)
def test_what_is_read(
    tmp_path: Path, content: str, header: tuple[str, ...], cells: list[tuple[str, ...] | None]
) -> None:
    path = write(tmp_path / "a.csv", content)

    with open_extract(path) as extract:
        assert extract.header == header
        assert [line.cells for line in extract] == cells


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ("empty",)),
        ("\n\n \n", ("empty",)),
        ("\ufeff", ("empty",)),
        ("sep=;\n", ("empty",)),
        ("sep=x\naxb\n", ("delimiter",)),
        ("a,b;c\n1,2;3\n", ("delimiter",)),
        ("a,,c\n1,2,3\n", ("empty_name",)),
        ("a,b,\n1,2,\n", ("empty_name",)),
        (",\n", ("empty_name", "empty_name")),
        ("a,b,A,b\n", ("duplicate_name", "duplicate_name")),
        ("họ tên,h\u006f\u0323 tên\n", ("duplicate_name",)),  # the same name decomposed
        ("_line,_column,_reason_vi,_reason_en\n1,2,3,4\n", ("empty",)),
        ("a\x00,b\n1,2\n", ("nul",)),
        ('"a,b\n1,2\n', ("quote",)),
        (",".join(f"c{n}" for n in range(257)) + "\n", ("too_many_columns",)),
        ("a," + "b" * (KIB_64 + 1) + "\n", ("cell_too_long",)),
        ("a," + "b" * (2 << 20) + "\n", ("cell_too_long",)),
    ],
)
def test_what_is_refused_whole(tmp_path: Path, content: str, codes: tuple[str, ...]) -> None:
    path = write(tmp_path / "a.csv", content)

    assert refusal_of(path) == codes


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("a,b\n1\n1,2,3\n1,2\n", [(2, "too_few_cells"), (3, "too_many_cells"), (4, None)]),
        ("a,b\n1,x\x00y\n1,2\n", [(2, "nul"), (3, None)]),
        ("a,b\n1,\ufffd\n", [(2, "undecodable")]),
        ("a,b\n1," + "x" * KIB_64 + "\n", [(2, None)]),
        ("a,b\n1," + "x" * (KIB_64 + 1) + "\n1,2\n", [(2, "cell_too_long"), (3, None)]),
        ("a,b\n1," + "ế" * (KIB_64 // 3 + 1) + "\n1,2\n", [(2, "cell_too_long"), (3, None)]),
        ("a,b\n1," + "x" * (3 * KIB_64) + "\n1,2\n", [(2, "cell_too_long"), (3, None)]),
        ('a,b\n1,"' + "x" * (3 * KIB_64) + '"\n1,2\n', [(2, "cell_too_long"), (3, None)]),
        ("a,b\n1," + "x" * (40 * KIB_64) + "\n1,2\n", [(2, "cell_too_long"), (3, None)]),
        ("a,b\n" + "1," * (20 * KIB_64) + "\n1,2\n", [(2, "line_too_long"), (3, None)]),
        # A stray quote costs its own line, not those that the CSV reader swallows behind it.
        ('a,b\n1,"2\n3,4\n5,6\n', [(2, "quote"), (3, None), (4, None)]),
        ('a,b\n1,"2\n3,4\n5,"6"\n7,8\n', [(2, "quote"), (3, None), (4, None), (5, None)]),
        ('a,b\n1,"2" x\n3,4\n', [(2, "quote"), (3, None)]),
        # Numbers count physical lines, whatever stands in quotes or is left out.
        ('a,b\n"1\n\n",2\n\n3\n4,5\n', [(2, None), (6, "too_few_cells"), (7, None)]),
        ("sep=,\na,b\n1,2\n", [(3, None)]),
    ],
)
def test_a_broken_record_is_named_and_the_others_are_kept(
    tmp_path: Path, content: str, found: list[tuple[int, str | None]]
) -> None:
    path = write(tmp_path / "a.csv", content)

    assert numbers_and_codes(path) == found


@pytest.mark.parametrize("rows", [2_000, 60_000])
def test_a_quote_that_is_never_closed_costs_one_line_of_many(tmp_path: Path, rows: int) -> None:
    good = "999000000001,Nguyễn Văn An\n" * rows
    path = write(tmp_path / "a.csv", f'id,name\n{good}1,"An\n{good}')

    lines = lines_of(path)

    assert len(lines) == 2 * rows + 1
    assert [line.number for line in lines if line.problem] == [rows + 2]
    assert all(after.number == before.number + 1 for before, after in pairwise(lines))


def test_quoted_cells_that_never_end_a_record_are_bounded(tmp_path: Path) -> None:
    endless = 'x","x\n' * 300_000
    path = write(tmp_path / "a.csv", f'a,b\n"{endless}')

    with open_extract(path) as extract:
        first = next(iter(extract))

    assert first.problem is not None
    assert len(first.raw) < 5


def test_reasons_never_quote_a_cell(tmp_path: Path) -> None:
    secret = "999000000001"
    rows = f'{secret}\n{secret},\x00\n"{secret}" x,1\n{secret},2,3\n{secret},\ufffd\n'
    bad_header = write(tmp_path / "b.csv", f"{secret},{secret},\n")

    lines = lines_of(write(tmp_path / "a.csv", f"a,b\n{rows}"))
    with pytest.raises(UnreadableError) as refused:
        open_extract(bad_header)

    problems = [line.problem for line in lines if line.problem]
    assert len(problems) == 5
    assert not any(secret in problem.vi + problem.en for problem in problems)
    assert secret not in str(refused.value)


def test_what_was_read_of_a_broken_record_is_kept_for_the_file_of_errors(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'a,b\n 1 \n1," 2\n3 ,4\n')

    assert [line.raw for line in lines_of(path)] == [(" 1 ",), ("1", '" 2'), ("3 ", "4")]


@given(st.binary(max_size=400), st.sampled_from(["a,b\n", "a;họ tên\n", ""]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, header: str
) -> None:
    path = write(tmp_path_factory.getbasetemp() / "any.csv", header.encode() + content)

    for encoding in (None, "utf-8", "tcvn3", "vni"):
        try:
            lines = lines_of(path, encoding)
        except UnreadableError:
            continue
        assert all((line.cells is None) != (line.problem is None) for line in lines)
        assert all("\ufffd" not in "".join(line.cells) for line in lines if line.cells)
