"""An encoding is declared and checked, or proven, or the file is refused; never guessed (F24)."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest

from citizens.registers.reading import open_extract
from tests.citizens.reading.samples import (
    HEADER,
    PEOPLE,
    cells_of,
    encode,
    lines_of,
    people_csv,
    refusal_of,
    write,
)

NAMES = ["utf-8", "cp1258", "tcvn3", "vni", "viscii", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("name", NAMES)
def test_every_encoding_is_proven_by_itself(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.csv", encode(people_csv(), name))

    with open_extract(path) as extract:
        lines = list(extract)

    assert (extract.encoding, extract.header) == (name, HEADER)
    assert [line.cells for line in lines] == list(PEOPLE)
    proven = "syllables 1.00" if name in {"cp1258", "tcvn3", "vni", "viscii"} else "valid"
    assert extract.proof == proven


@pytest.mark.parametrize("name", ["utf-8", "cp1258", "tcvn3", "vni", "viscii"])
def test_a_true_declaration_is_accepted(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.csv", encode(people_csv(), name))

    with open_extract(path, encoding=name) as extract:
        assert (extract.encoding, extract.proof) == (name, "declared")
        assert [line.cells for line in extract] == list(PEOPLE)


@pytest.mark.parametrize("declared", ["utf-8", "cp1258", "tcvn3", "vni", "viscii", "utf-16"])
@pytest.mark.parametrize("name", NAMES)
def test_a_false_declaration_is_refused(tmp_path: Path, name: str, declared: str) -> None:
    path = write(tmp_path / "a.csv", encode(people_csv(), name))
    is_true = name.startswith(declared)

    assert refusal_of(path, declared) == (() if is_true else ("contradicted_encoding",))


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
@pytest.mark.parametrize("declared", [None, "same"])
def test_a_byte_order_mark_is_believed_and_is_no_text(
    tmp_path: Path, mark: bytes, name: str, declared: str | None
) -> None:
    path = write(tmp_path / "a.csv", mark + encode(people_csv(), name))

    with open_extract(path, encoding=declared and name) as extract:
        assert (extract.encoding, extract.proof) == (name, "bom")
        assert extract.header == HEADER
        assert [line.cells for line in extract] == list(PEOPLE)


@pytest.mark.parametrize("alias", ["UTF8", "utf_8", "ABC", "TCVN", "VNI-Windows", "windows-1258"])
def test_other_names_are_known(tmp_path: Path, alias: str) -> None:
    path = write(tmp_path / "a.csv", "id,name\n1,An\n")

    assert cells_of(path, alias) == [("1", "An")]


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id\n1\n")

    assert refusal_of(path, "koi8-r") == ("unknown_encoding",)


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        (
            "too little to prove",
            b"id,name\n1," + "Hà".encode("cp1258"),
            "unproven_encoding",
        ),
        (
            "a Western language",
            "id;name\n1;Müller\n2;Françoise\n3;Gonçález\n4;Åse\n".encode("latin-1"),
            "unproven_encoding",
        ),
        (
            "signs only",
            "id;price\n1;5 £\n2;6 £\n3;7 £\n4;8 £\n".encode("latin-1"),
            "unproven_encoding",
        ),
        ("Russian", "id;имя\n1;Иванов\n2;Пётр\n3;Мария\n".encode("cp1251"), "unproven_encoding"),
        (
            "Japanese",
            "id,氏名\n1,山田太郎\n2,鈴木\n3,佐藤\n".encode("shift_jis"),
            "unproven_encoding",
        ),
        (
            "converted twice",
            people_csv().encode().decode("latin-1").encode(),
            "mojibake",
        ),
        (
            "font TCVN3 saved as Unicode",
            encode(people_csv(), "tcvn3").decode("latin-1").encode(),
            "font_encoded",
        ),
        (
            "font VNI saved as Unicode",
            encode(people_csv(), "vni").decode("cp1252").encode(),
            "font_encoded",
        ),
        (
            "half of it in another encoding",
            people_csv().encode() + encode(people_csv(), "tcvn3"),
            "unproven_encoding",
        ),
        ("noise", bytes(range(128, 256)) * 40, "unproven_encoding"),
    ],
)
def test_what_cannot_be_proven_is_refused_whole(
    tmp_path: Path, name: str, content: bytes, codes: str
) -> None:
    path = write(tmp_path / "a.csv", content)

    assert refusal_of(path) == (codes,)


@pytest.mark.parametrize("declared", ["cp1258", "tcvn3", "vni", "viscii"])
def test_a_declaration_that_makes_no_sense_is_refused(tmp_path: Path, declared: str) -> None:
    names = "id;name\n1;Müller\n2;Françoise\n3;Gonçález\n4;Åse\n5;Weiß\n6;Björn\n"
    path = write(tmp_path / "a.csv", names.encode("latin-1"))

    assert refusal_of(path, declared) == ("contradicted_encoding",)


def test_a_few_rows_in_another_encoding_are_broken_and_the_others_kept(tmp_path: Path) -> None:
    head, *people = people_csv().splitlines(keepends=True)
    foreign = encode("999000000009;Đỗ Thị Hường;Huế\r\n", "tcvn3")
    twice = "999000000008;Đỗ Thị Hường;Huế\r\n".encode().decode("latin-1").encode()
    good = "".join(people * 3).encode()
    path = write(tmp_path / "a.csv", head.encode() + good + foreign + good + twice + good)

    with open_extract(path) as extract:
        assert (extract.encoding, extract.proof) == ("utf-8", "mostly valid")
        lines = list(extract)

    wrong = {line.number: line.problem.code for line in lines if line.problem}
    assert wrong == {14: "undecodable", 27: "mojibake"}
    assert [line.cells for line in lines if line.cells] == list(PEOPLE) * 9
    assert all(line.raw[0].startswith("99900000000") for line in lines)


def test_a_bad_byte_far_behind_a_plain_beginning_breaks_one_row(tmp_path: Path) -> None:
    plain = b"id,name\n" + b"1,An\n" * 400_000
    path = write(tmp_path / "a.csv", plain + "2,Hà\n".encode() * 9 + b"3,H\xb5\n")

    problems = [line for line in lines_of(path) if line.problem]

    assert [line.number for line in problems] == [400_011]


def test_decomposed_letters_are_stored_composed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", unicodedata.normalize("NFD", people_csv()))

    with open_extract(path) as extract:
        assert extract.header == HEADER
        assert [line.cells for line in extract] == list(PEOPLE)


@pytest.mark.parametrize(
    "text",
    [
        "XÃ “NGÔ”…",
        "½ £ © µ",
        "1½ m² × 3 m³",
        "«quá»",
        "ĂN Ở",
        "Â",
        "NGÃ’",
        "Ê Đê",
        "Y Bluốt Niê Kđăm",
        "Ðặng",
        "50 °C",
        "½",
    ],
)
def test_good_text_is_not_taken_for_broken(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.csv", "id,name\n" + f"1,{text}\n" * 5)

    assert cells_of(path) == [("1", text)] * 5
