"""Look once over the bytes of a file: is it UTF-8, and which lines tell the encoding?"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20
SAMPLE = 256 << 10
START = 64 << 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """The start of a file, a sample of its lines that are not ASCII, and whether it is UTF-8."""

    start: bytes
    sample: bytes
    is_utf8: bool

    @property
    def is_ascii(self) -> bool:
        """Tell whether the whole file is ASCII."""
        return self.is_utf8 and not self.sample


def gather(path: Path) -> Evidence:
    """Return the evidence of `path`, reading it in blocks to the end or to the first bad byte."""
    sample, is_utf8 = bytearray(), True
    check = codecs.getincrementaldecoder("utf-8")()
    for block in _blocks(path):
        if len(sample) < SAMPLE and not block.isascii():
            sample += _accented_lines(block, SAMPLE - len(sample))
        if is_utf8:
            is_utf8 = _feed(check, block)
        if not is_utf8 and len(sample) >= SAMPLE:
            break
    return Evidence(_start(path), bytes(sample), is_utf8 and _feed(check, b"", final=True))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(START)


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield blocks that end with a line's end, so that no character is cut between two."""
    with path.open("rb") as file:
        rest = b""
        while block := file.read(BLOCK):
            block = rest + block
            cut = block.rfind(b"\n") + 1 or len(block)
            rest = block[cut:]
            yield block[:cut]
        if rest:
            yield rest


def _feed(check: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        check.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _accented_lines(block: bytes, most: int) -> bytes:
    """Return the lines of `block` that are not ASCII, at most about `most` bytes of them."""
    found = bytearray()
    for line in block.splitlines(keepends=True):
        if not line.isascii():
            found += line[:most]
        if len(found) >= most:
            break
    return bytes(found)
