"""Extracts made for tests: text in any encoding, workbooks part by part."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from citizens.registers.reading import Line, UnreadableError, legacy, open_extract

HEADER = ("số định danh", "họ tên", "nơi cư trú")
PEOPLE = (
    ("999000000001", "Nguyễn Thị Quỳnh", "Phường Phú Thượng, quận Tây Hồ"),
    ("999000000002", "Trần Đức Hiếu", "Xã Nghĩa Đô, huyện Bảo Yên"),
    ("999000000003", "Lê Hoàng Yến", "Thị trấn Đồng Đăng"),
    ("999000000004", "Phạm Văn Tuấn", "Ấp Bình Hưởng, xã Mỹ Lộc"),
)
SMALL = "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"
LETTERS = SMALL + SMALL.upper()
TABLES = {"tcvn3": legacy.TCVN3, "vni": legacy.VNI, "viscii": legacy.VISCII}
CP1258_TONES = {"\u0300": 0xCC, "\u0309": 0xD2, "\u0303": 0xDE, "\u0301": 0xEC, "\u0323": 0xF2}


def people_csv(header: Iterable[str] = HEADER, delimiter: str = ";") -> str:
    """Return the people as delimited text."""
    return "".join(delimiter.join(row) + "\r\n" for row in (header, *PEOPLE))


def encode(text: str, name: str) -> bytes:
    """Return `text` as a program of that time would have saved it."""
    if name in {"utf-8", "utf-16-le", "utf-16-be"}:
        return text.encode(name)
    if name == "cp1258":
        return b"".join(map(_in_cp1258, text))
    table = TABLES[name]
    return b"".join(_by_table(letter, table) for letter in text)


def _in_cp1258(letter: str) -> bytes:
    """Return a letter in Windows-1258: what has no byte of its own is a base and a tone."""
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        *_, tone = [mark for mark in unicodedata.normalize("NFD", letter) if mark in CP1258_TONES]
        bare = unicodedata.normalize("NFD", letter).replace(tone, "")
        base = unicodedata.normalize("NFC", bare)
        return base.encode("cp1258") + bytes([CP1258_TONES[tone]])


def _by_table(letter: str, table: Mapping[int, str]) -> bytes:
    if letter.isascii():
        return letter.encode()
    base, marks = unicodedata.normalize("NFD", letter)[0], unicodedata.normalize("NFD", letter)[1:]
    for byte, meaning in table.items():
        if meaning == letter:
            return bytes([byte])
    for byte, meaning in table.items():
        if sorted(meaning) == sorted(marks) and meaning:
            return base.encode() + bytes([_case(byte, base)])
    # ơ and ư are one byte in VNI, and the tone another.
    horned = unicodedata.normalize("NFC", base + "\u031b")
    return (
        _by_table(horned, table)
        + _by_table(unicodedata.normalize("NFC", base + marks.replace("\u031b", "")), table)[1:]
    )


def _case(byte: int, base: str) -> int:
    mark = chr(byte)
    return ord(mark.upper() if base.isupper() else mark.lower())


def write(path: Path, content: bytes | str) -> Path:
    """Write an extract and return where it is."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines_of(path: Path, encoding: str | None = None) -> list[Line]:
    """Return all lines of an extract."""
    with open_extract(path, encoding=encoding) as extract:
        return list(extract)


def cells_of(path: Path, encoding: str | None = None) -> list[tuple[str, ...] | None]:
    """Return the cells of all lines of an extract."""
    return [line.cells for line in lines_of(path, encoding)]


def refusal_of(path: Path, encoding: str | None = None) -> tuple[str, ...]:
    """Return the codes for which an extract is refused; () when it is read to the end."""
    try:
        lines_of(path, encoding)
    except UnreadableError as error:
        return tuple(reason.code for reason in error.reasons)
    return ()


TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>'
    '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": "<Relationships>"
    f'<Relationship Id="rId1" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATION}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATION}/styles" Target="styles.xml"/>'
    "</Relationships>",
}


def sheet(rows: str) -> str:
    """Return the XML of a sheet."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def workbook(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write a workbook with these parts besides the indispensable ones."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, **parts}.items():
            archive.writestr(name, content)
    return path
