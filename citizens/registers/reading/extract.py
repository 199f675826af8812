"""Open a register extract, whatever a register exports, as one header and a stream of lines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from citizens.registers.reading.delimited import open_delimited
from citizens.registers.reading.detection import prove
from citizens.registers.reading.evidence import gather
from citizens.registers.reading.kinds import is_zip
from citizens.registers.reading.lines import Line, Lines
from citizens.registers.reading.workbook import open_workbook


@dataclass
class Extract:
    """An opened extract; read it once, to the end or as a context manager.

    `encoding` is utf-8, utf-16-le, utf-16-be, cp1258, tcvn3, vni, viscii or xlsx. `proof` is
    "declared", "bom", "valid" (strictly UTF-8, or UTF-16 of Latin letters), "mostly valid" (UTF-8
    with some foreign rows), "syllables 0.98" (the share of accented words that are Vietnamese
    syllables) or "xlsx". Rows without a value are left out. A workbook damaged behind its header
    raises UnreadableError while it is read.
    """

    header: tuple[str, ...]
    encoding: str
    proof: str
    delimiter: str
    _lines: Lines = field(repr=False)
    _close: Callable[[], None] = field(repr=False)

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines, and close the file behind the last."""
        return self.lines()

    def lines(self, numbers: Iterator[int] | None = None) -> Iterator[Line]:
        """Yield the lines with these numbers, in order, and close the file behind the last.

        Without numbers, all. What is not asked for is told apart from its neighbours and no more.
        """
        try:
            yield from self._lines(numbers)
        finally:
            self.close()

    def __enter__(self) -> Extract:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._close()


def open_extract(path: Path, *, encoding: str | None = None) -> Extract:
    """Return the extract in `path`; UnreadableError when the whole file cannot be used.

    `encoding` declares how text is encoded; it is checked against the content. A file of errors
    that was mended opens as what it was made from: without the columns that were added to it.
    """
    if is_zip(path):
        return _open_workbook(path)
    proof = prove(gather(path), encoding)
    stream, header, delimiter, lines = open_delimited(path, proof)
    name = proof.encoding.name
    return Extract(header.names, name, proof.how, delimiter, lines, stream.close)


def _open_workbook(path: Path) -> Extract:
    archive, header, lines = open_workbook(path)
    return Extract(header.names, "xlsx", "xlsx", "", lines, archive.close)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
