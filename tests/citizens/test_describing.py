"""Every table explains itself, and its template is a file that the import would take."""

from __future__ import annotations

from pathlib import Path

import pytest

from citizens.registers import cells
from citizens.registers.declared import FORMATS
from citizens.registers.describing import template_of, told_columns
from citizens.registers.reading import open_extract
from portal.common.spreadsheets import csv_text


@pytest.mark.parametrize("key", FORMATS)
def test_a_template_is_a_row_that_would_be_taken(key: str, tmp_path: Path) -> None:
    declared = FORMATS[key]
    path = tmp_path / "template.csv"
    path.write_text(csv_text(template_of(declared)), encoding="utf-8")

    with open_extract(path) as extract:
        (line,) = list(extract)

    assert declared.missing(extract.header) == []
    assert declared.known(extract.header) == len(declared.columns)
    assert line.cells is not None
    for column, cell in zip(declared.columns, line.cells, strict=True):
        assert cell or not column.required
        if cell:
            column.read(cell)
        if column.read is cells.pin:
            assert cell.startswith("999")


@pytest.mark.parametrize("key", FORMATS)
def test_every_column_says_what_it_accepts(key: str) -> None:
    for told in told_columns(FORMATS[key]):
        assert told.vi != told.en
        for choice in told.choices:
            told.column.read(choice)


def test_lists_and_bounds_are_named() -> None:
    licence = {told.column.name: told for told in told_columns(FORMATS["GPLX.licence"])}
    birth = {told.column.name: told for told in told_columns(FORMATS["HEALTH.birth_notice"])}

    assert licence["class"].choices[:3] == ("A1", "A", "B1")
    assert licence["issued_on"].vi == "ngày, dạng 31/01/2026"
    assert birth["weight_g"].en == "a whole number from 300 to 8000"
    assert birth["weight_g"].choices == ()
