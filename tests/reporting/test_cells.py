"""Cells of tables that people bring: days as people write them, or as programmes do."""

from __future__ import annotations

from datetime import date

import pytest

from portal.reporting.services.read_table import WrongCellError, day_in


@pytest.mark.parametrize("written", ["31/01/2026", "2026-01-31"])
def test_a_day_is_read_in_either_way(written: str) -> None:
    assert day_in({"since": written}, "since") == date(2026, 1, 31)


def test_a_day_may_lack_its_noughts() -> None:
    assert day_in({"since": "1/2/2026"}, "since") == date(2026, 2, 1)


@pytest.mark.parametrize("written", ["", "31/02/2026", "01/31/2026", "31/01", "31-01-2026", "//"])
def test_what_is_no_day_is_refused_with_its_column(written: str) -> None:
    with pytest.raises(WrongCellError, match="31/01/2025") as refused:
        day_in({"since": written}, "since")
    assert refused.value.column == "since"
