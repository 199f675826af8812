"""Tell by its first bytes what a file is; names and extensions are never believed."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from citizens.registers.reading.problems import UnreadableError, refusal

FIRST = 4096
ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The stream that holds an encrypted workbook, as the directory of an OLE file spells it.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?A-Za-z]")
_EXECUTABLE = re.compile(rb"MZ[^,;|\t\r\n]{0,62}\x00|\x7fELF|\xcf\xfa\xed\xfe|#!/", re.DOTALL)
_OTHERS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff\xe0": "JPEG",
    b"\xff\xd8\xff\xe1": "JPEG",
    b"GIF8": "GIF",
    b"PK\x05\x06": "ZIP",
    b"PK\x07\x08": "ZIP",
    b"\x1f\x8b": "GZIP",
    b"BZh": "BZIP2",
    b"\xfd7zXZ\x00": "XZ",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"SQLite format 3\x00": "SQLite",
}


def is_zip(path: Path) -> bool:
    """Tell whether `path` is an archive, perhaps a workbook; refuse what can hold no table."""
    first = _first(path)
    if not first:
        raise refusal("empty", "tệp rỗng", "the file is empty")
    if first.startswith(OLE):
        raise _ole(path)
    if _EXECUTABLE.match(first):
        raise refusal("executable", "đây là tệp chương trình", "the file is a program")
    if _MARKUP.match(first):
        raise refusal("markup", "đây là tệp HTML/XML/SVG", "the file is HTML, XML or SVG")
    for magic, kind in _OTHERS.items():
        if first.startswith(magic):
            raise refusal("wrong_kind", f"đây là tệp {kind}", f"the file is of the kind {kind}")
    return first.startswith(ZIP)


def _first(path: Path) -> bytes:
    """Return the first bytes of a regular file; a pipe or a device would block or never end."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refusal("not_a_file", "không phải tệp thường", "not a regular file")
        with path.open("rb") as file:
            return file.read(FIRST)
    except OSError as error:
        raise refusal("unopened", "không mở được tệp", "the file cannot be opened") from error
    except ValueError as error:  # a name with a NUL
        if isinstance(error, UnreadableError):
            raise
        raise refusal("unopened", "tên tệp không hợp lệ", "the name is not valid") from error


def _ole(path: Path) -> UnreadableError:
    with path.open("rb") as file:
        encrypted = ENCRYPTED in file.read(1 << 20)
    if encrypted:
        return refusal("encrypted", "tệp Excel có mật khẩu", "the workbook is encrypted")
    return refusal(
        "legacy_excel",
        "định dạng Excel cũ (.xls): hãy lưu lại thành .xlsx hoặc CSV UTF-8",
        "the old Excel format (.xls): save it as .xlsx or CSV UTF-8",
    )
