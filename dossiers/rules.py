"""What makes an answer to a form's field acceptable: over plain values, no framework.

Whatever the browser checked is checked again here. Accepted answers come back in one stored form:
composed Unicode (NFC) without surrounding blanks, dates as ISO, phones as E.164, yes and no as
``true`` and ``false``, several choices one a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from procedures.enums import FieldType

LONGEST_ANSWER = 500
_APPOINTMENT = "appointment_time"


class Fault(StrEnum):
    """Why an answer is refused; the sentence for it is the service's."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_COUNT = "not_a_count"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_PIN = "not_a_pin"
    NOT_A_TAX_CODE = "not_a_tax_code"
    NOT_INDUSTRIES = "not_industries"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_EMAIL = "not_an_email"
    PAST = "past"


class AnswerError(ValueError):
    """An answer that cannot be accepted, and why."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        super().__init__(fault.value)
        self.fault = fault


def child_named(answers: Mapping[str, str]) -> str:
    """Return the child's name that the answers of a form give, "" where they give none."""
    parts = ("child_surname", "child_middle_name", "child_given_name")
    if answers.get("child_given_name"):
        return " ".join(filter(None, (answers.get(part) for part in parts)))
    return answers.get("child_full_name", "")


def read_answer(kind: FieldType, text: str, choices: Sequence[str] = ()) -> str:
    """Return an answer in its stored form, "" for an empty one; AnswerError when it is refused."""
    answer = unicodedata.normalize("NFC", text).strip()
    if len(answer) > LONGEST_ANSWER:
        raise AnswerError(Fault.TOO_LONG)
    if any(unicodedata.category(char) == "Cc" and char not in "\r\n\t" for char in answer):
        raise AnswerError(Fault.NOT_TEXT)
    if not answer:
        return ""
    if kind is FieldType.MULTICHOICE:
        return "\n".join(_one_of(part.strip(), choices) for part in answer.splitlines())
    if choices:
        return _one_of(answer, choices)
    reader = _READERS.get(kind)
    return answer if reader is None else reader(answer)


def check_to_come(name: str, answer: str, today: date) -> None:
    """Refuse (AnswerError) an appointment, by the field's name, on a day that has passed.

    `answer` is a stored one, an ISO date or instant, or "".
    """
    is_appointment = name.rpartition("-")[2].startswith(_APPOINTMENT)
    if answer and is_appointment and answer[:10] < today.isoformat():
        raise AnswerError(Fault.PAST)


def answers_in(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers of a dossier's frozen form, by the names of the fields."""
    return {name: entry["value"] for name, entry in form.items()}


def _one_of(answer: str, choices: Sequence[str]) -> str:
    if choices and answer not in choices:
        raise AnswerError(Fault.NOT_A_CHOICE)
    return answer


def _date(answer: str) -> str:
    """Accept what a date field sends (ISO) and what people write (31/12/2026)."""
    day, month, year = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>\d{4})"
    found = re.fullmatch(rf"{year}-{month}-{day}", answer) or re.fullmatch(
        rf"{day}[/.-]{month}[/.-]{year}", answer
    )
    if found is None:
        raise AnswerError(Fault.NOT_A_DATE)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError as error:
        raise AnswerError(Fault.NOT_A_DATE) from error


def _instant(answer: str) -> str:
    try:
        return datetime.fromisoformat(answer).isoformat(timespec="minutes")
    except ValueError as error:
        raise AnswerError(Fault.NOT_A_DATE) from error


def _whole(answer: str) -> str:
    """Accept digits, also in groups of three as Vietnamese people write them (135.000)."""
    if not re.fullmatch(r"\d{1,12}|\d{1,3}(\.\d{3}){1,3}", answer):
        raise AnswerError(Fault.NOT_A_NUMBER)
    return str(int(answer.replace(".", "")))


def _count(answer: str) -> str:
    """Accept a number of pieces, from one on."""
    if not re.fullmatch(r"0*[1-9][0-9]?", answer):
        raise AnswerError(Fault.NOT_A_COUNT)
    return str(int(answer))


def _decimal(answer: str) -> str:
    """Accept a decimal comma or point."""
    try:
        number = Decimal(answer.replace(",", "."))
    except InvalidOperation as error:
        raise AnswerError(Fault.NOT_A_NUMBER) from error
    if not number.is_finite() or number < 0:
        raise AnswerError(Fault.NOT_A_NUMBER)
    return f"{number:f}"


def _yes_or_no(answer: str) -> str:
    told = {"true": "true", "on": "true", "có": "true", "false": "false", "không": "false"}
    if answer.lower() not in told:
        raise AnswerError(Fault.NOT_YES_OR_NO)
    return told[answer.lower()]


def _lines(answer: str) -> str:
    """Return one item a line, as registers' lists are written."""
    return "\n".join(" ".join(line.split()) for line in answer.splitlines() if line.strip())


def _pin(answer: str) -> str:
    digits = re.sub(r"[ .]", "", answer)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise AnswerError(Fault.NOT_A_PIN)
    return digits


def _tax_code(answer: str) -> str:
    """Return a tax code: 10 digits, with -001 of a branch, or the 12 of a person.

    For people, households and household businesses the personal number is the tax code since
    01/07/2025 (Thông tư 86/2024/TT-BTC, Điều 5).
    """
    digits = re.sub(r"[ .-]", "", answer)
    if re.fullmatch(r"[0-9]{13}", digits):
        return f"{digits[:10]}-{digits[10:]}"
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}", digits):
        raise AnswerError(Fault.NOT_A_TAX_CODE)
    return digits


def _industries(answer: str) -> str:
    """Return lines of business, one a line: each a class of level 4 (four digits), then its name.

    Codes are those of the Vietnamese system of industries (Quyết định 36/2025/QĐ-TTg). Which exist
    the registering agency says.
    """
    lines = _lines(answer).splitlines()
    found = [re.fullmatch(r"([0-9]{4})(?:[ .:–-]+(\D.*))?", line) for line in lines]
    if not all(found):
        raise AnswerError(Fault.NOT_INDUSTRIES)
    return "\n".join(" ".join(filter(None, one.groups())) for one in found if one)


def _phone(answer: str) -> str:
    """Return a Vietnamese number in E.164: nine or ten national digits after +84 or a 0."""
    found = re.fullmatch(r"(?:\+84|0)([0-9]{9,10})", re.sub(r"[ .()-]", "", answer))
    if found is None:
        raise AnswerError(Fault.NOT_A_PHONE)
    return f"+84{found[1]}"


def _email(answer: str) -> str:
    if not re.fullmatch(r"[^@\s,;]{1,64}@[^@\s,;]+\.[^@\s,;.]{2,}", answer):
        raise AnswerError(Fault.NOT_AN_EMAIL)
    return answer


_READERS: Mapping[FieldType, Callable[[str], str]] = {
    FieldType.DATE: _date,
    FieldType.DATETIME: _instant,
    FieldType.INTEGER: _whole,
    FieldType.COUNT: _count,
    FieldType.MONEY: _whole,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _yes_or_no,
    FieldType.LIST: _lines,
    FieldType.PIN12: _pin,
    FieldType.TAX_CODE: _tax_code,
    FieldType.INDUSTRIES: _industries,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
}
