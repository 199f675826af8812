"""Stored documents: sealed on disk under a random name, in clear only while somebody reads one.

A file is on disk before its row is written, so a row never points to nothing. Where the row does
not come (a rollback, a kill), the file stays behind and `sweep` removes it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from portal.common.crypto import reseal, ring, seal, unseal
from portal.common.errors import SealError

PART = ".part"  # ends the name of a file that is not whole yet
_TABLE, _COLUMN = "dossiers_document", "file"
_HEAD = 2  # bytes in front of a sealed value: its format and the number of its key


def folder() -> Path:
    """Return the folder of stored documents, which nobody but the portal may enter."""
    found = Path(settings.MEDIA_ROOT) / "documents"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def store(data: bytes) -> str:
    """Seal `data` on disk and return the random name for the row's `stored_name`."""
    name = secrets.token_hex(20)
    _write(name, seal(data, table=_TABLE, column=_COLUMN, identity=name.encode()))
    return name


class Stored(Protocol):
    """A row that describes a stored file."""

    @property
    def stored_name(self) -> str:
        """The random name."""

    @property
    def sha256(self) -> str:
        """The digest of its bytes in clear."""


def open_stored(document: Stored) -> bytes:
    """Return a document's bytes in clear.

    FileNotFoundError when the file is gone; SealError when it was altered or swapped, when its key
    is gone, or when it is not what the row says.
    """
    name = document.stored_name
    sealed = (folder() / name).read_bytes()
    data = unseal(sealed, table=_TABLE, column=_COLUMN, identity=name.encode())
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise SealError(f"{name}: the file is not the one that its row describes")
    return data


def forget(name: str) -> None:
    """Delete a stored file; nothing happens where there is none."""
    if name:
        (folder() / name).unlink(missing_ok=True)


def stored_names() -> Iterator[tuple[str, float]]:
    """Yield what lies in the folder, half-written files too, with the time it was written (s)."""
    for found in folder().iterdir():
        yield found.name, found.stat().st_mtime


def reseal_stored(name: str) -> bool:
    """Seal one file under the newest key; False where it was already, or is gone by now.

    SealError when it does not open. A reader meets the old file or the new one, never a half.
    """
    path = folder() / name
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:
        return False
    if sealed[1:_HEAD] == bytes(ring()[:1]):
        return False
    _write(name, reseal(sealed, table=_TABLE, column=_COLUMN, identity=name.encode()), again=True)
    return True


def key_of(name: str) -> int | None:
    """Return the number of the key that sealed a file, or None where it is gone or cut short."""
    try:
        with (folder() / name).open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        return None
    return head[1] if len(head) == _HEAD else None


def _write(name: str, sealed: bytes, *, again: bool = False) -> None:
    """Write a file that nobody else can read, whole and on disk, or not at all."""
    part = folder() / f"{name}{PART}"
    private = os.open(part, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if again else os.O_EXCL), 0o600)
    with os.fdopen(private, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder() / name)
    directory = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
