"""A well-formed syllable is told from the debris of a wrong encoding."""

from __future__ import annotations

import unicodedata

import pytest

from citizens.registers.reading.vietnamese import is_syllable, score
from tests.citizens.reading.samples import PEOPLE, encode

GOOD = (
    "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Quỳnh Yến Khuê Tuệ gì giếng giữ giặt giết quốc "
    "quyết quý quỷ nghĩa nghiêng ngoằn ngoèo khuỷu huỷ hủy hoà hòa xoèn thuở chuyện rượu hươu "
    "người bưởi uống ướt Ý Ỷ ổ ấp Đắk Lắk ĐƯỜNG thuế tuần xoáy oái loắt khuých"
)
BAD = (
    "Nguyãn Hôp hôc mit\u0309 kế\u0301 cế ké\u0300 ngế ghà kò nguễyn áº NguyÔn V¨n Vaên bộk "
    "thướp\u0300 mạc\u0300 là\u0309p cãp mảt nhàch šn ïa ôu ơu ếo"
)


@pytest.mark.parametrize("word", GOOD.split())
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_syllables_are_recognised_in_any_form(word: str, form: str) -> None:
    spelt = unicodedata.normalize("NFC" if form == "NFC" else "NFD", word)

    assert is_syllable(spelt)
    assert is_syllable(spelt.upper())


@pytest.mark.parametrize("word", BAD.split())
def test_what_cannot_be_a_syllable_is_not(word: str) -> None:
    assert not is_syllable(word)


def test_a_stop_allows_two_tones_only() -> None:
    assert [word for word in ("cáp", "cạp", "càp", "cảp", "cãp") if is_syllable(word)] == [
        "cáp",
        "cạp",
    ]


def test_the_score_counts_accented_words_and_nothing_else() -> None:
    found = score("Nguyễn Văn An, sinh 1990 – “Hà Nội” Müller, 5 £, Hà, Văn")

    assert found == (4, 5)


@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii", "cp1258", "utf-8"])
def test_text_in_a_wrong_encoding_scores_next_to_nothing(name: str) -> None:
    text = " ".join(word for person in PEOPLE for word in person[1:])

    wrong = score(encode(text, name).decode("cp1252", errors="replace"))

    assert score(text).share > 0.9
    assert wrong.share < 0.4
