"""From a register's cell to a value, or to the reason why it cannot be one.

A reason names what is wrong and what would be right, never what the cell says: it may be somebody's
number. Reading is pure and remembers what it has read, because a delivery repeats its dates, codes
and places a thousand times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from citizens.enums import BirthPrecision, CredentialStatus, Gender

Reader = Callable[[str], Any]
LONGEST = 500
# Of a name: its first and last word, and what stands between them (Citizen's fields).
LONGEST_WORD, LONGEST_MIDDLE = 60, 80
# Default dates of programs, never anybody's: fault F25.
SENTINELS = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31)}
    | {date(9999, 12, 31), date(2099, 12, 31)}
)
_OLDEST = date(1895, 1, 1)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/-](\d{4})")
_YEAR = re.compile(r"\d{4}")
_SERIAL = re.compile(r"[1-6]\d{4}")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*\.?")
_PLACEHOLDERS = frozenset(
    {"n/a", "na", "null", "none", "không rõ", "chưa rõ", "-", "?", "x", "xxx"}
)
# What the identifying cell of a template's example row says: never anybody's, always refused.
EXAMPLE_PIN, EXAMPLE_TAX_CODE, EXAMPLE_NUMBER = "000000000000", "0000000000", "VI-DU"
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


class BadCell(ValueError):  # noqa: N818 - a verdict on a cell, caught where it is read
    """A cell that cannot be used: `code` is the kind of mistake, `vi` and `en` say it."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.code, self.vi, self.en = code, vi, en


class Birth(NamedTuple):
    """A birth date with how much of it is known; unknown parts are the first of month or year."""

    day: date
    precision: BirthPrecision


class Pin(NamedTuple):
    """What the form of a personal number tells: domain.md section 4."""

    text: str
    gender: Gender
    year: int


def _example_row() -> BadCell:
    return BadCell(
        "example_row",
        "đây là dòng ví dụ của tệp mẫu; hãy bỏ dòng này",
        "this is the template's example row; leave it out",
    )


def text(cell: str) -> str:
    """Accept any words of at most 500 characters."""
    if len(cell) > LONGEST:
        raise BadCell("too_long", "dài quá 500 ký tự", "longer than 500 characters")
    if not cell.isprintable() and any(ord(mark) < 32 and mark not in "\n\t" for mark in cell):
        raise BadCell("control_character", "có ký tự điều khiển", "holds a control character")
    return cell


@lru_cache(maxsize=16_384)
def person_name(cell: str) -> str:
    """Accept a person's name: letters and spaces, at least two words, not a filler."""
    name = " ".join(cell.split())
    if name.casefold() in _PLACEHOLDERS or len(name) < 2:
        raise BadCell("name_missing", "không phải tên người", "is not a person's name")
    if not _NAME.fullmatch(name):
        raise BadCell(
            "name_form", "tên có chữ số hoặc ký hiệu lạ", "the name holds digits or odd signs"
        )
    if " " not in name:
        raise BadCell("name_one_word", "tên chỉ có một từ", "the name has one word only")
    if len(name) > LONGEST_WORD:
        _refuse_long_parts(name)
    return name


def _refuse_long_parts(name: str) -> None:
    family, *middle, given = name.split(" ")
    if max(len(family), len(given)) > LONGEST_WORD:
        raise BadCell(
            "too_long",
            f"họ hoặc tên dài quá {LONGEST_WORD} ký tự",
            f"a family or given name is longer than {LONGEST_WORD} characters",
        )
    if len(" ".join(middle)) > LONGEST_MIDDLE:
        raise BadCell(
            "too_long",
            f"chữ đệm dài quá {LONGEST_MIDDLE} ký tự",
            f"the middle name is longer than {LONGEST_MIDDLE} characters",
        )


@lru_cache(maxsize=4_096)
def pin(cell: str) -> Pin:
    """Accept a personal identification number: 12 digits (no check digit; domain.md section 4)."""
    if len(cell) != 12 or not (cell.isascii() and cell.isdigit()):
        raise _bad_pin(cell)
    if cell == EXAMPLE_PIN:
        raise _example_row()
    century = int(cell[3])
    return Pin(
        cell,
        Gender.FEMALE if century % 2 else Gender.MALE,
        1900 + century // 2 * 100 + int(cell[4:6]),
    )


