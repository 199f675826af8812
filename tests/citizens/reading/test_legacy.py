"""The encodings of the time before Unicode are decoded letter by letter."""

from __future__ import annotations

import unicodedata

import pytest

from citizens.registers.reading.encodings import BY_NAME
from citizens.registers.reading.legacy import restore_capitals
from tests.citizens.reading.samples import LETTERS, encode


def decode(data: bytes, name: str) -> str:
    return unicodedata.normalize("NFC", BY_NAME[name].decode(data))


@pytest.mark.parametrize("name", ["cp1258", "tcvn3", "vni", "viscii"])
def test_all_134_accented_letters_survive_a_round_trip(name: str) -> None:
    assert len(set(LETTERS)) == 134

    encoded = {letter: encode(letter, name) for letter in LETTERS}

    assert {letter: decode(data, name) for letter, data in encoded.items()} == {
        letter: letter for letter in LETTERS
    }
    assert len(set(encoded.values())) == 134


@pytest.mark.parametrize("name", ["cp1258", "tcvn3", "vni", "viscii"])
def test_plain_text_is_the_same_everywhere(name: str) -> None:
    plain = "".join(map(chr, range(0x20, 0x7F))) + "\t\r\n"

    assert decode(plain.encode(), name) == plain


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        # Bytes as files of that time hold them, written down by hand and not through our tables.
        ("tcvn3", b"Nguy\xd4n V\xa8n \xa7\xf8c", "Nguyễn Văn Đức"),
        ("tcvn3", b"Th\xb5nh ph\xe8 H\xe5 Ch\xdd Minh", "Thành phố Hồ Chí Minh"),
        ("tcvn3", b"Tr\xad\xacng Th\xde Hu\xd6", "Trương Thị Huệ"),
        ("vni", b"Nguye\xe3n Va\xean \xd1\xf6\xf9c", "Nguyễn Văn Đức"),
        ("vni", b"Tha\xf8nh pho\xe1 Ho\xe0 Ch\xed Minh", "Thành phố Hồ Chí Minh"),
        ("vni", b"TR\xd6\xd4NG TH\xd2 HUE\xc4", "TRƯƠNG THỊ HUỆ"),
        ("viscii", b"Nguy\xadn V\xe5n \xd0\xd1c", "Nguyễn Văn Đức"),
        ("viscii", b"Th\xe0nh ph\xaf H\xb0 Ch\xed Minh", "Thành phố Hồ Chí Minh"),
        ("cp1258", b"Nguy\xea\xden V\xe3n \xd0\xfd\xecc", "Nguyễn Văn Đức"),
        ("cp1258", b"Th\xe0nh ph\xf4\xec H\xf4\xcc Ch\xed Minh", "Thành phố Hồ Chí Minh"),
    ],
)
def test_words_in_bytes_of_that_time(name: str, data: bytes, text: str) -> None:
    assert decode(data, name) == text


@pytest.mark.parametrize(
    ("decoded", "restored"),
    [
        ("NGUYễN VăN đứC", "NGUYỄN VĂN ĐỨC"),  # typed in a capital font
        ("HồNG", "HỒNG"),
        ("Nguyễn Văn Đức", "Nguyễn Văn Đức"),
        ("Lê Hà", "Lê Hà"),  # a capital each: not a word in capitals
        ("ánh Tuyết", "ánh Tuyết"),  # Ánh or ánh: cannot be told
        ("UBND phường Đống Đa", "UBND phường Đống Đa"),
        ("KCN 12", "KCN 12"),
    ],
)
def test_capitals_that_only_the_font_drew_are_restored(decoded: str, restored: str) -> None:
    assert restore_capitals(decoded) == restored
