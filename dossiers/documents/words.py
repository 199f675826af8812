"""Days, amounts and names as Vietnamese papers write them. Pure.

Papers are in Vietnamese whatever language the page around them speaks.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from dossiers.sla.sentence import WEEKDAYS_VI

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})[\d:.]*)?(?![\w-])")
_UNIT_KINDS = ("Phường ", "Xã ", "Đặc khu ", "Thành phố ", "Tỉnh ")


def full_day(day: date) -> str:
    """Return "ngày 05 tháng 01 năm 2026": a small day, January and February have a nought."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_day(day: date | None) -> str:
    """Return "05/01/2026", "" for none."""
    return f"{day:%d/%m/%Y}" if day else ""


def weekday_day(day: date | None) -> str:
    """Return "thứ Hai, 05/01/2026", "" for none."""
    return f"{WEEKDAYS_VI[day.weekday()]}, {day:%d/%m/%Y}" if day else ""


def hour_and_day(civil: datetime) -> str:
    """Return "09 giờ 05, ngày 05/01/2026" of a civil time."""
    return f"{civil:%H} giờ {civil:%M}, ngày {civil:%d/%m/%Y}"


def moments_read(text: str) -> str:
    """Return a text whose ISO days and hours stand as people write them.

    "08:30 ngày 26/11/2026" for an hour, "26/11/2026" for a day.
    """
    return _ISO.sub(_read, text)


def _read(found: re.Match[str]) -> str:
    year, month, day, hour = found.groups()
    return f"{hour} ngày {day}/{month}/{year}" if hour else f"{day}/{month}/{year}"


def money(amount: int) -> str:
    """Return "135.000 đồng"."""
    return f"{amount:,} đồng".replace(",", ".")


def money_in_words(amount: int) -> str:
    """Return "Một trăm ba mươi lăm nghìn đồng", as a receipt repeats its figure."""
    words = f"{_number(amount)} đồng"
    return words[0].upper() + words[1:]


def bare_place(unit: str) -> str:
    """Return the name of a unit without its kind, as it stands before a date."""
    kind = next((kind for kind in _UNIT_KINDS if unit.casefold().startswith(kind.casefold())), "")
    return unit[len(kind) :]


def as_dialled(phone: str) -> str:
    """Return +84505000001 as 0505 000 001, as people dial it; another country's as it is."""
    plain = f"0{phone[3:]}" if phone.startswith("+84") else phone
    if len(plain) == 10 and plain.isdigit():
        return f"{plain[:4]} {plain[4:7]} {plain[7:]}"
    return plain


def _number(number: int) -> str:
    """Return a whole number under a thousand thousand million in words."""
    if number < 1000:
        return _below_thousand(number, is_first=True)
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 1000)
        groups.append(rest)
    said = []
    for place in reversed(range(len(groups))):
        if groups[place]:
            is_first = place == len(groups) - 1
            said.append(_below_thousand(groups[place], is_first=is_first) + _GROUPS[place])
    return " ".join(said)


def _below_thousand(number: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = [] if is_first and not hundreds else [f"{_DIGITS[hundreds]} trăm"]
    if rest or not words:
        words.append(_below_hundred(rest, after_hundreds=bool(words)))
    return " ".join(words)


def _below_hundred(number: int, *, after_hundreds: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[ones]}" if after_hundreds else _DIGITS[ones]
    words = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return words
    special = {5: "lăm"} if tens == 1 else {1: "mốt", 5: "lăm"}
    return f"{words} {special.get(ones, _DIGITS[ones])}"