def _bad_pin(cell: str) -> BadCell:
    if _is_zero(cell):  # a spreadsheet shortened the example's number
        return _example_row()
    digits = cell.isascii() and cell.isdigit()
    if digits and len(cell) == 9:
        return BadCell(
            "pin_old_card",
            "là số CMND 9 số, cần số định danh 12 số",
            "is an old 9-digit card number, 12 digits are needed",
        )
    if digits and len(cell) in {10, 11}:
        return BadCell(
            "pin_leading_zero",
            "thiếu số 0 ở đầu (bảng tính đã bỏ mất), cần đủ 12 số",
            "its leading zero was lost (by a spreadsheet), 12 digits are needed",
        )
    if re.fullmatch(r"\d(?:[.,]\d+)?E\+?\d+", cell, re.IGNORECASE):
        return BadCell(
            "pin_scientific",
            "bị bảng tính đổi thành số dạng mũ",
            "was turned into scientific notation by a spreadsheet",
        )
    return BadCell("pin_form", "không phải 12 chữ số", "is not 12 digits")


def _is_zero(cell: str) -> bool:
    return bool(cell) and not cell.strip("0")


@lru_cache(maxsize=65_536)
def day(cell: str) -> date:
    """Accept 31/01/2026, 31-01-2026, 31.01.2026 or 2026-01-31, if that day exists."""
    if found := _ISO.fullmatch(cell):
        year, month, number = (int(part) for part in found.groups())
    elif found := _WRITTEN.fullmatch(cell):
        number, month, year = (int(part) for part in found.groups())
    else:
        raise _bad_day(cell)
    try:
        value = date(year, month, number)
    except ValueError:
        raise BadCell(
            "date_impossible", "là ngày không có thật", "is a day that does not exist"
        ) from None
    if value in SENTINELS:
        raise BadCell(
            "date_default",
            "là ngày mặc định của phần mềm, không phải ngày thật",
            "is a program's default date, not a real one",
        )
    return value


def _bad_day(cell: str) -> BadCell:
    if _SERIAL.fullmatch(cell):
        return BadCell(
            "date_serial",
            "là số sê-ri ngày của bảng tính, cần dạng 31/01/2026",
            "is a spreadsheet's serial number, 31/01/2026 is needed",
        )
    return BadCell(
        "date_form",
        "không phải ngày (dạng đúng: 31/01/2026)",
        "is not a date (write 31/01/2026)",
    )


_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})\s+(\S+)|(\S+)[T ](\d{1,2}):(\d{2})(?::\d{2})?")


def moment(cell: str) -> str:
    """Accept an hour of a day, 07:30 20/11/2026 or 2026-11-20T07:30; the latter is returned."""
    found = _CLOCK.fullmatch(cell)
    if found is None:
        raise _bad_moment()
    hour, minute = int(found[1] or found[5]), int(found[2] or found[6])
    if hour > 23 or minute > 59:
        raise _bad_moment()
    return f"{day(found[3] or found[4]).isoformat()}T{hour:02}:{minute:02}"


def _bad_moment() -> BadCell:
    return BadCell(
        "moment_form",
        "không phải giờ và ngày (dạng đúng: 07:30 31/01/2026)",
        "is not an hour and a date (write 07:30 31/01/2026)",
    )


@lru_cache(maxsize=65_536)
def birth(cell: str) -> Birth:
    """Accept a birth date, or only month and year (05/1938) or year (1938) as elders have."""
    if _YEAR.fullmatch(cell):
        return Birth(_old_enough(day(f"{cell}-01-02")).replace(day=1), BirthPrecision.YEAR)
    if found := _MONTH.fullmatch(cell):
        first = day(f"{found[2]}-{found[1]}-02").replace(day=1)
        return Birth(_old_enough(first), BirthPrecision.MONTH)
    return Birth(_old_enough(day(cell)), BirthPrecision.DAY)


def _old_enough(value: date) -> date:
    if value < _OLDEST:
        raise BadCell(
            "date_too_old", "năm sinh quá xa trong quá khứ", "lies too far back to be a birth"
        )
    return value


def one_of(code: str, choices: Mapping[str, Any], *, fold: bool = True) -> Reader:
    """Return a reader of a closed list; the reason names the list."""
    known = {(key.casefold() if fold else key): value for key, value in choices.items()}
    listed = ", ".join(choices)

    def read(cell: str) -> Any:
        key = cell.casefold() if fold else cell
        if key in known:
            return known[key]
        raise BadCell(code, f"không thuộc danh sách: {listed}", f"is not one of: {listed}")

    return read


