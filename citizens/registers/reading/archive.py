"""Open the ZIP archive of a workbook after its sizes were found to be honest and bearable."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from citizens.registers.reading.hardened_xml import damaged
from citizens.registers.reading.problems import UnreadableError, refusal

CHUNK = 1 << 16
MOST_ENTRIES = 1000
MOST_INFLATED = 768 << 20
# Sheets shrink to a tenth, monotonous ones to a hundredth; a bomb comes near deflate's 1:1032.
MOST_RATIO, RATIO_COUNTS_FROM = 250, 1 << 20
MOST_OF_A_SMALL_PART = 8 << 20
WORKBOOK = "xl/workbook.xml"
# What zipfile lets through when the structure of an archive is wrong.
_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)


class Archive:
    """An archive whose parts are read in chunks, never beyond the size that they declare."""

    def __init__(self, path: Path) -> None:
        """Open `path`; UnreadableError when it is no workbook, or not a bearable one."""
        try:
            self._zip = zipfile.ZipFile(path)
        except (*_DAMAGES, OSError) as error:
            raise damaged() from error
        try:
            self._parts = _checked(self._zip.infolist())
        except BaseException:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of that name."""
        return name in self._parts

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def chunks(self, name: str, *, most: int = MOST_OF_A_SMALL_PART) -> Iterator[bytes]:
        """Yield a part's content; UnreadableError when it is larger than `most`, or damaged."""
        if name not in self._parts:
            raise damaged()
        if self._parts[name].file_size > most:
            raise _bomb()
        try:
            with self._zip.open(self._parts[name]) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except _DAMAGES as error:
            raise damaged() from error

    def verify(self, name: str) -> None:
        """Inflate a part once; UnreadableError when its checksum or its size is wrong."""
        for _ in self.chunks(name, most=MOST_INFLATED):
            pass


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_INFLATED:
        raise _bomb()
    if any(map(_is_bomb, entries)) or _overlap(entries):
        raise _bomb()
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("encrypted", "tệp nén có mật khẩu", "the archive is encrypted")
    parts = {entry.filename: entry for entry in entries}
    if len(parts) != len(entries):
        raise damaged()
    if WORKBOOK not in parts:
        raise refusal(
            "wrong_kind",
            "đây là tệp ZIP, không phải bảng tính .xlsx",
            "a ZIP archive, not an .xlsx workbook",
        )
    if any("vbaproject" in name.lower() for name in parts):
        raise refusal("macros", "bảng tính có macro", "the workbook contains macros")
    return parts


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    ratio = entry.file_size / max(entry.compress_size, 1)
    return entry.file_size > RATIO_COUNTS_FROM and ratio > MOST_RATIO


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Tell whether entries share compressed bytes, as in archives that inflate without end."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + entry.compress_size
    return False


def _bomb() -> UnreadableError:
    return refusal(
        "zip_bomb",
        "tệp nén bung ra quá lớn; với bảng lớn hãy xuất ra CSV UTF-8",
        "the archive inflates beyond measure; export large tables as CSV UTF-8",
    )
