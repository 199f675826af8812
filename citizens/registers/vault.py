"""Extracts on their way in: sealed on disk, in clear only in a file without a name.

A file in clear has no directory entry. Nobody else can open it, and the kernel gives its blocks
back when the last process that holds it ends, however it ends: after a kill nothing is left to be
cleaned up. What has to wait is sealed under the key ring, bound to the file's name.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

from django.conf import settings

from portal.common.crypto import seal_stream, unseal_stream

_TABLE = "imports"


def folder() -> Path:
    """Return the folder of received extracts, which nobody but the portal may enter."""
    found = Path(settings.MEDIA_ROOT) / "imports"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


class PlainFile:
    """An extract in clear while it is received or imported; it ends with its process (Linux).

    `line_ends` is an upper bound of the lines of a text file, counted on the way.
    """

    def __init__(self) -> None:
        """Make an empty file without a name in the folder of imports."""
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=folder())  # noqa: SIM115 - closed below
        self.size = 0
        self._hash = hashlib.sha256()
        self._feeds = self._returns = 0

    def write(self, chunk: bytes) -> None:
        """Add bytes."""
        self.file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)
        self._feeds += chunk.count(b"\n")
        self._returns += chunk.count(b"\r")

    @property
    def path(self) -> Path:
        """The way to read it again from its start, for this process only."""
        self.file.flush()
        return Path(f"/proc/self/fd/{self.file.fileno()}")

    @property
    def sha256(self) -> str:
        """The digest of what was written, as 64 hexadecimal digits."""
        return self._hash.hexdigest()

    @property
    def line_ends(self) -> int:
        """How many lines ended so far, whichever way they end."""
        return max(self._feeds, self._returns)

    def close(self) -> None:
        """Let it go; a second time does nothing."""
        self.file.close()

    def __enter__(self) -> PlainFile:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let it go."""
        self.close()


def store(plain: PlainFile, name: str) -> None:
    """Seal `plain` under `name`; the file appears when it is whole and on disk."""
    part = folder() / f"{name}.part"
    private = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "wb") as out, plain.path.open("rb") as source:
        seal_stream(source, out, table=_TABLE, name=name)
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder() / name)


@contextmanager
def opened(name: str) -> Iterator[Path]:
    """Give the stored file in clear for the length of a block.

    FileNotFoundError when it is gone, SealError when it was altered or its key is.
    """
    with PlainFile() as plain, (folder() / name).open("rb") as sealed:
        for chunk in unseal_stream(sealed, table=_TABLE, name=name):
            plain.write(chunk)
        yield plain.path


def forget(name: str) -> None:
    """Delete a stored file; nothing happens where there is none."""
    if name:
        (folder() / name).unlink(missing_ok=True)


def stored_names() -> Iterator[tuple[str, float]]:
    """Yield what lies in the folder, half-written files too, with the time it was written (s)."""
    for found in folder().iterdir():
        yield found.name, found.stat().st_mtime
