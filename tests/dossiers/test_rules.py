"""Answers that are accepted, in their stored form, and answers that are refused."""

from __future__ import annotations

from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.rules import LONGEST_ANSWER, AnswerError, Fault, check_to_come, read_answer
from procedures.enums import FieldType

REASONS = ("Sắp hết hạn", "Hết hạn", "Hỏng")


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        (FieldType.TEXT, "  12 Trần Phú ", "12 Trần Phú"),
        (FieldType.TEXT, normalize("NFD", "Đà Nẵng"), "Đà Nẵng"),  # one form is kept
        (FieldType.TEXT, "   ", ""),
        (FieldType.DATE, "2026-11-27", "2026-11-27"),
        (FieldType.DATE, "7/1/2026", "2026-01-07"),
        (FieldType.DATE, "29/02/2024", "2024-02-29"),
        (FieldType.DATETIME, "2026-11-27T08:30", "2026-11-27T08:30"),
        (FieldType.INTEGER, "007", "7"),
        (FieldType.MONEY, "1.350.000", "1350000"),
        (FieldType.COUNT, "03", "3"),
        (FieldType.TAX_CODE, "0400 123 456", "0400123456"),
        (FieldType.TAX_CODE, "0400123456-001", "0400123456-001"),
        (FieldType.TAX_CODE, "0400123456001", "0400123456-001"),
        (FieldType.TAX_CODE, "048090001234", "048090001234"),
        (FieldType.INDUSTRIES, "5610 - Quán ăn\n\n4711", "5610 Quán ăn\n4711"),
        (FieldType.DECIMAL, "12,50", "12.50"),
        (FieldType.BOOLEAN, "Có", "true"),
        (FieldType.BOOLEAN, "false", "false"),
        (FieldType.PIN12, "999 199 000 001", "999199000001"),
        (FieldType.PHONE, "0505 000 001", "+84505000001"),
        (FieldType.PHONE, "+84505000001", "+84505000001"),
        (FieldType.PHONE, "02363 822 042", "+842363822042"),
        (FieldType.EMAIL, "lan@example.vn", "lan@example.vn"),
        (FieldType.PERSON_REF, "Trần Thị Lan", "Trần Thị Lan"),
    ],
)
def test_accepted(kind: FieldType, text: str, stored: str) -> None:
    assert read_answer(kind, text) == stored


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        (FieldType.TEXT, "a" * (LONGEST_ANSWER + 1), Fault.TOO_LONG),
        (FieldType.TEXT, "a\x00b", Fault.NOT_TEXT),
        (FieldType.TEXT, "a\x1bb", Fault.NOT_TEXT),
        (FieldType.DATE, "31/02/2026", Fault.NOT_A_DATE),
        (FieldType.DATE, "2026", Fault.NOT_A_DATE),
        (FieldType.DATE, "12/13/2026", Fault.NOT_A_DATE),
        (FieldType.DATETIME, "tomorrow", Fault.NOT_A_DATE),
        (FieldType.INTEGER, "-1", Fault.NOT_A_NUMBER),
        (FieldType.INTEGER, "1.5", Fault.NOT_A_NUMBER),
        (FieldType.COUNT, "0", Fault.NOT_A_COUNT),
        (FieldType.COUNT, "100", Fault.NOT_A_COUNT),
        (FieldType.COUNT, "ba", Fault.NOT_A_COUNT),
        (FieldType.TAX_CODE, "04001234", Fault.NOT_A_TAX_CODE),
        (FieldType.TAX_CODE, "04001234567", Fault.NOT_A_TAX_CODE),
        (FieldType.TAX_CODE, "٠٤٠٠١٢٣٤٥٦", Fault.NOT_A_TAX_CODE),
        (FieldType.INDUSTRIES, "Quán ăn", Fault.NOT_INDUSTRIES),
        (FieldType.INDUSTRIES, "56101 Quán ăn", Fault.NOT_INDUSTRIES),
        (FieldType.INDUSTRIES, "561 Quán ăn", Fault.NOT_INDUSTRIES),
        (FieldType.DECIMAL, "NaN", Fault.NOT_A_NUMBER),
        (FieldType.DECIMAL, "twelve", Fault.NOT_A_NUMBER),
        (FieldType.BOOLEAN, "maybe", Fault.NOT_YES_OR_NO),
        (FieldType.PIN12, "99919900000", Fault.NOT_A_PIN),
        (FieldType.PIN12, "٩٩٩١٩٩٠٠٠٠٠١", Fault.NOT_A_PIN),
        (FieldType.PHONE, "12345", Fault.NOT_A_PHONE),
        (FieldType.PHONE, "+1 505 000 0001", Fault.NOT_A_PHONE),
        (FieldType.EMAIL, "lan@localhost", Fault.NOT_AN_EMAIL),
        (FieldType.EMAIL, "lan@a.vn, b@c.vn", Fault.NOT_AN_EMAIL),
    ],
)
def test_refused(kind: FieldType, text: str, fault: Fault) -> None:
    with pytest.raises(AnswerError) as refused:
        read_answer(kind, text)

    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        (FieldType.CHOICE, "Hỏng", "Hỏng"),
        (FieldType.CHOICE, "", ""),
        (FieldType.MULTICHOICE, "Hỏng\r\nHết hạn", "Hỏng\nHết hạn"),
    ],
)
def test_choices_of_the_list(kind: FieldType, text: str, stored: str) -> None:
    assert read_answer(kind, text, REASONS) == stored


@pytest.mark.parametrize(
    ("kind", "text"),
    [(FieldType.CHOICE, "hỏng"), (FieldType.CHOICE, "Khác"), (FieldType.MULTICHOICE, "Hỏng\nx")],
)
def test_choices_outside_the_list(kind: FieldType, text: str) -> None:
    with pytest.raises(AnswerError, match="not_a_choice"):
        read_answer(kind, text, REASONS)


@given(st.sampled_from(FieldType), st.text(max_size=40))
def test_any_text_is_stored_or_refused_and_stored_answers_stay_as_they_are(
    kind: FieldType, text: str
) -> None:
    try:
        stored = read_answer(kind, text)
    except AnswerError:
        return

    assert read_answer(kind, stored) == stored


@pytest.mark.parametrize("name", ["appointment_time", "1.004222-appointment_time"])
def test_an_appointment_is_on_no_day_that_has_passed(name: str) -> None:
    today = date(2026, 11, 20)
    for fits in ("", "2026-11-20T08:00", "2026-12-01T09:00"):
        check_to_come(name, fits, today)
    for past in ("2020-01-01T09:00", "2026-11-19T23:59"):
        with pytest.raises(AnswerError) as refused:
            check_to_come(name, past, today)
        assert refused.value.fault is Fault.PAST
    check_to_come("death_time", "2020-01-01T09:00", today)