gender = one_of(
    "gender_code",
    {"Nam": Gender.MALE, "Nữ": Gender.FEMALE, "male": Gender.MALE, "female": Gender.FEMALE},
)
gender_vi = one_of("gender_code", {"Nam": "Nam", "Nữ": "Nữ", "male": "Nam", "female": "Nữ"})
paper_status = one_of(
    "status_code",
    {
        "Còn hiệu lực": CredentialStatus.VALID,
        "Thu hồi": CredentialStatus.REVOKED,
        "Mất": CredentialStatus.LOST,
        # A damaged paper has to be replaced as a lost one has, by the same procedure.
        "Hỏng": CredentialStatus.LOST,
        "Đã thay thế": CredentialStatus.SUPERSEDED,
    },
)


@lru_cache(maxsize=4_096)
def unit_code(cell: str) -> str:
    """Accept the form of a unit's code; whether it exists is asked of the table of units."""
    if cell.isascii() and cell.isdigit() and len(cell) == 5:
        return cell
    raise BadCell(
        "unit_form",
        "không phải mã đơn vị hành chính 5 chữ số",
        "is not the 5-digit code of a unit",
    )


LONGEST_NUMBER = 60
_NUMBER = re.compile(rf"[\w./-]{{3,{LONGEST_NUMBER}}}")


@lru_cache(maxsize=1_024)
def paper_number(cell: str) -> str:
    """Accept a paper's number: letters, digits and / . - _, three to sixty characters."""
    number = cell.upper()
    if number == EXAMPLE_NUMBER:
        raise _example_row()
    if not _NUMBER.fullmatch(number):
        raise BadCell("number_form", "không phải số giấy tờ", "is not the number of a paper")
    return number


_BETWEEN_DIGITS = re.compile(r"[ .()-]")
_MOBILE = re.compile(r"(?:\+?84|0)(5[025689]|3[2-9]|7[06-9]|8[1-9]|9[0-9])(\d{7})")


def phone(cell: str) -> str:
    """Accept a Vietnamese mobile number and return it as +84…; domain.md section 4."""
    found = _MOBILE.fullmatch(cell) or _MOBILE.fullmatch(_BETWEEN_DIGITS.sub("", cell))
    if found is None:
        raise BadCell("phone_form", "không phải số điện thoại di động", "is not a mobile number")
    return f"+84{found[1]}{found[2]}"


def tax_code(cell: str) -> str:
    """Accept 10 digits whose last checks the others, with or without a branch (-001)."""
    if _is_zero(cell):
        raise _example_row()
    head, dash, branch = cell.partition("-")
    if not re.fullmatch(r"\d{10}", head) or (dash and not re.fullmatch(r"\d{3}", branch)):
        raise BadCell("tax_code_form", "không phải mã số thuế", "is not a tax code")
    weighed = sum(w * int(d) for w, d in zip(_TAX_WEIGHTS, head[:9], strict=True))
    if (10 - weighed % 11) % 10 != int(head[9]):
        raise BadCell(
            "tax_code_check", "mã số thuế sai chữ số kiểm tra", "fails the tax code's check digit"
        )
    return cell


def whole(least: int, most: int) -> Reader:
    """Return a reader of whole numbers within bounds."""

    def read(cell: str) -> int:
        if not re.fullmatch(r"\d{1,9}", cell):
            raise BadCell("integer_form", "không phải số nguyên", "is not a whole number")
        if not least <= int(cell) <= most:
            raise BadCell(
                "out_of_range",
                f"ngoài khoảng {least}–{most}",
                f"is not between {least} and {most}",
            )
        return int(cell)

    return read


def decimal(cell: str) -> float:
    """Accept a positive number with a point or a comma."""
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,6})?", cell):
        raise BadCell("number", "không phải là số", "is not a number")
    return float(cell.replace(",", "."))


def yes_no(cell: str) -> bool:
    """Accept có/không, true/false, 1/0."""
    found: bool = _YES_NO(cell)
    return found


_YES_NO = one_of(
    "yes_no",
    {"Có": True, "Không": False, "true": True, "false": False, "1": True, "0": False},
)
