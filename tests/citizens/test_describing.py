"""Every table explains itself, and its template is a file that the import would take."""

from __future__ import annotations

from pathlib import Path

import pytest

from citizens.registers import cells
from citizens.registers.declared import FORMATS
from citizens.registers.describing import template_of, told_columns
from citizens.registers.reading import open_extract
from citizens.services.import_register import import_register
from portal.common.spreadsheets import csv_text
from tests.citizens.importing.scene import TODAY, set_the_scene


@pytest.mark.parametrize("key", FORMATS)
def test_a_template_is_a_row_that_would_be_taken_but_for_its_mark(key: str, tmp_path: Path) -> None:
    declared = FORMATS[key]
    path = tmp_path / "template.csv"
    path.write_text(csv_text(template_of(declared)), encoding="utf-8")

    with open_extract(path) as extract:
        (line,) = list(extract)

    assert declared.missing(extract.header) == []
    assert declared.known(extract.header) == len(declared.columns)
    assert line.cells is not None
    marks = []
    for column, cell in zip(declared.columns, line.cells, strict=True):
        assert cell or not column.required
        try:
            read = column.read(cell) if cell else None
        except cells.BadCell as bad:
            marks.append((column.required, bad.code, bad.en))
        else:
            assert not isinstance(read, cells.Pin) or cell.startswith("999")
    assert marks == [(True, "example_row", "this is the template's example row; leave it out")]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["NPD.person", "BUS.business", "TRANS.badge", "POV.household"])
def test_an_example_row_left_in_is_refused(key: str, tmp_path: Path) -> None:
    set_the_scene()
    path = tmp_path / "template.csv"
    path.write_text(csv_text(template_of(FORMATS[key])), encoding="utf-8")

    done = import_register(register=FORMATS[key].register, path=path, day=TODAY)

    assert done.kinds == {"example_row": 1}
    assert (done.batch.created_count, done.batch.rejected_count) == (0, 1)


@pytest.mark.parametrize(
    ("read", "cell"),
    [(cells.pin, "0"), (cells.tax_code, "0"), (cells.paper_number, "vi-du")],
)
def test_a_mark_is_known_as_a_spreadsheet_writes_it(read: cells.Reader, cell: str) -> None:
    with pytest.raises(cells.BadCell) as bad:
        read(cell)

    assert bad.value.code == "example_row"


def test_the_example_person_is_one_person() -> None:
    told = {one.column.name: one.example for one in told_columns(FORMATS["NPD.person"])}

    assert (told["full_name"], told["gender"], told["pin"][3]) == ("Trần Thị Lan", "Nữ", "1")
    assert (told["marital_status"], told["spouse_pin"], told["blood_type"]) == (
        "Chưa kết hôn",
        "",
        "A",
    )


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
