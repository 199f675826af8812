"""The strings that the cells of a workbook share, kept as compactly as they can be."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

from citizens.registers.reading.hardened_xml import damaged, feed_all
from citizens.registers.reading.lines import MOST_BYTES

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Return text with the control characters that Excel writes as `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character


class TextOfCell:
    """Collects the text of one string: of all its runs, without the reading aid (rPh) beside it.

    It keeps no more than a little above what a cell may hold: the record is refused later on.
    """

    def __init__(self) -> None:
        """Begin with no text."""
        self._pieces: list[str] = []
        self._length = 0
        self._is_text = False
        self._aids = 0

    def start(self, name: str) -> None:
        """Note that an element begins."""
        self._aids += name == "rPh"
        self._is_text = name == "t" and not self._aids

    def end(self, name: str) -> None:
        """Note that an element ends."""
        self._aids -= name == "rPh"
        self._is_text = False

    def text(self, text: str) -> None:
        """Add a piece, if it belongs to the string."""
        if self._is_text and self._length <= MOST_BYTES:
            self._pieces.append(text)
            self._length += len(text)

    def take(self) -> str:
        """Return what was collected and begin anew."""
        taken = unescape("".join(self._pieces))
        self._pieces.clear()
        self._length = 0
        return taken


class SharedStrings:
    """The strings by number, as one run of UTF-8: a quarter of what a list of them would take."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bytes, self._ends = bytearray(), array("Q", [0])
        self._current = TextOfCell()

    def __getitem__(self, index: int) -> str:
        """Return one string; UnreadableError when there are fewer."""
        if not 0 <= index < len(self._ends) - 1:
            raise damaged()
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note that an element begins."""
        self._current.start(name)

    def end(self, name: str) -> None:
        """Note that an element ends; `si` is a whole string."""
        self._current.end(name)
        if name == "si":
            self._bytes += self._current.take().encode()
            self._ends.append(len(self._bytes))

    def text(self, text: str) -> None:
        """Add a piece of text."""
        self._current.text(text)


def read_strings(chunks: Iterator[bytes]) -> SharedStrings:
    """Return the strings of the part `sharedStrings.xml`."""
    strings = SharedStrings()
    for _ in feed_all(chunks, strings):
        pass
    return strings
