"""Write the rejected records of an extract as a table that people mend and load again."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from portal.common.spreadsheets import protect

# What stands beside the extract's own columns.
ADDED = ("_line", "_column", "_reason_vi", "_reason_en")
_BOTH = "; "


class ErrorsFile:
    """The file under way. Reasons of one line that are added one after another share a row."""

    def __init__(self, write: Callable[[list[str]], object], header: Sequence[str]) -> None:
        """Hand the header to `write`, which protects the cells of each row as its format needs."""
        self._write = write
        self._width = len(header)
        self._line: int | None = None
        self._raw: Sequence[str] = ()
        self._reasons: list[tuple[str, str, str]] = []
        self.row_count = 0
        self._write([*header, *ADDED])

    def add(
        self, line: int, column: str, reason_vi: str, reason_en: str, raw: Sequence[str]
    ) -> None:
        """Note why `line` was rejected; `raw` are its cells, `column` may be empty."""
        if line != self._line:
            self.flush()
            self._line, self._raw = line, raw
        self._reasons.append((column, reason_vi, reason_en))

    def flush(self) -> None:
        """Write the line under way, if there is one."""
        if self._line is None:
            return
        columns, vi, en = zip(*self._reasons, strict=True)
        cells = [*self._raw, *[""] * (self._width - len(self._raw))]
        row = [*cells[: self._width], str(self._line), *map(_joined, (columns, vi, en))]
        # Cells beyond the header stand to the right of the reasons: nothing is lost or moved.
        row += cells[self._width :]
        self._write(row)
        self._line, self._reasons = None, []
        self.row_count += 1


def csv_rows(stream: TextIO) -> Callable[[Sequence[str]], None]:
    """Return what writes rows of errors to `stream` as CSV that no spreadsheet runs (F27)."""
    writer = csv.writer(stream)

    def write(row: Sequence[str]) -> None:
        writer.writerow([_writable(cell) for cell in row])

    return write


def _joined(parts: Sequence[str]) -> str:
    return _BOTH.join(dict.fromkeys(part for part in parts if part))


def _writable(cell: str) -> str:
    return protect(cell).replace("\x00", "\ufffd")


@contextmanager
def errors_file(path: Path, header: Sequence[str]) -> Iterator[ErrorsFile]:
    """Write a file of errors in UTF-8 with BOM; it appears under `path` when it is complete.

    Columns are the extract's own, unchanged, then the number of the line, the columns that are
    wrong and the reasons in both languages. Cells that a spreadsheet would run as formulas get a
    leading `'`, which `open_extract` takes away again.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = ErrorsFile(csv_rows(stream), header)
            yield rows
            rows.flush()
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
