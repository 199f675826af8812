"""The encodings a register extract may come in, under the names the rest of the code uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from citizens.registers.reading import legacy
from citizens.registers.reading.problems import refusal


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """How bytes become text: `stream` is Python's codec, `convert` what is done to its result.

    `has_marks`: accents come as combining marks, so one left over shows a wrong encoding.
    `mend` restores in a cell what the encoding cannot say.
    """

    name: str
    stream: str
    convert: Callable[[str], str] | None = None
    has_marks: bool = False
    mend: Callable[[str], str] | None = None

    def decode(self, data: bytes) -> str:
        """Return the text of `data`; U+FFFD where it is not in this encoding."""
        text = data.decode(self.stream, errors="replace")
        return self.convert(text) if self.convert else text


UTF_8 = Encoding("utf-8", "utf-8")
UTF_16_LE = Encoding("utf-16-le", "utf-16-le")
UTF_16_BE = Encoding("utf-16-be", "utf-16-be")
CP1258 = Encoding("cp1258", "cp1258", legacy.compose, has_marks=True)
TCVN3 = Encoding("tcvn3", "latin-1", legacy.from_tcvn3, mend=legacy.restore_capitals)
VNI = Encoding("vni", "latin-1", legacy.from_vni, has_marks=True)
VISCII = Encoding("viscii", "latin-1", legacy.from_viscii)

EIGHT_BIT = (CP1258, TCVN3, VNI, VISCII)
ENCODINGS = (UTF_8, UTF_16_LE, UTF_16_BE, *EIGHT_BIT)
BY_NAME: Mapping[str, Encoding] = {encoding.name: encoding for encoding in ENCODINGS}

_ALIASES = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf16": "utf-16",
    "utf16le": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf-16be": "utf-16-be",
    "windows-1258": "cp1258",
    "tcvn": "tcvn3",
    "tcvn-5712": "tcvn3",
    "tcvn5712": "tcvn3",
    "abc": "tcvn3",
    "vni-windows": "vni",
}
UTF_16 = "utf-16"  # either byte order: the file says which


def canonical(declared: str) -> str:
    """Return the canonical name of a declared encoding (or `utf-16`); refuse an unknown one."""
    plain = declared.strip().lower().replace("_", "-")
    name = _ALIASES.get(plain, plain)
    if name in BY_NAME or name == UTF_16:
        return name
    known = ", ".join(BY_NAME)
    raise refusal(
        "unknown_encoding",
        f"bảng mã khai báo không được hỗ trợ; hãy chọn một trong: {known}",
        f"the declared encoding is not supported; choose one of: {known}",
    )
