"""Dates in words, as civil-status forms ask for them beside the figures."""

from __future__ import annotations

from datetime import date

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def date_in_words(day: date) -> str:
    """Return "Ngày hai mươi mốt, tháng mười một, năm hai nghìn không trăm hai mươi sáu"."""
    return (
        f"Ngày {_below_hundred(day.day)}, tháng {_below_hundred(day.month)}, năm {_year(day.year)}"
    )


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    return f"{head} {_last(ones, tens)}"


def _last(ones: int, tens: int) -> str:
    """Return the last digit as it is said behind tens: mốt, tư (from twenty on), lăm."""
    said = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return said.get(ones, _DIGITS[ones])


def _year(year: int) -> str:
    thousands, rest = divmod(year, 1000)
    hundreds, rest = divmod(rest, 100)
    parts = [f"{_DIGITS[thousands]} nghìn"]
    if hundreds or rest:
        parts.append(f"{_DIGITS[hundreds]} trăm")
    if rest:
        parts.append(f"lẻ {_DIGITS[rest]}" if rest < 10 else _below_hundred(rest))
    return " ".join(parts)
