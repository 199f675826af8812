"""ClamAV's daemon itself, with signatures of our own: no signature database can be fetched here.

`python -m tests.peers.real_clamd` says whether it is there, and installs it where we are root; in
CI a missing one fails.
"""

from __future__ import annotations

import hashlib
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from portal.processes import tied_to_this_process
from tests.debian import in_ci, install
from tests.dossiers.hostile_pdfs import EICAR

MISSING = "ClamAV is not installed; as root: apt-get install clamav-daemon"
_SECONDS = 30.0
_CONFIG = """
Foreground yes
LocalSocket {folder}/clamd.sock
TCPAddr 127.0.0.1
TCPSocket {port}
DatabaseDirectory {folder}
TemporaryDirectory {folder}
StreamMaxLength 12M
"""


def find_clamd() -> str | None:
    """Return where the daemon is, None where it is not."""
    return shutil.which("clamd", path="/usr/sbin:/usr/bin")


def require_clamd() -> None:
    """Skip the test where ClamAV is missing; in CI that is a failure."""
    if not find_clamd():
        (pytest.fail if in_ci() else pytest.skip)(MISSING)


class RealClamd:
    """Runs between `with` and its end, on a socket and a free port of the loopback.

    It knows two viruses: the test text as a whole file, and the test text anywhere in a file.
    """

    def __init__(self, folder: Path) -> None:
        """Write the signatures and the configuration into `folder`."""
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        digest = hashlib.sha256(EICAR).hexdigest()
        (folder / "own.hsb").write_text(f"{digest}:{len(EICAR)}:Portal.Test.Whole:73\n")
        (folder / "own.ndb").write_text(f"Portal.Test.Inside:0:*:{EICAR.hex()}\n")
        self._config = folder / "clamd.conf"
        self._config.write_text(_CONFIG.format(folder=folder, port=self._port))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def tcp(self) -> str:
        """The CLAMD_URL of the port."""
        return f"tcp://127.0.0.1:{self._port}"

    @property
    def unix(self) -> str:
        """The CLAMD_URL of the socket."""
        return f"unix://{self._folder}/clamd.sock"

    def __enter__(self) -> Self:
        log = self._folder / "clamd.log"
        with log.open("wb") as out:
            self._process = subprocess.Popen(  # noqa: S603 - Debian's program
                [str(find_clamd()), "-F", "-c", str(self._config)],
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=tied_to_this_process(signal.SIGKILL),
            )
        until = time.monotonic() + _SECONDS
        while not self._listens():
            if time.monotonic() > until or self._process.poll() is not None:
                raise AssertionError(f"clamd did not start: {log.read_text()}")
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """Let it die as a machine does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


def main() -> int:
    """Install ClamAV where possible; fail only in CI."""
    if not find_clamd():
        install("clamav-daemon")
    if find_clamd():
        return 0
    sys.stdout.write(f"{MISSING}; its tests are skipped\n")
    return int(in_ci())


if __name__ == "__main__":
    sys.exit(main())
