"""Dates in words."""

from __future__ import annotations

from datetime import date

import pytest

from procedures.prefill.words import date_in_words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (
            date(2026, 11, 21),
            "Ngày hai mươi mốt, tháng mười một, năm hai nghìn không trăm hai mươi sáu",
        ),
        (date(2005, 1, 5), "Ngày năm, tháng một, năm hai nghìn không trăm lẻ năm"),
        (date(2000, 10, 15), "Ngày mười lăm, tháng mười, năm hai nghìn"),
        (date(1994, 4, 24), "Ngày hai mươi tư, tháng bốn, năm một nghìn chín trăm chín mươi tư"),
        (
            date(2031, 12, 31),
            "Ngày ba mươi mốt, tháng mười hai, năm hai nghìn không trăm ba mươi mốt",
        ),
        (date(2014, 2, 14), "Ngày mười bốn, tháng hai, năm hai nghìn không trăm mười bốn"),
    ],
)
def test_a_date_is_said_as_people_say_it(day: date, words: str) -> None:
    assert date_in_words(day) == words
