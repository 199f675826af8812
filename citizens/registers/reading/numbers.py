"""Turn the numbers of a workbook into text: whole numbers as digits, dates as ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

_WHOLE = re.compile(r"-?\d+\Z")
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# Literal text, escaped and padding characters, colours, currencies: no part of what is shown.
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTERS = re.compile("[dmyhs]", re.IGNORECASE)

_MIDNIGHT = datetime(1904, 1, 1, tzinfo=UTC)  # of any day
_DAY_0_1904 = date(1904, 1, 1)
# Excel counts a 29 February 1900 that never was, as day 60.
_DAY_0, _DAY_0_AFTER_60, _DAY_THAT_NEVER_WAS = date(1899, 12, 31), date(1899, 12, 30), 60
_LAST_SERIAL = 2_958_465  # 9999-12-31
_SECONDS = 86_400
_EXACT = 1e15


def is_date_format(number: int, codes: Mapping[int, str]) -> bool:
    """Tell whether the number format shows a date or a time of day; `codes` are the custom ones."""
    if number not in codes:
        return number in _BUILT_IN_DATES
    shown = _NOT_SHOWN.sub("", codes[number].split(";")[0])
    return not _ELAPSED.search(shown) and bool(_DATE_LETTERS.search(shown))


def number_text(value: str) -> str:
    """Return a number as its digits: no “.0”, no exponent, no noise behind 15 digits."""
    if _WHOLE.match(value):
        return value
    try:
        number = float(value)
        whole = int(number)
    except (ValueError, OverflowError):
        return value
    if number == whole:
        return str(whole) if abs(number) < _EXACT else f"{number:.0f}"
    return f"{number:.15g}"


def date_text(value: str, *, is_1904: bool) -> str:
    """Return a serial number as a date, a date with time, or a time; a number if it is none."""
    try:
        serial = float(value)
    except ValueError:
        return value
    if not 0 <= serial <= _LAST_SERIAL:
        return number_text(value)
    days, seconds = divmod(round(serial * _SECONDS), _SECONDS)
    moment = (_MIDNIGHT + timedelta(seconds=seconds)).time()
    if days == 0 and (seconds or not is_1904):
        return moment.isoformat()
    day = _day(days, is_1904=is_1904)
    if day is None:
        return number_text(value)
    return f"{day}T{moment}" if seconds else day.isoformat()


def _day(days: int, *, is_1904: bool) -> date | None:
    if days == _DAY_THAT_NEVER_WAS and not is_1904:
        return None
    first = _DAY_0 if days < _DAY_THAT_NEVER_WAS else _DAY_0_AFTER_60
    try:
        return (_DAY_0_1904 if is_1904 else first) + timedelta(days=days)
    except OverflowError:
        return None
