from __future__ import annotations

import pytest
from django.utils import translation

from citizens.enums import FactTable
from citizens.registers import cells
from citizens.registers.declared import FORMATS
from citizens.selectors.readable import column_label, decimal_text, moment_text, readable

# What a decided dossier writes into the registers beside what they deliver.
DECIDED = {"book", "decided_on", "dossier", "issuer", "number", "place", "registered_on", "result"}
KEYS = sorted(
    DECIDED
    | {
        to.removeprefix("body.")
        for declared in FORMATS.values()
        for column in declared.columns
        for to in column.to.split("+")
        if to.startswith("body.")
    }
)


@pytest.mark.parametrize("key", KEYS)
def test_whatever_a_register_delivers_has_a_name_in_both_languages(key: str) -> None:
    with translation.override("en"):
        english = column_label(FactTable.RECORD, key)
    with translation.override("vi"):
        vietnamese = column_label(FactTable.RECORD, key)

    assert english != vietnamese


DECIMALS = sorted(
    {
        column.to.removeprefix("body.")
        for declared in FORMATS.values()
        for column in declared.columns
        if column.read is cells.decimal
    }
)


@pytest.mark.parametrize("key", DECIMALS)
@pytest.mark.parametrize(("language", "shown"), [("vi", "120,7"), ("en", "120.7")])
def test_decimal_numbers_stand_as_readers_write_them(key: str, language: str, shown: str) -> None:
    with translation.override(language):
        assert readable(key, "120.7") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1200.0", "1200"), ("0.5", "0,5"), ("120,5", "120,5"), ("", ""), ("như cũ", "như cũ")],
)
def test_what_is_no_number_stays_as_it_is(value: str, shown: str) -> None:
    with translation.override("vi"):
        assert decimal_text(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-11-20T07:30", "07:30 20/11/2026"),
        ("2026-11-20T07:30:00", "07:30 20/11/2026"),
        ("2026-11-20T00:30:00+00:00", "07:30 20/11/2026"),
        ("2026-11-20", "20/11/2026"),
        ("sáng sớm", "sáng sớm"),
        ("", ""),
    ],
)
def test_an_hour_of_a_day_stands_as_people_write_it(value: str, shown: str) -> None:
    assert moment_text(value) == shown
