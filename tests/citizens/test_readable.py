from __future__ import annotations

import pytest
from django.utils import translation

from citizens.enums import FactTable
from citizens.registers.declared import FORMATS
from citizens.selectors.readable import column_label

KEYS = sorted(
    {
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
