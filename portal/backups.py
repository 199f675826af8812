"""Back-ups of the whole database server: taken while it works, sealed on the way, put back.

`pg_basebackup` sends one tar with all databases, the write-ahead log that makes them consistent and
a manifest. It is sealed under FIELD_KEYS before it touches the disk: without that ring, which has
to be kept elsewhere anyway, neither the encrypted columns nor the back-up itself can be read.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from portal.common.crypto import seal_stream, unseal_stream
from portal.postgres_runner import postgres_binaries

_TABLE = "backups"
_NAMED = "base-%Y%m%dT%H%M%SZ.tar.sealed"
_NO_MORE_LOG = "\nrestore_command = 'false'\narchive_mode = off\n"


class BackupError(Exception):
    """A back-up cannot be taken or put back; the text says why and what to do."""


def take_backup(folder: Path, database: Mapping[str, Any], *, now: datetime) -> Path:
    """Back up the server of `database` (Django's settings of its owner) into `folder`.

    Return the file, which appears when it is whole and on disk. BackupError says what the server
    answered; the user needs the right of replication.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / now.astimezone(UTC).strftime(_NAMED)
    part = target.with_suffix(".part")
    command = [str(postgres_binaries() / "pg_basebackup"), "--pgdata=-", "--format=tar"]
    command += ["--wal-method=fetch", "--checkpoint=fast", "--no-password"]
    try:
        with _private(part) as out:
            with _output_of(command, database) as sent:
                seal_stream(sent, out, table=_TABLE, name=target.name)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def backups_in(folder: Path) -> list[Path]:
    """Return the whole back-ups of a folder, the oldest first."""
    return sorted(folder.glob("base-*.tar.sealed"))


def taken_at(file: Path) -> datetime:
    """Return when a back-up was begun (UTC), as its name says."""
    return datetime.strptime(file.name, _NAMED).replace(tzinfo=UTC)


def unpack_backup(file: Path, into: Path) -> None:
    """Put a back-up into an empty folder, check it against its manifest, make it ready to start.

    The server that starts there recovers to the end of the back-up, on a timeline of its own, and
    archives nothing. SealError where the file was altered, cut or its key is gone; BackupError
    where what it holds is not what was sent.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("rb") as sealed:
        clear = _Pieces(unseal_stream(sealed, table=_TABLE, name=file.name))
        with tarfile.open(fileobj=clear, mode="r|") as tar:
            tar.extractall(into, filter="data")
    into.chmod(0o700)
    _verify(into)
    (into / "recovery.signal").touch()
    with (into / "postgresql.auto.conf").open("a") as settings:
        settings.write(_NO_MORE_LOG)


def _verify(folder: Path) -> None:
    command = [str(postgres_binaries() / "pg_verifybackup"), "--quiet", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, all words ours
    if done.returncode:
        raise BackupError(f"The back-up is not what its manifest says: {done.stderr.strip()}")


@contextmanager
def _output_of(command: list[str], database: Mapping[str, Any]) -> Iterator[IO[bytes]]:
    """Give what a tool of PostgreSQL writes; BackupError with its words where it fails.

    The password of the server is no argument, which everybody on the machine could read.
    """
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    told = {name: str(database[key]) for name, key in names.items() if database.get(key)}
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(  # noqa: S603 - no shell, all words ours
            command, env=os.environ | told, stdout=subprocess.PIPE, stderr=words
        ) as tool:
            yield cast(IO[bytes], tool.stdout)
        if tool.returncode:
            words.seek(0)
            said = words.read().decode(errors="replace").strip()
            raise BackupError(f"{Path(command[0]).name} failed: {said}")


def _private(path: Path) -> io.BufferedWriter:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class _Pieces(io.RawIOBase):
    """Bytes that come in pieces, as a file that is read once from its start."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            found = next(self._pieces, None)
            if found is None:
                return 0
            self._rest = found
        length = min(len(buffer), len(self._rest))
        buffer[:length], self._rest = self._rest[:length], self._rest[length:]
        return length
