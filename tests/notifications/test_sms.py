"""SMS length, and every SMS text that the project ships."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from notifications.rules.sms import is_gsm7, parts, unaccented
from notifications.rules.wording import fill
from notifications.services.load_texts import TEXTS_FILE

# What the values are at their longest in the catalogue and the calendar.
VALUES: dict[str, Any] = {
    "paper": {
        "vi": "Giấy phép hành nghề khám bệnh, chữa bệnh",
        "en": "Veterinary practice certificate",
    },
    "due_on": "2027-12-31",
    "found_on": "2027-12-31",
    "last_filing_on": "2027-10-31",
    "act_due_on": "2027-12-31",
    "count": 120,
    "check_code": "7K3M-P9QX",
    "said": "[THU] ((paper))",
    "secret": "123456",
    "minutes": 15,
    "period": {"vi": "từ 23/11/2026 đến 29/11/2026", "en": "2026-11-23 – 2026-11-29"},
}


def sms_texts() -> list[tuple[str, str]]:
    topics = yaml.safe_load(TEXTS_FILE.read_text(encoding="utf-8"))["topics"]
    return [
        (f"{key}.{language}.{name}", " ".join(text.split()))
        for key, topic in topics.items()
        for language, texts in topic["texts"].items()
        for name, text in texts.items()
        if name.startswith("sms")
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the € does not begin in the first part
        ("ạ" * 70, 1),
        ("ạ" * 71, 2),
        ("ạ" * 134, 2),
        ("ạ" * 135, 3),
        ("à" * 160, 1),
        ("", 1),
    ],
)
def test_parts_are_counted(text: str, count: int) -> None:
    assert parts(text) == count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đường Nguyễn Hữu Thọ", "Duong Nguyen Huu Tho"),
        ("đã hết hạn – “mới”…", 'da het han - "moi"...'),
        ("ăâđêôơư ĂÂĐÊÔƠƯ ộ ữ ỳ", "aadeoou AADEOOU o u y"),
    ],
)
def test_marks_are_taken_off(text: str, plain: str) -> None:
    assert unaccented(text) == plain
    assert is_gsm7(plain)


@pytest.mark.parametrize(("name", "text"), sms_texts(), ids=[name for name, _text in sms_texts()])
def test_every_sms_fits_into_one_part(name: str, text: str) -> None:
    language = name.split(".")[1]

    said = unaccented(fill(text, VALUES, language=language))

    assert is_gsm7(said)
    assert parts(said) == 1, f"{len(said)} characters: {said}"


def test_the_last_day_for_filing_is_told_as_still_in_time() -> None:
    topics = yaml.safe_load(TEXTS_FILE.read_text(encoding="utf-8"))["topics"]
    texts = topics["credential_expiring"]["texts"]

    told = [
        fill(text, VALUES, language=language)
        for language in texts
        for text in (texts[language]["sms"], texts[language]["inbox"]["body"])
    ]

    for said, words in zip(
        told,
        (
            "nop cham nhat 31/10/2027.",
            "Hạn cuối nộp hồ sơ là 31/10/2027.",
            "file by 31/10/2027.",
            "The last day for filing is 31/10/2027.",
        ),
        strict=True,
    ):
        assert words in " ".join(said.split())


@pytest.mark.parametrize(("name", "text"), sms_texts(), ids=[name for name, _text in sms_texts()])
def test_no_sms_names_a_person_or_a_case(name: str, text: str) -> None:
    for hidden in ("((code))", "((procedure))", "((reason))", "((collect))"):
        assert hidden not in text
    assert "((count))" not in text or name.startswith("digest.")
    if name.endswith("neutral"):
        assert "((paper))" not in text
