"""The roots of the log outside the database: one line a seal, in a file that only grows.

Whoever may change the database should not be able to change this file: another machine, a medium
that is written once. A line is ``number last-id count root signature time`` and signed, so that
it can be checked alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from citizens.services.seal_format import DIGEST, Root

FILE = "seals.log"
_TAIL = 64 * 1024  # bytes in which the last whole line is looked for first
_PARTS = 6


@dataclass(frozen=True, slots=True)
class LogRoot:
    """The file of roots; OSError where it cannot be read or written."""

    path: Path

    @classmethod
    def of_settings(cls) -> LogRoot:
        """Return the file in the folder that LOG_ROOT names."""
        return cls(Path(settings.LOG_ROOT) / FILE)

    def size(self) -> int:
        """Return its length in bytes, 0 before the first line."""
        return self.path.stat().st_size if self.path.exists() else 0

    def last(self) -> Root | None:
        """Return the last line that was signed by us, None where there is none."""
        start = max(self.size() - _TAIL, 0)
        recent = list(self.lines(start=start))
        found = next((root for root in reversed(recent) if root.is_genuine), None)
        if found is None and start:
            for root in self.lines():
                found = root if root.is_genuine else found
        return found

    def lines(self, *, start: int = 0, end: int | None = None) -> Iterator[Root]:
        """Yield whole, readable lines between two bytes; a line that a crash cut is left out."""
        if not self.path.exists():
            return
        position = start
        with self.path.open("rb") as file:
            file.seek(start)
            for line in file:
                position += len(line)
                if end is not None and position > end:
                    return
                root = read_line(line)
                if root is not None:
                    yield root

    def catch_up(self, roots_after: Callable[[int], Iterable[Root]]) -> int:
        """Append the roots after the last line and return how many; on disk when this returns.

        A number that the file has is never written again, whatever the table says now.
        """
        with self._locked() as file:
            last = self.last()
            written = 0
            for root in roots_after(last.number if last else 0):
                file.write(write_line(root))
                written += 1
            if written:
                file.flush()
                os.fsync(file.fileno())
            return written

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """Open the file for appending, one writer at a time, after a whole line."""
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if file.tell() and not _ends_a_line(file):
                file.write(b"\n")
            yield file


def write_line(root: Root) -> bytes:
    """Return a root as its line."""
    parts = (
        root.number,
        root.last_id,
        root.count,
        root.root.hex(),
        root.signature.hex(),
        root.sealed_at.isoformat(),
    )
    return " ".join(map(str, parts)).encode() + b"\n"


def read_line(line: bytes) -> Root | None:
    """Return the root that a whole line tells, None for anything else."""
    parts = line.split()
    if len(parts) != _PARTS or not line.endswith(b"\n"):
        return None
    try:
        number, last_id, count = map(int, parts[:3])
        root, signature = (bytes.fromhex(part.decode()) for part in parts[3:5])
        sealed_at = datetime.fromisoformat(parts[5].decode())
    except ValueError:
        return None
    if len(root) != DIGEST or sealed_at.tzinfo is None:
        return None
    return Root(number, last_id, count, root, sealed_at, signature)


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
